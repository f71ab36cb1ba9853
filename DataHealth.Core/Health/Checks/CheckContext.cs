using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>What a check at work is given.</summary>
internal sealed class CheckContext(string key, HealthRequest request, Chart chart, IReadOnlySet<Capability> capabilities, Func<RecordRef, string?, Uri?> pageOf)
{
    public Period Period => request.Period;

    public DateOnly ReportingDate => request.ReportingDate;

    public Chart Chart => chart;

    public string? Memory => request.Memory.GetValueOrDefault(key);

    public bool Can(Capability capability) => capabilities.Contains(capability);

    /// <summary>Makes a finding.</summary>
    /// <param name="rule">Which of the check's rules.</param>
    /// <param name="about">What it is about: the same texts give the same id in every run.</param>
    /// <param name="severity">How bad.</param>
    /// <param name="text">One plain sentence.</param>
    /// <param name="evidence">The records that show it; put in order of date and id.</param>
    /// <param name="money">Base currency, with tax.</param>
    public Finding Find(string rule, IEnumerable<string?> about, Severity severity, string text, IReadOnlyCollection<Evidence> evidence, decimal? money = null) => new()
    {
        Id = Fingerprint.Id([key, rule, .. about]),
        Check = key,
        Rule = rule,
        Severity = severity,
        Text = text,
        Evidence =
        [
            .. evidence.OrderBy(one => one.Date ?? DateOnly.MinValue).ThenBy(one => one.Record.Id, StringComparer.Ordinal).Take(Finding.MostEvidence)
                .Select(one => one with { Address = pageOf(one.Record, chart.Organisation.ShortCode) }),
        ],
        EvidenceCount = evidence.Count,
        Money = money is { } sum ? Money.Round(Math.Abs(sum)) : null,
        Fingerprint = Fingerprint.All(evidence.Select(one => one.Print)),
    };

    /// <summary>The settings of the organisation as evidence.</summary>
    /// <param name="text">What they say.</param>
    public Evidence Settings(string text) => new(RecordRef.Of(chart.Organisation), text, null, null) { Print = Fingerprint.Of(["settings", text]) };
}
