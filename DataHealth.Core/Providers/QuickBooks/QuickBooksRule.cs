using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>Checks the section <c>QuickBooks</c> at start, in words for an operator.</summary>
internal sealed class QuickBooksRule : IValidateOptions<QuickBooksOptions>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // Intuit keeps changes for 30 days.
    private static readonly TimeSpan LongestHorizon = TimeSpan.FromDays(30) - SettingFaults.Tick;

    public ValidateOptionsResult Validate(string? name, QuickBooksOptions options) => new SettingFaults(QuickBooksOptions.Section)
        .Range(nameof(options.MinorVersion), options.MinorVersion, 75, 1_000)
        .Range(nameof(options.MinuteLimit), options.MinuteLimit, 1, 1_000_000)
        .Range(nameof(options.SecondLimit), options.SecondLimit, 3, 100_000)
        .Range(nameof(options.Concurrent), options.Concurrent, 1, 100)
        .Range(nameof(options.Attempts), options.Attempts, 1, 10)
        .Range(nameof(options.PageSize), options.PageSize, 2, 1_000)
        .Range(nameof(options.FullChanges), options.FullChanges, 1, 1_000)
        .Range(nameof(options.LargestAnswer), options.LargestAnswer, 1_024, 1_000_000_000)
        .Range(nameof(options.MinuteWindow), options.MinuteWindow, SettingFaults.Tick, Hour)
        .Range(nameof(options.RefusalWait), options.RefusalWait, SettingFaults.Tick, Hour)
        .Range(nameof(options.CallTimeout), options.CallTimeout, SettingFaults.Tick, Hour)
        .Range(nameof(options.TokenTimeout), options.TokenTimeout, SettingFaults.Tick, Hour)
        .Range(nameof(options.LostAnswerRest), options.LostAnswerRest, SettingFaults.Tick, Hour)
        .Must(options.ChangesHorizon >= SettingFaults.Tick && options.ChangesHorizon <= LongestHorizon, nameof(options.ChangesHorizon), "must be longer than nothing and less than the 30 days for which Intuit keeps changes")
        .Range(nameof(options.LongestWait), options.LongestWait, TimeSpan.Zero, Hour)
        .Range(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.Zero, Hour)
        .Address(nameof(options.AuthorizeUri), options.AuthorizeUri)
        .Address(nameof(options.TokenUri), options.TokenUri)
        .Address(nameof(options.RevokeUri), options.RevokeUri)
        .Address(nameof(options.ApiUri), options.ApiUri)
        .Must(options.Scopes.Split(' ').Contains("com.intuit.quickbooks.accounting"), nameof(options.Scopes), "must hold com.intuit.quickbooks.accounting, or no books can be read")
        .Must(options.ClientId.Length == 0 || options.ClientSecret.Length > 0, nameof(options.ClientSecret), "is missing")
        .Must(options.ClientId.Length > 0 || options.ClientSecret.Length == 0, nameof(options.ClientId), "is missing, although QuickBooks:ClientSecret is set")
        .Result;
}
