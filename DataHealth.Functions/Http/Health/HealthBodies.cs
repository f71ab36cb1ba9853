using System.Text.Json;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Functions.Orchestrations;

namespace DataHealth.Functions.Http.Health;

/// <summary>A score in answers.</summary>
public sealed record ScoreBody(int Percent, decimal Exact, ScoreColour Colour);

/// <summary>A client's health on one page.</summary>
public sealed record OverviewBody
{
    /// <summary>Absent from a preview.</summary>
    public string? Version { get; init; }

    public required string Words { get; init; }

    public ScoreBody? Score { get; init; }

    public required bool IsCustomScore { get; init; }

    public required bool IsPartial { get; init; }

    public required DateTimeOffset CalculatedAt { get; init; }

    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    public required DateOnly ReportingDate { get; init; }

    public required int RulesVersion { get; init; }

    public string? OrganisationName { get; init; }

    public string? BaseCurrency { get; init; }

    public required IReadOnlyList<CoverageBody> Coverage { get; init; }

    /// <summary>Data has been copied since: offer to recalculate. Absent from a preview.</summary>
    public bool? HasNewerData { get; init; }

    /// <summary>Absent from a preview.</summary>
    public RecalculationState? Recalculation { get; init; }

    public required FindingCountsBody Findings { get; init; }

    public required decimal MoneyAtRisk { get; init; }

    public required IReadOnlyList<CheckBody> Checks { get; init; }

    public required IReadOnlyList<FindingBody> TopFindings { get; init; }
}

/// <summary>How far a dataset was copied.</summary>
public sealed record CoverageBody(string Dataset, string Title, DateTimeOffset? UpTo);

/// <summary>Where findings stand.</summary>
public sealed record FindingCountsBody(int Open, int Dismissed, int Resolved);

/// <summary>A check in lists.</summary>
public sealed record CheckBody
{
    public required string Key { get; init; }

    public required string Title { get; init; }

    public required OutcomeState State { get; init; }

    /// <summary>What it needs, or why it is not about these books.</summary>
    public string? Words { get; init; }

    /// <summary>Per cent of the score; 0: it is only listed.</summary>
    public required decimal Weight { get; init; }

    /// <summary>The same after the weight of checks that do not apply was spread.</summary>
    public decimal? EffectiveWeight { get; init; }

    /// <summary>0 to 1.</summary>
    public decimal? Share { get; init; }

    public decimal? Points { get; init; }

    public decimal? PointsToGain { get; init; }

    public required int Open { get; init; }

    public required int Dismissed { get; init; }

    public required decimal MoneyAtRisk { get; init; }
}

/// <summary>All checks.</summary>
public sealed record CheckListBody(IReadOnlyList<CheckBody> Items);

/// <summary>One check with its words and settings; how it stands only once it was calculated.</summary>
public sealed record CheckDetailBody(
    string Key, string Title, string Explanation, bool IsDefault, JsonElement Settings, JsonElement DefaultSettings, IReadOnlyList<CheckSettingBody> About, CheckBody? Standing);

/// <summary>What must be known of a setting to set it, as its check declares it.</summary>
public sealed record CheckSettingBody
{
    public required string Key { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required SettingType Type { get; init; }

    /// <summary>Of the members of a list.</summary>
    public SettingType? ItemType { get; init; }

    public string? Unit { get; init; }

    /// <summary>It may be null.</summary>
    public required bool IsOptional { get; init; }

    /// <summary>Absent where nothing is set by default, and of a field of a list's members.</summary>
    public JsonElement? Default { get; init; }

    public decimal? Minimum { get; init; }

    /// <summary>It is above this.</summary>
    public decimal? ExclusiveMinimum { get; init; }

    public decimal? Maximum { get; init; }

    /// <summary>The only values to choose from.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    public int? MaxLength { get; init; }

    public int? MaxItems { get; init; }

    /// <summary>Of the members of a list of objects.</summary>
    public IReadOnlyList<CheckSettingBody>? Fields { get; init; }

    /// <summary>At which providers it counts; absent of a field of a list's members.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>In which countries it counts; absent: in all.</summary>
    public IReadOnlyList<string>? Countries { get; init; }
}

/// <summary>Settings of a check: what is not given is as by default.</summary>
public sealed record CheckSettingsInput(JsonElement? Settings);

/// <summary>A finding.</summary>
public sealed record FindingBody
{
    public required string Id { get; init; }

    public required string Check { get; init; }

    public required string Rule { get; init; }

    public required Severity Severity { get; init; }

    public required FindingState State { get; init; }

    public required string Text { get; init; }

    public decimal? Money { get; init; }

    public required bool IsScored { get; init; }

    public string? Part { get; init; }

    public DateOnly? Since { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>It was dismissed, and its records have changed since.</summary>
    public required bool IsReopened { get; init; }

    public DismissalBody? Dismissal { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public string? AssignedTo { get; init; }

    public required IReadOnlyList<EvidenceBody> Evidence { get; init; }

    /// <summary>How many records there are, those not listed included.</summary>
    public required int EvidenceCount { get; init; }
}

/// <summary>Who dismissed a finding, and why.</summary>
public sealed record DismissalBody(string MemberId, string MemberName, DateTimeOffset At, string Reason);

/// <summary>A record that shows a finding.</summary>
public sealed record EvidenceBody(RecordKind Kind, string Id, string Text, DateOnly? Date, decimal? Amount, Uri? Address);

/// <summary>A page of findings.</summary>
public sealed record FindingListBody(string Version, IReadOnlyList<FindingBody> Items, int Total, string? Continuation);

/// <summary>Tags a finding and gives it to a member; an empty text gives it to nobody.</summary>
public sealed record FindingInput(IReadOnlyList<string>? Tags, string? AssignedTo);

/// <summary>Which findings: all that the filter finds. One that says nothing is refused: it would find every finding.</summary>
public sealed record FilterInput(string? Check, Severity? Severity, string? Text, string? Tag, string? AssignedTo);

/// <summary>Findings to dismiss, and why; the version is the one of the list that was looked at.</summary>
public sealed record DismissInput(IReadOnlyList<string>? Ids, FilterInput? Filter, bool? All, string? Version, string? Reason);

/// <summary>Findings to open again.</summary>
public sealed record RestoreInput(IReadOnlyList<string>? Ids, FilterInput? Filter, bool? All);

/// <summary>What dismissing or restoring came to, and the score now.</summary>
public sealed record NotedBody(int Changed, int Unknown, ScoreBody? Score);

/// <summary>What pressing Recalculate came to.</summary>
public sealed record RecalculationBody(RecalculationStart Outcome, string Words);

/// <summary>Whether a recalculation began or one at work was joined.</summary>
public enum RecalculationStart
{
    /// <summary>It began.</summary>
    Started,

    /// <summary>One is at work.</summary>
    Joined,
}

/// <summary>What a preview judges by; what is not given is as stored.</summary>
public sealed record PreviewInput(DateOnly? From, DateOnly? To, DateOnly? ReportingDate, IReadOnlyDictionary<string, JsonElement>? Settings);
