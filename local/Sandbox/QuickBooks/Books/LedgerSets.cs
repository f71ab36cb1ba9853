using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Postings of one day that Xero keeps in its ledger only (pay runs, depreciation, conversion balances): here they are journal entries.</summary>
internal sealed record LedgerSet(DateOnly Day, string Note, IReadOnlyList<(string Debit, string Credit, decimal Amount)> Postings);

internal sealed class LedgerSets
{
    public LedgerSets(Company company)
    {
        foreach (var day in company.LedgerOnly().GroupBy(posting => posting.Day).OrderBy(group => group.Key))
        {
            // A posting may have turned its sides (a loss instead of a gain).
            var postings = day.Select(p => p.Amount < 0 ? (p.Credit, p.Debit, -p.Amount) : (p.Debit, p.Credit, p.Amount)).Where(p => p.Item3 != 0).ToList();
            All.Add(new LedgerSet(day.Key, day.Key == company.Start ? "Opening balances" : "Payroll and month end", postings));
        }
    }

    public List<LedgerSet> All { get; } = [];
}
