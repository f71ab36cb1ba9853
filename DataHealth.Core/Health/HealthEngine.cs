using DataHealth.Core.Health.Checks;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health;

/// <summary>Runs the checks over books: reads each dataset once and feeds every check that asks for it. Nothing but the request and the books goes into the result (promise 10).</summary>
public sealed class HealthEngine(IReadOnlyList<HealthCheck> checks)
{
    /// <summary>Where the time of each check is told; null: nowhere.</summary>
    internal HealthMetrics? Metrics { get; init; }

    /// <summary>Goes up whenever a rule changes what it finds.</summary>
    public const int RulesVersion = 1;

    private static readonly LedgerPart[] Always = [LedgerPart.Organisation, LedgerPart.Accounts, LedgerPart.TaxRates];

    /// <summary>All checks of this build.</summary>
    public HealthEngine()
        : this(CheckCatalog.All)
    {
    }

    /// <summary>Judges books.</summary>
    /// <param name="books">The books.</param>
    /// <param name="request">By what.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    /// <exception cref="InvalidDataException">Stored settings of a check are not what it understands.</exception>
    public Task<HealthResult> RunAsync(ILedgerReader books, HealthRequest request, CancellationToken cancellationToken) => RunAsync(books, request, [], cancellationToken);

    /// <summary>Judges books, and hands the records of the same pass to others that want them.</summary>
    internal async Task<HealthResult> RunAsync(ILedgerReader books, HealthRequest request, IReadOnlyList<ILedgerConsumer> alongside, CancellationToken cancellationToken)
    {
        var coverage = await books.CoverageAsync(cancellationToken);
        var chart = new Chart();
        var outcomes = new SortedDictionary<string, CheckOutcome>(StringComparer.Ordinal);
        var runs = new List<(HealthCheck Check, ICheckRun Run)>();
        foreach (var check in checks.Where(check => request.Only?.Contains(check.Key) ?? true))
        {
            if (Missing(check.Needs, check.Reads, books.Capabilities, coverage) is { } needs)
                outcomes[check.Key] = new CheckOutcome.NotAvailable(needs);
            else
                runs.Add((check, check.Start(new CheckContext(check.Key, request, chart, books.Capabilities, books.PageOf), request.Settings.GetValueOrDefault(check.Key))));
        }

        foreach (var consumer in alongside)
            consumer.Begin(chart, books.Capabilities, coverage);
        var parts = Parts(runs.SelectMany(run => run.Check.Reads).Concat(alongside.SelectMany(consumer => consumer.Reads)));
        var readers = Enum.GetValues<LedgerPart>().ToDictionary(part => part, part => Enumerable.Range(0, runs.Count).Where(run => runs[run].Check.Reads.Contains(part)).ToArray());
        var times = Metrics?.Time(runs.Count);
        await foreach (var record in books.ReadAsync(parts, cancellationToken))
        {
            // What is open is rebuilt here, for whoever asked: it is in no check's time.
            chart.Take(record);
            var isTimed = times?.Next() is true;
            foreach (var run in readers[PartOf(record)])
            {
                runs[run].Run.Take(record);
                if (isTimed)
                    times!.Took(run);
            }
            for (var at = 0; at < alongside.Count; at++)
                alongside[at].Take(record);
        }

        for (var run = 0; run < runs.Count; run++)
        {
            var key = runs[run].Check.Key;
            times?.Finishing();
            outcomes[key] = Sorted(runs[run].Run.Finish());
            times?.Finished(run, key);
        }
        // A provider that fails once, a permission taken away for a day, must not cost the yardstick of years.
        var memory = new SortedDictionary<string, string>(request.Memory.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, outcome) in outcomes)
        {
            if (outcome.Memory is { } remembered)
                memory[key] = remembered;
        }
        return new HealthResult { Request = request, RulesVersion = RulesVersion, Organisation = chart.Organisation, Coverage = Judged(coverage), Outcomes = outcomes, Memory = memory };
    }

    // No check reads these: that they are missing makes no score partial.
    private static IReadOnlyList<DatasetCoverage> Judged(IReadOnlyList<DatasetCoverage> coverage) =>
        [.. coverage.Where(dataset => dataset.Parts.Any(part => part is not (LedgerPart.Users or LedgerPart.Currencies)))];

    /// <summary>What is missing before those parts can be judged, in words that follow "needs"; null when nothing is.</summary>
    internal static string? Missing(IReadOnlySet<Capability> needs, IReadOnlySet<LedgerPart> reads, IReadOnlySet<Capability> capabilities, IReadOnlyList<DatasetCoverage> coverage)
    {
        var lacking = needs.Where(need => !capabilities.Contains(need)).Order().Select(Words).ToList();
        if (lacking.Count > 0)
            return $"{string.Join(", ", lacking)}, which this provider does not tell";
        var unread = coverage.Where(dataset => dataset.UpTo is null && dataset.Parts.Any(Parts(reads).Contains)).Select(dataset => dataset.Title).ToList();
        return unread.Count > 0 ? $"a complete copy of: {string.Join(", ", unread)}" : null;
    }

    // What is read for checks that read those parts: the chart always, and of balances the year before as well.
    private static HashSet<LedgerPart> Parts(IEnumerable<LedgerPart> reads)
    {
        var parts = reads.Concat(Always).ToHashSet();
        if (parts.Contains(LedgerPart.Balances))
            parts.Add(LedgerPart.BalanceHistory);
        return parts;
    }

    private static CheckOutcome Sorted(CheckOutcome outcome) =>
        outcome is CheckOutcome.Checked ran ? ran with { Findings = [.. ran.Findings.OrderBy(finding => finding.Id, StringComparer.Ordinal)] } : outcome;

    internal static LedgerPart PartOf(LedgerRecord record) => record switch
    {
        LedgerDocument => LedgerPart.Documents,
        LedgerBankEntry => LedgerPart.BankEntries,
        LedgerPayment or LedgerCreditUse => LedgerPart.Payments,
        LedgerContact => LedgerPart.Contacts,
        LedgerJournal => LedgerPart.Journals,
        LedgerTransfer => LedgerPart.Transfers,
        AccountBalance => LedgerPart.Balances,
        Asset or AssetType or AssetSettings => LedgerPart.Assets,
        LedgerAccount => LedgerPart.Accounts,
        TaxRate => LedgerPart.TaxRates,
        Organisation => LedgerPart.Organisation,
        LedgerClearance or ClearanceWindow => LedgerPart.Reconciliation,
        LedgerAttachment => LedgerPart.Attachments,
        User => LedgerPart.Users,
        Currency => LedgerPart.Currencies,
        _ => LedgerPart.Links,
    };

    private static string Words(Capability capability) => capability switch
    {
        Capability.Reconciliation => "what is matched to the bank's statement",
        Capability.LineTax => "tax line by line",
        Capability.Drafts => "drafts",
        Capability.FixedAssets => "the register of fixed assets",
        Capability.LockDates => "the lock dates",
        Capability.Attachments => "which records have files",
        Capability.MonthlyBalances => "account balances by month",
        Capability.ContactDefaults => "the default accounts of contacts",
        Capability.BankDetails => "the bank details of contacts",
        Capability.PayrollControls => "what payroll posts",
        Capability.SubAccounts => "accounts below accounts",
        Capability.Users => "the people with access to the books",
        _ => capability.ToString(),
    };
}
