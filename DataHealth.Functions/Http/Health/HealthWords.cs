using System.Globalization;
using System.Text.Json;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Overview;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Providers;

namespace DataHealth.Functions.Http.Health;

/// <summary>Health in our JSON dialect.</summary>
internal static class HealthWords
{
    public static ScoreBody? Of(HealthScore? score) => score is null ? null : new(score.Percent, Round(score.Exact), score.Colour);

    public static OverviewBody Of(HealthOverview overview) => new()
    {
        Version = overview.Head.Version.Value is { Length: > 0 } version ? version : null,
        Words = Sentence(overview),
        Score = Of(overview.Score),
        IsCustomScore = overview.IsCustom,
        IsPartial = !overview.Head.IsComplete,
        CalculatedAt = overview.Head.CalculatedAt.ToUniversalTime(),
        From = overview.Head.Period.From,
        To = overview.Head.Period.To,
        ReportingDate = overview.Head.ReportingDate,
        RulesVersion = overview.Head.RulesVersion,
        OrganisationName = overview.Head.OrganisationName,
        BaseCurrency = overview.Head.BaseCurrency,
        Coverage = [.. overview.Head.Coverage.Select(dataset => new CoverageBody(dataset.Dataset, dataset.Title, dataset.UpTo?.ToUniversalTime()))],
        Findings = new(overview.Open, overview.Dismissed, overview.Resolved),
        MoneyAtRisk = overview.MoneyAtRisk,
        Checks = [.. overview.Checks.Select(Of)],
        TopFindings = [.. overview.Top.Select(Of)],
    };

    public static CheckBody Of(CheckStanding check) => new()
    {
        Key = check.Check.Key,
        Title = check.Check.Title,
        State = check.Outcome.State,
        Words = check.Outcome.State switch
        {
            OutcomeState.NotAvailable => $"Not available, needs {check.Outcome.Words}.",
            OutcomeState.NotApplicable => check.Outcome.Words,
            _ => null,
        },
        Weight = check.Weight,
        EffectiveWeight = check.Score is { } score ? Round(score.EffectiveWeight) : null,
        Share = check.Share is { } share ? Round(share) : null,
        Points = check.Score is { } given ? Round(given.Points) : null,
        PointsToGain = check.Score is { } open ? Round(open.PointsToGain) : null,
        Open = check.Open,
        Dismissed = check.Dismissed,
        MoneyAtRisk = check.MoneyAtRisk,
    };

    public static CheckDetailBody Of(HealthCheck check, string? settings, CheckStanding? standing, ProviderCatalog providers) => new(
        check.Key, check.Title, check.Explanation, settings is null, JsonElement.Parse(settings ?? check.DefaultSettings), JsonElement.Parse(check.DefaultSettings),
        [
            .. check.Settings.Select(setting => Of(setting) with
            {
                Providers = [.. providers.All.Where(provider => setting.CountsAt(check, provider)).Select(provider => provider.Key).Order(StringComparer.Ordinal)],
            }),
        ],
        standing is null ? null : Of(standing));

    private static CheckSettingBody Of(CheckSetting setting) => new()
    {
        Key = setting.Key,
        Name = setting.Name,
        Description = setting.Meaning,
        Type = setting.Type,
        ItemType = setting.ItemType,
        Unit = setting.Unit,
        IsOptional = setting.IsOptional,
        Default = setting.Default is { } json && json != "null" ? JsonElement.Parse(json) : null,
        Minimum = setting.Least,
        ExclusiveMinimum = setting.Above,
        Maximum = setting.Most,
        Values = setting.Values.Count > 0 ? [.. setting.Values.Select(value => JsonElement.Parse(value))] : null,
        MaxLength = setting.MostLetters,
        MaxItems = setting.MostItems,
        Fields = setting.Fields.Count > 0 ? [.. setting.Fields.Select(Of)] : null,
        Countries = setting.Countries.Count > 0 ? setting.Countries : null,
    };

    public static FindingBody Of(ListedFinding listed)
    {
        var finding = listed.Kept.Finding;
        return new FindingBody
        {
            Id = finding.Id,
            Check = finding.Check,
            Rule = finding.Rule,
            Severity = finding.Severity,
            State = listed.State,
            Text = finding.Text,
            Money = finding.Money,
            IsScored = finding.IsScored,
            Part = finding.Part,
            Since = finding.Since,
            FirstSeen = listed.Kept.FirstSeen.ToUniversalTime(),
            LastSeen = listed.Kept.LastSeen.ToUniversalTime(),
            IsReopened = listed.IsReopened,
            Dismissal = listed.Dismissal is { } dismissal ? new(dismissal.By.Value, dismissal.ByName, dismissal.At.ToUniversalTime(), dismissal.Reason) : null,
            Tags = listed.Label?.Tags ?? [],
            AssignedTo = listed.Label?.AssignedTo?.Value,
            Evidence = [.. listed.Evidence.Select(one => new EvidenceBody(one.Record.Kind, one.Record.Id, one.Text, one.Date, one.Amount, one.Address))],
            EvidenceCount = finding.EvidenceCount,
        };
    }

    /// <summary>Four places: more than a person reads, enough to add up.</summary>
    public static decimal Round(decimal value) => Math.Round(value, 4, MidpointRounding.AwayFromZero);

    private static string Sentence(HealthOverview overview)
    {
        var day = overview.Head.ReportingDate.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        var missing = overview.Head.Coverage.Where(dataset => dataset.UpTo is null).Select(dataset => dataset.Title).ToList();
        var score = overview.Score is { } known ? $"{known.Percent} % as of {day}" : $"No score as of {day}: none of its checks can judge these books";
        return missing.Count == 0 ? $"{score}." : $"{score}, on partial data: not (completely) copied are {string.Join(", ", missing)}.";
    }
}
