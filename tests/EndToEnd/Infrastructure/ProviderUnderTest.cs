using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.QuickBooks;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>What a test that is about no provider must know of the one that it runs against. Another provider is another one of these in <see cref="All"/>.</summary>
public sealed record ProviderUnderTest
{
    /// <summary>Xero, as the sandbox plays it.</summary>
    public static ProviderUnderTest Xero { get; } = new()
    {
        Key = "xero",
        Section = "Xero",
        Start = async (options, redirects, cancellationToken) => new XeroSimulation(await SandboxServer.StartAsync(options.Sandbox with { RedirectUris = redirects }, cancellationToken)),
        Settings = sandbox => new Dictionary<string, string>
        {
            ["ClientId"] = "sandbox-client",
            ["ClientSecret"] = "sandbox-secret",
            ["LoginUri"] = sandbox.AbsoluteUri,
            ["IdentityUri"] = sandbox.AbsoluteUri,
            ["ApiUri"] = sandbox.AbsoluteUri,
            ["MinuteLimit"] = "100000",
            ["DayLimit"] = "100000",
            ["AppMinuteLimit"] = "1000000",
        },
        Lists =
        [
            new("organisation", "Organisation", "OrganisationID"), new("accounts", "Accounts", "AccountID"), new("tax-rates", "TaxRates", "TaxType"),
            new("tracking-categories", "TrackingCategories", "TrackingCategoryID"), new("currencies", "Currencies", "Code"), new("users", "Users", "UserID"),
            new("items", "Items", "ItemID"), new("contacts", "Contacts", "ContactID"), new("invoices", "Invoices", "InvoiceID"), new("credit-notes", "CreditNotes", "CreditNoteID"),
            new("overpayments", "Overpayments", "OverpaymentID"), new("prepayments", "Prepayments", "PrepaymentID"), new("payments", "Payments", "PaymentID"),
            new("batch-payments", "BatchPayments", "BatchPaymentID"), new("bank-transactions", "BankTransactions", "BankTransactionID"),
            new("bank-transfers", "BankTransfers", "BankTransferID"), new("manual-journals", "ManualJournals", "ManualJournalID"),
            new("repeating-invoices", "RepeatingInvoices", "RepeatingInvoiceID"), new("assets", "Assets", "assetId"), new("asset-types", "AssetTypes", "assetTypeId"),
            new("asset-settings", "AssetSettings", ""),
        ],
        CurrentReports = [new("balance-sheet", "BalanceSheet"), new("profit-and-loss", "ProfitAndLoss")],
        OtherReports =
        [
            new("balance-sheet-history", "BalanceSheet"), new("profit-and-loss-history", "ProfitAndLoss"), new("trial-balance", "TrialBalance"), new("bank-summary", "BankSummary"),
        ],
        Weekly = ["tax-rates", "tracking-categories", "currencies", "users", "items", "batch-payments", "repeating-invoices", "assets", "asset-types", "asset-settings"],
        FirstEndpoint = "Organisation",
        Documents = new("invoices", "Invoices", "InvoiceID"),
        ReadInFull = new("invoices", "Invoices", "InvoiceID"),
        ReadOncePass = "Accounts",
        ReadEverySync = ["Invoices", "Contacts", "Payments"],
        EditedWhileRead = ["Accounts", "Contacts", "Invoices", "Payments", "BankTransactions"],
        AccessTokenLife = TimeSpan.FromMinutes(30),
        MostFirstCalls = (product, company) =>
        {
            // Must show 5 of issue 3: what a first sync must read, by pages of 1,000, and 2 % more at most. Assets come a status at a time, 100 on a page.
            string[] paged = ["Contacts", "Invoices", "CreditNotes", "Overpayments", "Prepayments", "Payments", "BankTransactions", "ManualJournals"];
            var books = (XeroSimulation)product.Simulation;
            var assets = books.Truth(company, "Assets").ControlTotals;
            var pages = paged.Sum(collection => Pages(books.Truth(company, collection).Count, 1000))
                + ((string[])["DRAFT", "REGISTERED", "DISPOSED"]).Sum(status => Pages((int)assets.GetValueOrDefault($"Count/Assets/{status}"), 100));
            var unpaged = Xero!.Lists.Count(list => list.Collection != "Assets" && !paged.Contains(list.Collection)) + Xero.CurrentReports.Count + Xero.OtherReports.Count;
            return (int)(1.02 * pages) + unpaged;
        },
    };

