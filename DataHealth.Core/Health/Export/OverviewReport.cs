using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Overview;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health.Export;

/// <summary>A client's overview as it is exported and shared: plain values, no storage behind them, no team member in them.</summary>
public sealed record OverviewReport
{
    /// <summary>The client, as the practice calls it.</summary>
    public required string Client { get; init; }

    /// <summary>The organisation, as its books name it.</summary>
    public string? Organisation { get; init; }

    /// <summary>The books as they stood at the end of this day.</summary>
    public required DateOnly ReportingDate { get; init; }

    /// <summary>The days under review.</summary>
    public required Period Period { get; init; }

    /// <summary>When it was reckoned.</summary>
    public DateTimeOffset? CalculatedAt { get; init; }

    /// <summary>Whole per cent; null: no score, which is neither 0 nor 100.</summary>
    public int? Percent { get; init; }

    /// <summary>Of the per cent.</summary>
    public ScoreColour? Colour { get; init; }

    /// <summary>Which rules judged.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>ISO code of all amounts.</summary>
    public string? BaseCurrency { get; init; }

    /// <summary>On what data.</summary>
    public required IReadOnlyList<OverviewDataset> Coverage { get; init; }

    /// <summary>Every dataset was complete; else the score is on partial data.</summary>
    public bool IsComplete => Coverage.All(dataset => dataset.UpTo is not null);

    /// <summary>Those of the score first, the heaviest leading.</summary>
    public required IReadOnlyList<OverviewCheck> Checks { get; init; }

    /// <summary>The worst open findings, at most <see cref="HealthOverview.MostFindings"/>.</summary>
    public required IReadOnlyList<OverviewFinding> TopFindings { get; init; }

    /// <summary>How many findings are open in all.</summary>
    public required int OpenFindings { get; init; }

    /// <summary>Makes it of an overview.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="overview">What stands.</param>
    public static OverviewReport Of(string client, HealthOverview overview) => new()
    {
        Client = client,
        Organisation = overview.Head.OrganisationName,
        ReportingDate = overview.Head.ReportingDate,
        Period = overview.Head.Period,
        CalculatedAt = overview.Head.CalculatedAt,
        RulesVersion = overview.Head.RulesVersion,
        BaseCurrency = overview.Head.BaseCurrency,
        Percent = overview.Score?.Percent,
        Colour = overview.Score?.Colour,
        Coverage = [.. overview.Head.Coverage.Select(dataset => new OverviewDataset(dataset.Title, dataset.UpTo))],
        Checks = [.. overview.Checks.Select(OverviewCheck.Of)],
        TopFindings = [.. overview.Top.Select(OverviewFinding.Of)],
        OpenFindings = overview.Open,
    };
}

/// <summary>How far a dataset is copied.</summary>
/// <param name="Title">What a person reads.</param>
/// <param name="UpTo">Complete up to this time of the provider; null: never.</param>
public sealed record OverviewDataset(string Title, DateTimeOffset? UpTo);

/// <summary>A check on the overview.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Title">What a person reads.</param>
/// <param name="Share">Pass share, 0 to 1; null where it is not in the score or could not run.</param>
/// <param name="Weight">Its weight after that of checks that do not apply was spread over the others, per cent; null where it is not in the score.</param>
/// <param name="Open">Open findings; null where it did not run.</param>
/// <param name="Words">Why it did not run; null where it did.</param>
public sealed record OverviewCheck(string Key, string Title, decimal? Share, decimal? Weight, int? Open, string? Words)
{
    /// <summary>Points that it gives to the score.</summary>
    public decimal? Points => Share * Weight;

    internal static OverviewCheck Of(CheckStanding standing) => new(
        standing.Check.Key, standing.Check.Title, standing.Score?.Share, standing.Score?.EffectiveWeight, standing.Outcome.State == OutcomeState.Checked ? standing.Open : null,
        standing.Outcome.State == OutcomeState.NotAvailable ? $"Not available, needs {standing.Outcome.Words}." : standing.Outcome.Words);
}

/// <summary>A finding on the overview.</summary>
/// <param name="Check">Its check's title.</param>
/// <param name="CheckKey">Its check's key.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Text">One plain sentence.</param>
/// <param name="Money">At risk, base currency; null where none is.</param>
/// <param name="Since">Since when it is so.</param>
public sealed record OverviewFinding(string Check, string CheckKey, Severity Severity, string Text, decimal? Money, DateOnly? Since)
{
    internal static OverviewFinding Of(ListedFinding listed)
    {
        var finding = listed.Kept.Finding;
        return new(CheckCatalog.Find(finding.Check)?.Title ?? finding.Check, finding.Check, finding.Severity, finding.Text, finding.Money, finding.Since);
    }
}
