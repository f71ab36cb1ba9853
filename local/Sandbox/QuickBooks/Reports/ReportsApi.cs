using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.Query;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Reports;

/// <summary>GET /reports/{Name} (facts 6.7).</summary>
internal static class ReportsApi
{
    /// <exception cref="QueryException">There is no such report here, or a parameter cannot be read.</exception>
    public static JsonObject Run(RealmBooks books, string name, IReadOnlyDictionary<string, string> query, QuickBooksSwitches switches, DateTime now)
    {
        var asked = new ReportParameters(name, query, books.Company, now, switches.ReportCells);
        return name switch
        {
            "TrialBalance" => Ledger(StatementReports.TrialBalance),
            "BalanceSheet" => Ledger(StatementReports.BalanceSheet),
            "ProfitAndLoss" => Ledger(StatementReports.ProfitAndLoss),
            "TransactionList" => books.Read(book => DetailReports.TransactionList(books, book, asked)),
            "AgedReceivableDetail" => books.Read(book => DetailReports.Aged(books, book, asked, sales: true)),
            "AgedPayableDetail" => books.Read(book => DetailReports.Aged(books, book, asked, sales: false)),
            "AccountList" => books.Read(book => DetailReports.AccountList(books, book, asked)),
            _ => throw new QueryException("5020", "Permission Denied Error", $"Permission Denied Error : The report {name} is not simulated."),
        };

        JsonObject Ledger(Func<LedgerSums, ReportParameters, JsonObject> make) => books.Read(_ => books.Beneath().ReadLedger(ledger => make(new LedgerSums(books.Company, ledger), asked)));
    }
}
