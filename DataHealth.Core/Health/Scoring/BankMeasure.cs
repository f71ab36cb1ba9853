namespace DataHealth.Core.Health.Scoring;

/// <summary>
/// Bank accounts, weighted by their entries in the period (alike where none has any). Of each, half comes from the worse of two ages (the oldest open unreconciled entry; the time since the latest
/// reconciled one), half from the share of unreconciled entries, of which nothing is left at 10 %.
/// </summary>
/// <param name="ReportingDate">The day to which ages are counted.</param>
/// <param name="Accounts">The accounts that have entries.</param>
public sealed record BankMeasure(DateOnly ReportingDate, IReadOnlyList<BankState> Accounts) : Measure
{
    /// <summary>The rule name of a finding that an account has not been reconciled for long.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>Ages below so many days are green.</summary>
    public const int GreenBelow = 15;

    /// <summary>Ages above so many days are red.</summary>
    public const int RedAbove = 30;

    /// <summary>The light of an age.</summary>
    public static Light OfAge(int days) => days < GreenBelow ? Light.Green : days <= RedAbove ? Light.Amber : Light.Red;

    /// <inheritdoc />
    public override decimal Share(IReadOnlyCollection<Finding> open)
    {
        var byAccount = open.ToLookup(finding => finding.Part, StringComparer.Ordinal);
        return Mean(account => Of(account, [.. byAccount[account.AccountId]]));
    }

    internal override IReadOnlyDictionary<string, decimal> SharesWithout(IReadOnlyCollection<Finding> open)
    {
        // Only the finding's own account changes, and of its ages only the oldest can.
        var byAccount = open.ToLookup(finding => finding.Part, StringComparer.Ordinal);
        var shares = Accounts.ToDictionary(account => account.AccountId, account => Of(account, [.. byAccount[account.AccountId]]), StringComparer.Ordinal);
        var states = Accounts.ToDictionary(account => account.AccountId, StringComparer.Ordinal);
        var result = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var group in byAccount)
        {
            var entries = group.Where(finding => finding.Rule != Abandoned).OrderBy(finding => finding.Since).ThenBy(finding => finding.Id, StringComparer.Ordinal).ToList();
            var isAbandoned = entries.Count < group.Count();
            foreach (var finding in group)
            {
                var without = group.Key is null || !states.TryGetValue(group.Key, out var state) ? 0m
                    : finding.Rule == Abandoned ? Of(state, entries.Count, entries.FirstOrDefault()?.Since, false)
                    : Of(state, entries.Count - 1, entries.FirstOrDefault(other => other.Id != finding.Id)?.Since, isAbandoned);
                result[finding.Id] = Mean(account => account.AccountId == group.Key ? without : shares[account.AccountId]);
            }
        }
        return result;
    }

    internal override Measure WithoutWorkSince(Measure before, IReadOnlyCollection<Finding> openBefore)
    {
        var former = ((BankMeasure)before).Accounts.ToDictionary(account => account.AccountId, StringComparer.Ordinal);
        return this with
        {
            Accounts = [.. Accounts.Select(account => former.TryGetValue(account.AccountId, out var old) ? account with { LatestReconciled = old.LatestReconciled } : account)],
        };
    }

    private decimal Of(BankState account, List<Finding> open)
    {
        var entries = open.Where(finding => finding.Rule != Abandoned).ToList();
        return Of(account, entries.Count, entries.Min(finding => finding.Since), entries.Count < open.Count);
    }

    private decimal Of(BankState account, int unreconciled, DateOnly? oldest, bool isAbandoned)
    {
        var ofEntry = oldest is { } day ? OfAge(ReportingDate.DayNumber - day.DayNumber) : Light.Green;
        // Red has a finding of its own, which may be dismissed; amber is only said in the score.
        var age = OfAge(ReportingDate.DayNumber - account.LatestReconciled.DayNumber);
        var ofLatest = age == Light.Red && !isAbandoned ? Light.Green : age;
        var rate = unreconciled / (decimal)Math.Max(account.Examined, PopulationMeasure.Fewest);
        return (0.5m * Math.Min(ofEntry.Worth(), ofLatest.Worth())) + (0.5m * Math.Max(0m, 1m - (rate / PopulationMeasure.OfTransactions)));
    }

    private decimal Mean(Func<BankState, decimal> share)
    {
        var entries = Accounts.Sum(account => account.EntriesInPeriod);
        return Accounts.Count == 0 ? 1m
            : entries == 0 ? Accounts.Average(share)
            : Accounts.Sum(account => account.EntriesInPeriod * share(account)) / entries;
    }
}

/// <summary>What is known of a bank account's reconciliation.</summary>
/// <param name="AccountId">Which account.</param>
/// <param name="EntriesInPeriod">Its weight.</param>
/// <param name="Examined">Entries that were looked at.</param>
/// <param name="LatestReconciled">Date of the latest reconciled entry; of the first entry where none ever was.</param>
public sealed record BankState(string AccountId, int EntriesInPeriod, int Examined, DateOnly LatestReconciled);
