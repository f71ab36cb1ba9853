using System.Buffers.Text;
using System.Globalization;
using System.Text;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Health.Findings;

/// <summary>Which findings, in which order. All that is given must be so.</summary>
public sealed record FindingQuery
{
    /// <summary>Of that check.</summary>
    public string? Check { get; init; }

    /// <summary>Where they stand; null: anywhere.</summary>
    public FindingState? State { get; init; } = FindingState.Open;

    /// <summary>Of that severity.</summary>
    public Severity? Severity { get; init; }

    /// <summary>Whose text holds that, whatever the case.</summary>
    public string? Text { get; init; }

    /// <summary>With that tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Looked after by that member.</summary>
    public MemberId? AssignedTo { get; init; }

    /// <summary>By what they are sorted; alike ones by id.</summary>
    public FindingSort Sort { get; init; } = FindingSort.Severity;

    /// <summary>The other way round.</summary>
    public bool IsAscending { get; init; }

    internal bool Matches(JudgedHealth health, KeptFinding kept, FindingState state)
    {
        var finding = kept.Finding;
        var label = health.Notes.Labels.GetValueOrDefault(finding.Id);
        return (Check is null || finding.Check == Check) && (State is null || state == State) && (Severity is null || finding.Severity == Severity)
            && (Text is null || finding.Text.Contains(Text, StringComparison.OrdinalIgnoreCase)) && (Tag is null || label?.Tags.Contains(Tag) == true) && (AssignedTo is null || label?.AssignedTo == AssignedTo);
    }

    /// <summary>What a finding is sorted by: a number, or a text where numbers are alike.</summary>
    internal SortKey KeyOf(KeptFinding kept) => Sort switch
    {
        FindingSort.Severity => new((int)kept.Finding.Severity, "", kept.Finding.Id),
        FindingSort.Money => new(kept.Finding.Money ?? -1m, "", kept.Finding.Id),
        FindingSort.FirstSeen => new(kept.FirstSeen.UtcTicks, "", kept.Finding.Id),
        FindingSort.Since => new(kept.Finding.Since?.DayNumber ?? 0, "", kept.Finding.Id),
        FindingSort.Check => new(0m, kept.Finding.Check, kept.Finding.Id),
        FindingSort.Text => new(0m, SortKey.Cut(kept.Finding.Text), kept.Finding.Id),
        _ => throw new InvalidOperationException($"{Sort} is not an order."),
    };

    internal int Compare(SortKey one, SortKey other)
    {
        var order = one.Number.CompareTo(other.Number) is var number && number != 0 ? number : string.CompareOrdinal(one.Text, other.Text);
        return order == 0 ? string.CompareOrdinal(one.Id, other.Id) : IsAscending ? order : -order;
    }

    /// <summary>True when a continuation is one of ours.</summary>
    public static bool IsContinuation(string continuation) => SortKey.TryRead(continuation, out _);
}

/// <summary>Orders of findings.</summary>
public enum FindingSort
{
    /// <summary>The worst first.</summary>
    Severity,

    /// <summary>The most money at risk first; those without come last.</summary>
    Money,

    /// <summary>The newest first.</summary>
    FirstSeen,

    /// <summary>What has been so for the shortest time first.</summary>
    Since,

    /// <summary>By check.</summary>
    Check,

    /// <summary>By their words.</summary>
    Text,
}

/// <summary>A finding's place in an order: a page goes on behind it, whatever was dismissed or recalculated meanwhile.</summary>
internal readonly record struct SortKey(decimal Number, string Text, string Id)
{
    private const char Separator = '\u001f';

    // A continuation stands in an address. What is compared is what it holds: else a page would end behind itself, or pass over texts that begin alike.
    private const int Longest = 400;

    public static string Cut(string text) => text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];

    public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, Number.ToString(CultureInfo.InvariantCulture), Text, Id)));

    public static bool TryRead(string continuation, out SortKey key)
    {
        key = default;
        if (continuation.Length > 2048 || !Base64Url.IsValid(continuation))
            return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(continuation)).Split(Separator);
        if (parts.Length != 3 || !decimal.TryParse(parts[0], NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
            return false;
        key = new SortKey(number, parts[1], parts[2]);
        return true;
    }
}
