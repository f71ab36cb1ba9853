using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>Something in the books that a person should look at.</summary>
public sealed record Finding
{
    /// <summary>Made from the check and what the finding is about, so that the same thing has the same id in every run: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The check's key.</summary>
    public required string Check { get; init; }

    /// <summary>Which of the check's rules.</summary>
    public required string Rule { get; init; }

    /// <summary>How bad it is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>One plain sentence.</summary>
    public required string Text { get; init; }

    /// <summary>The records that show it, at most <see cref="MostEvidence"/> of them.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>How many records there are.</summary>
    public int EvidenceCount { get; init; }

    /// <summary>Base currency, with tax; null where no amount is at risk. A record counts once in totals, at its largest.</summary>
    public decimal? Money { get; init; }

    /// <summary>Of all the evidence. A dismissal holds until it changes.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Counts in the score; else it is only listed.</summary>
    public bool IsScored { get; init; } = true;

    /// <summary>How many of the examined it stands for (a group of three duplicates is two too many).</summary>
    public int Units { get; init; } = 1;

    /// <summary>The part of a state check, or the bank account, that it is about.</summary>
    public string? Part { get; init; }

    /// <summary>Since when it is so.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Records that a finding names; what is beyond is counted.</summary>
    public const int MostEvidence = 50;
}

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Should be put right.</summary>
    Warning,

    /// <summary>Is wrong, or will cost money.</summary>
    Error,
}

/// <summary>A record that shows a finding.</summary>
/// <param name="Record">Which.</param>
/// <param name="Text">How people know it.</param>
/// <param name="Date">Its date.</param>
/// <param name="Amount">Base currency, with tax.</param>
public sealed record Evidence(RecordRef Record, string Text, DateOnly? Date, decimal? Amount)
{
    /// <summary>Where a person sees it at the provider.</summary>
    public Uri? Address { get; init; }

    internal ulong Print { get; init; }

    internal static Evidence Of(LedgerRecord record, string text, DateOnly? date = null, decimal? amount = null) => new(RecordRef.Of(record), text, date, amount) { Print = Health.Fingerprint.Of(record) };

    // Only to lead there: what is said about it is in the other evidence.
    internal static Evidence OfContact(string id, string name) => new(new RecordRef(RecordKind.Contact, id), name, null, null) { Print = Health.Fingerprint.Of(["contact", id]) };

    // An account, a setting: what is said about it is what may change.
    internal static Evidence Of(LedgerAccount account, DateOnly? date, decimal? amount) =>
        new(RecordRef.Of(account), Chart.Name(account), date, amount) { Print = Health.Fingerprint.Of(["account", account.Id, amount is { } sum ? Health.Fingerprint.Number(sum) : null]) };
}