    /// <summary>QuickBooks Online, as the sandbox plays it.</summary>
    public static ProviderUnderTest QuickBooks { get; } = new()
    {
        Key = "quickbooks",
        Section = "QuickBooks",
        Start = async (_, redirects, cancellationToken) =>
            new QuickBooksSimulation(await QuickBooksServer.StartAsync(new QuickBooksOptions { RedirectUris = redirects, Limits = new() { Enforced = false } }, cancellationToken)),
        Settings = sandbox => new Dictionary<string, string>
        {
            ["ClientId"] = "sandbox-client",
            ["ClientSecret"] = "sandbox-secret",
            ["AuthorizeUri"] = sandbox.AbsoluteUri,
            ["TokenUri"] = sandbox.AbsoluteUri,
            ["RevokeUri"] = sandbox.AbsoluteUri,
            ["ApiUri"] = sandbox.AbsoluteUri,
            ["MinuteLimit"] = "1000000",
            ["SecondLimit"] = "100000",
            // The sandbox is done with a token call in no time.
            ["LostAnswerRest"] = "00:00:10",
        },
        Lists =
        [
            new("company", "CompanyInfo", "Id"), new("preferences", "Preferences", "Id"), new("tax-codes", "TaxCode", "Id"), new("tax-rates", "TaxRate", "Id"), new("tax-agencies", "TaxAgency", "Id"),
            new("accounts", "Account", "Id"), new("currencies", "CompanyCurrency", "Id"), new("classes", "Class", "Id"), new("departments", "Department", "Id"), new("terms", "Term", "Id"),
            new("items", "Item", "Id"), new("customers", "Customer", "Id"), new("vendors", "Vendor", "Id"), new("employees", "Employee", "Id"), new("invoices", "Invoice", "Id"),
            new("sales-receipts", "SalesReceipt", "Id"), new("credit-memos", "CreditMemo", "Id"), new("refund-receipts", "RefundReceipt", "Id"), new("bills", "Bill", "Id"),
            new("vendor-credits", "VendorCredit", "Id"), new("payments", "Payment", "Id"), new("bill-payments", "BillPayment", "Id"), new("purchases", "Purchase", "Id"), new("deposits", "Deposit", "Id"),
            new("transfers", "Transfer", "Id"), new("journal-entries", "JournalEntry", "Id"), new("attachments", "Attachable", "Id"),
        ],
        CurrentReports = [new("balance-sheet", "BalanceSheet"), new("profit-and-loss", "ProfitAndLoss"), new("reconciled", "TransactionList", "cleared=Reconciled")],
        OtherReports =
        [
            new("balance-sheet-history", "BalanceSheet"), new("profit-and-loss-history", "ProfitAndLoss"), new("trial-balance", "TrialBalance"),
            new("reconciled-history", "TransactionList", "cleared=Reconciled"), new("cleared", "TransactionList", "cleared=Cleared"),
        ],
        Weekly = ["company", "preferences", "tax-codes", "tax-rates", "tax-agencies"],
        // What changed in all lists comes in one call.
        FirstEndpoint = "cdc",
        Documents = new("invoices", "Invoice", "Id"),
        ReadInFull = new("customers", "Customer", "Id"),
        ReadOncePass = "Reports/ProfitAndLoss",
        ReadEverySync = ["cdc", "Reports/BalanceSheet", "Reports/ProfitAndLoss"],
        EditedWhileRead = ["cdc", "Reports/BalanceSheet", "Reports/ProfitAndLoss", "Reports/TransactionList", "cdc"],
        AccessTokenLife = TimeSpan.FromHours(1),
        // Must show 2 of issue 5.
        MostFirstCalls = (product, company) => QuickBooks!.Lists.Sum(list => (product.Simulation.Records(company, list.Collection, withoutSilent: false).Count() + 999) / 1000) + 20,
    };

