using System.Text.Json;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Whether the past is locked. Remembers the locks that it saw.</summary>
internal sealed class LockDates : HealthCheck<LockDates.Rules>
{
    private const string Month = "period";
    private const string Year = "year-end";

    public override string Key => "lock-dates";

    public override string Title => "Lock dates";

    public override string Explanation =>
        "What is locked cannot be changed by accident. The lock of the period should follow each month's end, the lock of the year the last year that was filed; a lock that moves back opens what was closed. "
        + "Where the provider has one closing date, the rule of the year is meant.";

    public override decimal DefaultWeight => 10m;

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.LockDates);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Organisation);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Grace after a month", "A month has to be locked so many weeks after its end; 0: only that there is a lock.", Unit = "weeks", Least = 0, Most = 26, Needs = new[] { Capability.YearEndLock })]
        int GraceWeeks = 4,
        [property: Setting("Time to file a year", "A year has to be filed, and then locked, within so many months of its end; left open: as long as a company has in the organisation's country (United Kingdom and Ireland 9, United States 10 with the automatic extension, Canada 6, Australia 11, New Zealand and elsewhere 12).", Unit = "months", Least = 1, Most = 24)]
        int? MonthsToFile = null,
        [property: Setting("Last filed year's end", "Instead: the last year's end that was filed, which the lock has to reach; left open: reckoned from the time to file.")]
        DateOnly? LastFiledYearEnd = null) : CheckSettings
    {
        public Rules()
            : this(4)
        {
        }
    }

    /// <summary>What was seen of the locks.</summary>
    /// <param name="Furthest">The furthest that each lock has been.</param>
    /// <param name="Changes">Every change seen, oldest first.</param>
    internal sealed record Seen(IReadOnlyDictionary<string, DateOnly> Furthest, IReadOnlyList<LockChange> Changes);

    /// <summary>A change of a lock.</summary>
    internal sealed record LockChange(string Lock, DateOnly SeenOn, DateOnly? Old, DateOnly? New);

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private const int MostChanges = 200;

        public void Take(LedgerRecord record)
        {
            // The organisation is in the chart.
        }

        public CheckOutcome Finish()
        {
            var organisation = context.Chart.Organisation;
            var parts = new Dictionary<string, Light>();
            var findings = new List<Finding>();
            var hasBoth = context.Can(Capability.YearEndLock);
            var locks = new Dictionary<string, DateOnly?> { [Year] = hasBoth ? organisation.YearEndLock : organisation.PeriodLock };
            if (hasBoth)
            {
                locks[Month] = organisation.PeriodLock;
                OfMonth(organisation.PeriodLock, parts, findings);
            }
            OfYear(locks[Year], hasBoth ? organisation.PeriodLock : null, parts, findings);
            var seen = Moved(locks, parts, findings);
            return parts.Count == 0
                ? new CheckOutcome.NotApplicable("No year has had to be filed yet.") { Memory = JsonSerializer.Serialize(seen, Json) }
                : new CheckOutcome.Checked(new StateMeasure(parts), findings) { Memory = JsonSerializer.Serialize(seen, Json) };
        }

        private void OfMonth(DateOnly? locked, Dictionary<string, Light> parts, List<Finding> findings)
        {
            // The latest month that ended more than the grace ago.
            var day = context.ReportingDate.AddDays(-7 * rules.GraceWeeks);
            var due = new DateOnly(day.Year, day.Month, 1).AddDays(-1);
            parts[Month] = locked is null ? Light.Red : rules.GraceWeeks > 0 && locked < due ? Light.Amber : Light.Green;
            if (parts[Month] == Light.Green)
                return;
            var text = locked is { } lockedTo ? $"The period is locked to {Money.Text(lockedTo)}; {Money.Text(due)} should be by now." : "No period is locked.";
            findings.Add(context.Find("period-behind", [Month], locked is null ? Severity.Error : Severity.Warning, text, [context.Settings($"period lock {locked:yyyy-MM-dd}")]) with { Part = Month });
        }

        private void OfYear(DateOnly? locked, DateOnly? ofPeriod, Dictionary<string, Light> parts, List<Finding> findings)
        {
            var organisation = context.Chart.Organisation;
            var due = rules.LastFiledYearEnd ?? (FinancialYear.Of(organisation) is { } own ? LastToFile(own, rules.MonthsToFile ?? FilingTimes.MonthsOf(organisation.Country)) : null);
            // A business whose books began later has not filed that year here.
            if (due is not { } year || organisation.CreatedAt is { } made && DateOnly.FromDateTime(made.UtcDateTime) > year)
                return;
            parts[Year] = locked >= year ? Light.Green : ofPeriod >= year ? Light.Amber : Light.Red;
            if (parts[Year] == Light.Green)
                return;
            var text = locked is { } lockedTo ? $"The year is locked to {Money.Text(lockedTo)}; the year to {Money.Text(year)} had to be filed." : $"No year is locked; the year to {Money.Text(year)} had to be filed.";
            findings.Add(context.Find("year-behind", [Year], parts[Year] == Light.Red ? Severity.Error : Severity.Warning, text, [context.Settings($"year-end lock {locked:yyyy-MM-dd}")]) with { Part = Year });
        }

        // The latest year whose time to be filed is over at the end of the reporting date: nine months from 31 December end on 30 September.
        private DateOnly LastToFile(FinancialYear year, int months)
        {
            var end = year.EndOf(context.ReportingDate.AddMonths(-months));
            return end.AddMonths(months) <= context.ReportingDate ? end : year.EndBefore(end);
        }

        private Seen Moved(Dictionary<string, DateOnly?> locks, Dictionary<string, Light> parts, List<Finding> findings)
        {
            var before = context.Memory is { } memory ? JsonSerializer.Deserialize<Seen>(memory, Json)! : new Seen(new Dictionary<string, DateOnly>(), []);
            var furthest = new Dictionary<string, DateOnly>(before.Furthest);
            var changes = before.Changes.ToList();
            foreach (var (name, now) in locks.OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                var former = changes.LastOrDefault(change => change.Lock == name)?.New;
                if (former != now)
                    changes.Add(new LockChange(name, context.ReportingDate, former, now));
                if (before.Furthest.TryGetValue(name, out var far) && (now is null || now < far))
                {
                    // A lock that is gone altogether is red already: that it was there once does not make it better.
                    var light = name == Year ? Light.Red : Light.Amber;
                    parts[name] = parts.TryGetValue(name, out var already) && already > light ? already : light;
                    findings.Add(context.Find("moved-back", [name], name == Year ? Severity.Error : Severity.Warning,
                        now is { } day ? $"The lock was at {Money.Text(far)} and has moved back to {Money.Text(day)}." : $"The lock was at {Money.Text(far)} and has been taken away.",
                        [context.Settings($"{name} {far:yyyy-MM-dd} {now:yyyy-MM-dd}")]) with
                    { Part = name });
                }
                else if (now is { } further)
                {
                    furthest[name] = further;
                }
            }
            return new Seen(furthest, [.. changes.TakeLast(MostChanges)]);
        }
    }
}
