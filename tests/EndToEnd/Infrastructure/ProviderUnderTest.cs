namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>What a test that is about no provider must know of the one that it runs against. Another provider is another one of these in <see cref="All"/>.</summary>
public sealed record ProviderUnderTest
{
    /// <summary>Xero, as the sandbox plays it.</summary>
    public static ProviderUnderTest Xero { get; } = new()
    {
        Key = "xero",
        Section = "Xero",
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
        CurrentReports = ["balance-sheet", "profit-and-loss"],
        OtherReports = ["balance-sheet-history", "profit-and-loss-history", "trial-balance", "bank-summary"],
        Weekly = ["tax-rates", "tracking-categories", "currencies", "users", "items", "batch-payments", "repeating-invoices", "assets", "asset-types", "asset-settings"],
        FirstEndpoint = "Organisation",
        Documents = new("invoices", "Invoices", "InvoiceID"),
        ReadOncePass = "Accounts",
        EditedWhileRead = ["Accounts", "Contacts", "Invoices", "Payments", "BankTransactions"],
    };

    private static readonly ProviderUnderTest[] Every = [Xero];

    /// <summary>The keys of all.</summary>
    public static IReadOnlyList<string> Keys => [.. Every.Select(provider => provider.Key)];

    /// <summary>The same as a theory's data.</summary>
    public static TheoryData<string> All => [.. Keys];

    /// <summary>The provider of that key.</summary>
    public static ProviderUnderTest Of(string key) => Every.Single(provider => provider.Key == key);

    /// <summary>Its key in our addresses.</summary>
    public required string Key { get; init; }

    /// <summary>Its section of our settings. A test's setting <c>Provider__X</c> goes there.</summary>
    public required string Section { get; init; }

    /// <summary>Its settings for a sandbox at that address, without the section; limits that no test meets by accident.</summary>
    public required Func<Uri, IReadOnlyDictionary<string, string>> Settings { get; init; }

    /// <summary>Every dataset that is a list.</summary>
    public required IReadOnlyList<ListUnderTest> Lists { get; init; }

    /// <summary>Reports that are read at every sync.</summary>
    public required IReadOnlyList<string> CurrentReports { get; init; }

    /// <summary>Reports that are read once a week.</summary>
    public required IReadOnlyList<string> OtherReports { get; init; }

    /// <summary>Lists that are read in full once a week: what is edited between two syncs shows there later.</summary>
    public required IReadOnlyList<string> Weekly { get; init; }

    /// <summary>What a run asks for first.</summary>
    public required string FirstEndpoint { get; init; }

    /// <summary>The largest list.</summary>
    public required ListUnderTest Documents { get; init; }

    /// <summary>An endpoint that is asked once in each pass.</summary>
    public required string ReadOncePass { get; init; }

    /// <summary>Collections after whose first page a test edits the books.</summary>
    public required IReadOnlyList<string> EditedWhileRead { get; init; }
}

/// <summary>A list.</summary>
/// <param name="Dataset">Our name.</param>
/// <param name="Collection">The name in the books, and of the endpoint.</param>
/// <param name="Id">The field that tells its records apart; empty where there is one record.</param>
public sealed record ListUnderTest(string Dataset, string Collection, string Id);