    private static readonly ProviderUnderTest[] Every = [Xero, QuickBooks];

    /// <summary>The keys of all.</summary>
    public static IReadOnlyList<string> Keys => [.. Every.Select(provider => provider.Key)];

    /// <summary>The same as a theory's data.</summary>
    public static TheoryData<string> All => [.. Keys];

    /// <summary>The same, the first at every <c>npm test</c> and the others in the long runs: for what no provider decides and takes a minute each.</summary>
    public static IReadOnlyList<TheoryDataRow<string>> FirstDaily => [.. Keys.Select(key => key == Xero.Key ? new TheoryDataRow<string>(key) : LongRow(key))];

    private static TheoryDataRow<string> LongRow(string key)
    {
        var row = new TheoryDataRow<string>(key);
        row.Traits.Add("Run", ["Long"]);
        return row;
    }

    /// <summary>The provider of that key.</summary>
    public static ProviderUnderTest Of(string key) => Every.Single(provider => provider.Key == key);

    /// <summary>Its key in our addresses.</summary>
    public required string Key { get; init; }

    /// <summary>Its section of our settings. A test's setting <c>Provider__X</c> goes there.</summary>
    public required string Section { get; init; }

    /// <summary>Starts its sandbox, with those addresses to which a browser may be sent back.</summary>
    public required Func<ProductOptions, IReadOnlyList<string>, CancellationToken, Task<ISimulation>> Start { get; init; }

    /// <summary>Its settings for a sandbox at that address, without the section; limits that no test meets by accident.</summary>
    public required Func<Uri, IReadOnlyDictionary<string, string>> Settings { get; init; }

    /// <summary>Every dataset that is a list.</summary>
    public required IReadOnlyList<ListUnderTest> Lists { get; init; }

    /// <summary>Reports that are read at every sync.</summary>
    public required IReadOnlyList<ReportUnderTest> CurrentReports { get; init; }

    /// <summary>Reports that are read once a week.</summary>
    public required IReadOnlyList<ReportUnderTest> OtherReports { get; init; }

    /// <summary>Lists that are read in full once a week: what is edited between two syncs shows there later.</summary>
    public required IReadOnlyList<string> Weekly { get; init; }

    /// <summary>What a run asks for first.</summary>
    public required string FirstEndpoint { get; init; }

    /// <summary>The largest list.</summary>
    public required ListUnderTest Documents { get; init; }

    /// <summary>A list that is asked for by itself at every sync when full passes are always due.</summary>
    public required ListUnderTest ReadInFull { get; init; }

    /// <summary>An endpoint that is asked once in each pass.</summary>
    public required string ReadOncePass { get; init; }

    /// <summary>Three endpoints that are asked at every sync.</summary>
    public required IReadOnlyList<string> ReadEverySync { get; init; }

    /// <summary>Calls after whose first page a test edits the books.</summary>
    public required IReadOnlyList<string> EditedWhileRead { get; init; }

    /// <summary>How long an access token lives.</summary>
    public required TimeSpan AccessTokenLife { get; init; }

    /// <summary>The most data calls that connecting and a first sync may take.</summary>
    public required Func<RunningProduct, Company, int> MostFirstCalls { get; init; }

    private static int Pages(int records, int size) => Math.Max(1, (records + size - 1) / size);
}

/// <summary>A list.</summary>
/// <param name="Dataset">Our name.</param>
/// <param name="Collection">The name in the books, and of the endpoint.</param>
/// <param name="Id">The field that tells its records apart; empty where there is one record.</param>
public sealed record ListUnderTest(string Dataset, string Collection, string Id);

/// <summary>A report.</summary>
/// <param name="Dataset">Our name.</param>
/// <param name="Name">The provider's.</param>
/// <param name="Asked">What its question holds, where one report is several datasets.</param>
public sealed record ReportUnderTest(string Dataset, string Name, string Asked = "");
