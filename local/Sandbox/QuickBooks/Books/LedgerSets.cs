using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Postings of one day that Xero keeps in its ledger only and a bookkeeper enters here as a journal (depreciation, opening balances, directors).</summary>
internal sealed record LedgerSet(DateOnly Day, string Note, IReadOnlyList<(string Debit, string Credit, decimal Amount)> Postings);

/// <remarks>Paychecks, revaluations and the cost of stock are in the ledger alone here as well: Intuit's API has no entity for them.</remarks>
internal sealed class LedgerSets
{
    public LedgerSets(Company company)
    {
        foreach (var day in company.LedgerOnly().Where(posting => !IsHidden(posting.Kind)).GroupBy(posting => posting.Day).OrderBy(group => group.Key))
        {
            // A posting may have turned its sides.
            var postings = day.Select(p => p.Amount < 0 ? (p.Credit, p.Debit, -p.Amount) : (p.Debit, p.Credit, p.Amount)).Where(p => p.Item3 != 0).ToList();
            All.Add(new LedgerSet(day.Key, day.Key == company.Start ? "Opening balances" : "Month end", postings));
        }
    }

    public List<LedgerSet> All { get; } = [];

    /// <summary>Whether no entity shows a posting of this kind.</summary>
    public static bool IsHidden(LedgerOnlyKind kind) => kind is LedgerOnlyKind.PayRun or LedgerOnlyKind.Revaluation or LedgerOnlyKind.InventoryCost;
}
