using System.Text.Json.Serialization;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.Records;

/// <summary>What a recalculation found out, apart from its findings: the row that makes it visible.</summary>
public sealed record HealthHead
{
    /// <summary>Which results.</summary>
    public required HealthVersion Version { get; init; }

    /// <summary>When they were reckoned.</summary>
    public required DateTimeOffset CalculatedAt { get; init; }

    /// <summary>The days under review.</summary>
    public required Period Period { get; init; }

    /// <summary>The books are judged as they stood at the end of this day.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>Which rules judged.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>Whose books were judged, provider and id: of another organisation's nothing is remembered.</summary>
    public string? Organisation { get; init; }

    /// <summary>The organisation as its books name it.</summary>
    public string? OrganisationName { get; init; }

    /// <summary>ISO code of the currency of all amounts.</summary>
    public string? BaseCurrency { get; init; }

    /// <summary>Up to which day the books are locked for those without special rights; null: not at all.</summary>
    public DateOnly? PeriodLock { get; init; }

    /// <summary>Up to which day they are locked for everybody.</summary>
    public DateOnly? YearEndLock { get; init; }

    /// <summary>Settings by check key, JSON; a check without had its defaults.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>On what data.</summary>
    public required IReadOnlyList<DatasetCoverage> Coverage { get; init; }

    /// <summary>What came of each check, by key.</summary>
    public required IReadOnlyDictionary<string, KeptOutcome> Outcomes { get; init; }

    /// <summary>In how many bodies its findings are stored.</summary>
    [JsonInclude]
    internal int Chunks { get; init; }

    /// <summary>Every dataset that a check reads was complete.</summary>
    [JsonIgnore]
    public bool IsComplete => Coverage.All(dataset => dataset.UpTo is not null);
}

/// <summary>What came of a check, without its findings.</summary>
/// <param name="State">Whether it ran.</param>
/// <param name="Measure">What the score takes from it; null unless it ran.</param>
/// <param name="Words">What it needs, or why it is not about these books.</param>
public sealed record KeptOutcome(OutcomeState State, Measure? Measure, string? Words)
{
    internal static KeptOutcome Of(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Checked ran => new KeptOutcome(OutcomeState.Checked, ran.Measure, null),
        CheckOutcome.NotAvailable lacks => new KeptOutcome(OutcomeState.NotAvailable, null, lacks.Needs),
        CheckOutcome.NotApplicable idle => new KeptOutcome(OutcomeState.NotApplicable, null, idle.Why),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome without a row."),
    };

    internal CheckOutcome With(IReadOnlyList<Finding> findings) => State switch
    {
        OutcomeState.Checked => new CheckOutcome.Checked(Measure!, findings),
        OutcomeState.NotAvailable => new CheckOutcome.NotAvailable(Words ?? ""),
        _ => new CheckOutcome.NotApplicable(Words ?? ""),
    };
}

/// <summary>Whether a check ran.</summary>
public enum OutcomeState
{
    /// <summary>It ran.</summary>
    Checked,

    /// <summary>The books cannot tell, or not yet.</summary>
    NotAvailable,

    /// <summary>There is nothing that it could be about.</summary>
    NotApplicable,
}
