namespace DataHealth.Core.Providers.Xero;

/// <summary>Every dataset that we copy from Xero, one line each, in the order in which they are planned. Nothing costs a call per record.</summary>
internal static class XeroDatasets
{
    private const string Unit = "unitdp=4";
    private const string Months = "periods=11&timeframe=MONTH&standardLayout=true";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<XeroDataset> All { get; } =
    [
        Whole("organisation", "Organisation", "Organisation", "OrganisationID") with { Parts = [LedgerPart.Organisation], Collection = "Organisations", IsOptional = false, StatusField = "" },
        Whole("accounts", "Accounts", "Accounts", "AccountID") with { Parts = [LedgerPart.Accounts], IsOptional = false },
        Whole("tax-rates", "Tax rates", "TaxRates", "TaxType") with { Parts = [LedgerPart.TaxRates], Cadence = Cadence.Weekly },
        Whole("tracking-categories", "Tracking categories", "TrackingCategories", "TrackingCategoryID") with { Cadence = Cadence.Weekly, Query = "includeArchived=true" },
        Whole("currencies", "Currencies", "Currencies", "Code") with { Parts = [LedgerPart.Currencies], Cadence = Cadence.Weekly, StatusField = "" },
        Whole("users", "Users", "Users", "UserID") with { Parts = [LedgerPart.Users], Cadence = Cadence.Weekly, StatusField = "" },
        Whole("items", "Items", "Items", "ItemID") with { Parts = [LedgerPart.Links], Query = Unit },
        Paged("contacts", "Contacts", "Contacts", "ContactID") with { Parts = [LedgerPart.Contacts], Query = "includeArchived=true", StatusField = "ContactStatus", HasSilentChanges = true, IsOptional = false },
        Paged("invoices", "Invoices and bills", "Invoices", "InvoiceID") with { Parts = [LedgerPart.Documents], Query = $"includeArchived=true&{Unit}", HasSilentChanges = true, IsOptional = false },
        Paged("credit-notes", "Credit notes", "CreditNotes", "CreditNoteID") with { Parts = [LedgerPart.Documents], Query = Unit, HasSilentChanges = true },
        Paged("overpayments", "Overpayments", "Overpayments", "OverpaymentID") with { Parts = [LedgerPart.Documents], Query = Unit },
        Paged("prepayments", "Prepayments", "Prepayments", "PrepaymentID") with { Parts = [LedgerPart.Documents], Query = Unit },
        Paged("payments", "Payments", "Payments", "PaymentID") with { Parts = [LedgerPart.Payments], HasSilentChanges = true },
        Whole("batch-payments", "Batch payments", "BatchPayments", "BatchPaymentID") with { IsIncremental = true, HasSilentChanges = true },
        Paged("bank-transactions", "Bank transactions", "BankTransactions", "BankTransactionID") with { Parts = [LedgerPart.BankEntries], Query = Unit, HasSilentChanges = true },
        Whole("bank-transfers", "Bank transfers", "BankTransfers", "BankTransferID") with { Parts = [LedgerPart.Transfers], Query = "includeDeleted=true" },
        Paged("manual-journals", "Manual journals", "ManualJournals", "ManualJournalID") with { Parts = [LedgerPart.Journals] },
        Whole("repeating-invoices", "Repeating invoices", "RepeatingInvoices", "RepeatingInvoiceID") with { Cadence = Cadence.Weekly },
        Register("assets", "Fixed assets", "Assets", "assetId") with { Parts = [LedgerPart.Assets], Shape = XeroShape.AssetPages, Collection = "items", IsPaged = true },
        Register("asset-types", "Fixed asset types", "AssetTypes", "assetTypeId") with { Parts = [LedgerPart.Assets], Shape = XeroShape.Array },
        Register("asset-settings", "Fixed asset settings", "Settings", "") with { Parts = [LedgerPart.Assets], Shape = XeroShape.Single },
        Report("balance-sheet", "Balance sheet by month", "BalanceSheet", XeroWindow.TwelveMonths) with { Parts = [LedgerPart.Balances], Query = Months, Cadence = Cadence.EverySync },
        Report("profit-and-loss", "Profit and loss by month", "ProfitAndLoss", XeroWindow.TwelveMonths) with { Parts = [LedgerPart.Balances], Query = Months, Cadence = Cadence.EverySync },
        Report("balance-sheet-history", "Balance sheet, the year before", "BalanceSheet", XeroWindow.TwelveMonthsBefore) with { Parts = [LedgerPart.BalanceHistory], Query = Months },
        Report("profit-and-loss-history", "Profit and loss, the year before", "ProfitAndLoss", XeroWindow.TwelveMonthsBefore) with { Parts = [LedgerPart.BalanceHistory], Query = Months },
        Report("trial-balance", "Trial balance", "TrialBalance", XeroWindow.LastMonthEnd),
        Report("bank-summary", "Bank summary", "BankSummary", XeroWindow.LastMonthEnd),
    ];

    // A page number over "last changed" skips rows when one is edited while we page, so every paged endpoint is read by id.
    private static XeroDataset Paged(string name, string title, string path, string id) =>
        new(name, title, path, id) { IsPaged = true, IsIncremental = true, IsCountable = true };

    private static XeroDataset Whole(string name, string title, string path, string id) => new(name, title, path, id);

    private static XeroDataset Register(string name, string title, string path, string id) =>
        new(name, title, path, id) { Api = XeroApi.Assets, Cadence = Cadence.Weekly, StatusField = "" };

    // An older report stays: it still tells its months when the window has moved on.
    private static XeroDataset Report(string name, string title, string path, XeroWindow window) =>
        new(name, title, $"Reports/{path}", "") { Collection = "Reports", Window = window, Cadence = Cadence.Weekly, AbsenceMeansDeleted = false, StatusField = "" };
}
