using System.Text.RegularExpressions;

namespace DataHealth.Core.Health.Checks;

/// <summary>Words in the names of accounts that say what they are for, where the provider has no type for it. Each check's settings can name accounts instead.</summary>
internal static partial class AccountWords
{
    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\b(wages|salar(y|ies)|payroll|pensions?)\b", Plain)]
    public static partial Regex Wages { get; }

    [GeneratedRegex(@"entertain|hospitality", Plain)]
    public static partial Regex Entertainment { get; }

    [GeneratedRegex(@"\bstaff\b|employee|team", Plain)]
    public static partial Regex Staff { get; }

    [GeneratedRegex(@"suspense|ask my accountant|uncategori[sz]ed|opening balance equity|historical adjustment", Plain)]
    public static partial Regex Suspense { get; }

    [GeneratedRegex(@"repair|maintenance|equipment|furniture|computer|\btools?\b|small asset", Plain)]
    public static partial Regex CapitalLike { get; }
}
