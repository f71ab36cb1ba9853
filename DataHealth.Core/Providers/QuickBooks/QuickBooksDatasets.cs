namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// Every dataset that we copy from QuickBooks, one line each, in the order in which they are planned. Nothing costs a call per record, and on a quiet day one call tells what changed in all
/// of the entities (<see cref="Dataset.IsIncremental"/>) together.
/// </summary>
internal static class QuickBooksDatasets
{
    private const string ByMonth = "summarize_column_by=Month&accounting_method=Accrual";
    private const string Lines = "columns=tx_date,txn_type,doc_num";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<QuickBooksDataset> All { get; } =
    [
        // One record each, in every sync's question for changes at no call more; whether each of their switches moves the modified time is not documented.
        Single("company", "Company", "CompanyInfo") with { Parts = [LedgerPart.Organisation], IsOptional = false },
        Single("preferences", "Preferences", "Preferences") with { Parts = [LedgerPart.Links] },
        // Intuit's change data capture leaves these three out.
        Settings("tax-codes", "Tax codes", "TaxCode") with { Parts = [LedgerPart.TaxRates], HasInactive = true },
        Settings("tax-rates", "Tax rates", "TaxRate") with { Parts = [LedgerPart.TaxRates], HasInactive = true },
        Settings("tax-agencies", "Tax agencies", "TaxAgency"),
        List("accounts", "Accounts", "Account") with { Parts = [LedgerPart.Accounts], IsOptional = false, HasSilentChanges = true },
        List("currencies", "Currencies", "CompanyCurrency") with { Parts = [LedgerPart.Currencies] },
        List("classes", "Classes", "Class"),
        List("departments", "Departments", "Department"),
        List("terms", "Terms", "Term") with { Parts = [LedgerPart.Links] },
        List("items", "Items", "Item") with { IsMinor = true, Parts = [LedgerPart.Links] },
        // Balances of accounts, customers and vendors move with every document, and no modified time shows it.
        List("customers", "Customers", "Customer") with { Parts = [LedgerPart.Contacts], IsOptional = false, HasSilentChanges = true },
        List("vendors", "Vendors", "Vendor") with { IsMinor = true, Parts = [LedgerPart.Contacts], IsOptional = false, HasSilentChanges = true },
        List("employees", "Employees", "Employee") with { Parts = [LedgerPart.Contacts] },
        Transactions("invoices", "Invoices", "Invoice") with { Parts = [LedgerPart.Documents], IsOptional = false },
        Transactions("sales-receipts", "Sales receipts", "SalesReceipt") with { Parts = [LedgerPart.BankEntries] },
        Transactions("credit-memos", "Credit memos", "CreditMemo") with { IsMinor = true, Parts = [LedgerPart.Documents] },
        Transactions("refund-receipts", "Refund receipts", "RefundReceipt") with { Parts = [LedgerPart.BankEntries] },
        Transactions("bills", "Bills", "Bill") with { Parts = [LedgerPart.Documents], IsOptional = false },
        Transactions("vendor-credits", "Vendor credits", "VendorCredit") with { Parts = [LedgerPart.Documents] },
        Transactions("payments", "Payments", "Payment") with { Parts = [LedgerPart.Payments, LedgerPart.Documents] },
        Transactions("bill-payments", "Bill payments", "BillPayment") with { Parts = [LedgerPart.Payments, LedgerPart.Documents] },
        Transactions("purchases", "Purchases", "Purchase") with { Parts = [LedgerPart.BankEntries] },
        Transactions("deposits", "Deposits", "Deposit") with { Parts = [LedgerPart.BankEntries] },
        Transactions("transfers", "Transfers", "Transfer") with { IsMinor = true, Parts = [LedgerPart.Transfers] },
        Transactions("journal-entries", "Journal entries", "JournalEntry") with { IsMinor = true, Parts = [LedgerPart.Journals] },
        Entity("attachments", "Attachments", "Attachable") with { Parts = [LedgerPart.Attachments] },
        Report("balance-sheet", "Balance sheet by month", "BalanceSheet", 12) with { Parts = [LedgerPart.Balances], Query = ByMonth, Split = ReportSplit.Months, Cadence = Cadence.EverySync },
        Report("profit-and-loss", "Profit and loss by month", "ProfitAndLoss", 12) with { Parts = [LedgerPart.Balances], Query = ByMonth, Split = ReportSplit.Months, Cadence = Cadence.EverySync },
        Report("balance-sheet-history", "Balance sheet, the year before", "BalanceSheet", 12) with { Parts = [LedgerPart.BalanceHistory], Query = ByMonth, Split = ReportSplit.Months, MonthsBack = 12 },
        Report("profit-and-loss-history", "Profit and loss, the year before", "ProfitAndLoss", 12) with { Parts = [LedgerPart.BalanceHistory], Query = ByMonth, Split = ReportSplit.Months, MonthsBack = 12 },
        // Income and expenses of these twelve months, all else as it stands at their end: the report does not know when the financial year began.
        Report("trial-balance", "Trial balance", "TrialBalance", 12) with { Query = "accounting_method=Accrual", Split = ReportSplit.None, MonthsBack = 1 },
        // No transaction says whether it is matched to the statement: only this report's filter does.
        Statement("reconciled", "Reconciled transactions", "Reconciled") with { Parts = [LedgerPart.Reconciliation], Months = 12, Cadence = Cadence.EverySync },
        // One month more than a year: at a month's turn the other list moves on at once and this one within a week.
        Statement("reconciled-history", "Reconciled transactions, the year before", "Reconciled") with { Parts = [LedgerPart.Reconciliation], Months = 13, MonthsBack = 11 },
        Statement("cleared", "Cleared transactions", "Cleared") with { Parts = [LedgerPart.Reconciliation], Months = 24 },
    ];

    // Read in order of the id, and the reader looks at each page's edge: edits move no row, and a deletion shows.
    private static QuickBooksDataset Entity(string name, string title, string entity) => new(name, title, entity) { IsPaged = true, IsIncremental = true, HasStablePages = true };

    private static QuickBooksDataset List(string name, string title, string entity) => Entity(name, title, entity) with { HasInactive = true };

    private static QuickBooksDataset Transactions(string name, string title, string entity) => Entity(name, title, entity) with { IsCountable = true };

    private static QuickBooksDataset Single(string name, string title, string entity) => Entity(name, title, entity) with { IsSingle = true, HasSilentChanges = true };

    private static QuickBooksDataset Settings(string name, string title, string entity) => Entity(name, title, entity) with { IsIncremental = false, Cadence = Cadence.Weekly };

    // An older report stays: it still tells its months when the window has moved on.
    private static QuickBooksDataset Report(string name, string title, string report, int months) =>
        new(name, title, report) { Months = months, IsPaged = true, HasStablePages = true, Cadence = Cadence.Weekly, AbsenceMeansDeleted = false };

    // These are lists of what is so today: the windows of yesterday must not stay beside them.
    private static QuickBooksDataset Statement(string name, string title, string state) =>
        Report(name, title, "TransactionList", 12) with { Query = $"{Lines}&cleared={state}", AbsenceMeansDeleted = true };
}
