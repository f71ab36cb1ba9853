using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.Accounting;

/// <summary>One list of the Accounting API.</summary>
/// <param name="Name">Path segment and scope key.</param>
/// <param name="Collection">The books' collection.</param>
/// <param name="Envelope">The list's name in the answer.</param>
/// <param name="IdField">The record's id.</param>
/// <param name="Numbers">Fields by which a single record may be asked for besides its id.</param>
/// <param name="Paged">Knows page and pageSize.</param>
/// <param name="Incremental">Knows If-Modified-Since.</param>
/// <param name="Fields">Roots of the paths that where and order may name.</param>
internal sealed record Endpoint(
    string Name, string Collection, string Envelope, string IdField, IReadOnlyList<string> Numbers, bool Paged, bool Incremental, IReadOnlySet<string> Fields);

/// <summary>The table of facts 2.2.</summary>
internal static class Endpoints
{
    private const string Document = "Type Status Contact Date DueDate LineAmountTypes SubTotal TotalTax Total CurrencyCode CurrencyRate HasAttachments UpdatedDateUTC Reference ";

    private static readonly Dictionary<string, Endpoint> ByName = new[]
    {
        Of("Organisation", "OrganisationID", "", envelope: "Organisations", incremental: false),
        Of("Organisations", "OrganisationID", "", collection: BookCollections.Organisation, incremental: false),
        Of("Users", "UserID", "EmailAddress FirstName LastName UpdatedDateUTC IsSubscriber OrganisationRole GlobalUserID"),
        Of("Accounts", "AccountID", "Code Name Type Class Status TaxType SystemAccount BankAccountType BankAccountNumber CurrencyCode EnablePaymentsToAccount ShowInExpenseClaims ReportingCode ReportingCodeName HasAttachments Description UpdatedDateUTC", "Code"),
        Of("TaxRates", "TaxType", "Name Status ReportTaxType DisplayTaxRate EffectiveRate CanApplyToAssets CanApplyToEquity CanApplyToExpenses CanApplyToLiabilities CanApplyToRevenue", "TaxType Name", incremental: false),
        Of("TrackingCategories", "TrackingCategoryID", "Name Status", incremental: false),
        Of("Currencies", "Code", "Description", "Code", incremental: false),
        Of("Items", "ItemID", "Code Name Description PurchaseDescription IsSold IsPurchased IsTrackedAsInventory QuantityOnHand PurchaseDetails SalesDetails UpdatedDateUTC", "Code"),
        Of("Contacts", "ContactID", "ContactStatus Name FirstName LastName EmailAddress CompanyNumber TaxNumber AccountNumber ContactNumber IsSupplier IsCustomer DefaultCurrency AccountsReceivableTaxType AccountsPayableTaxType BankAccountDetails MergedToContactID HasAttachments UpdatedDateUTC Balances", "ContactNumber", paged: true),
        Of("Invoices", "InvoiceID", Document + "InvoiceNumber ExpectedPaymentDate PlannedPaymentDate FullyPaidOnDate AmountDue AmountPaid AmountCredited SentToContact RepeatingInvoiceID Url BrandingThemeID", "InvoiceNumber", paged: true),
        Of("CreditNotes", "CreditNoteID", Document + "CreditNoteNumber RemainingCredit FullyPaidOnDate SentToContact", "CreditNoteNumber", paged: true),
        Of("Overpayments", "OverpaymentID", Document + "RemainingCredit", paged: true),
        Of("Prepayments", "PrepaymentID", Document + "RemainingCredit", paged: true),
        Of("Payments", "PaymentID", "Date Amount BankAmount CurrencyRate PaymentType Status IsReconciled Account Invoice CreditNote Prepayment Overpayment BatchPayment BatchPaymentID Reference HasAccount UpdatedDateUTC", paged: true),
        Of("BatchPayments", "BatchPaymentID", "Account Date DateString Type Status TotalAmount IsReconciled Reference UpdatedDateUTC"),
        Of("BankTransactions", "BankTransactionID", Document + "BankAccount IsReconciled PrepaymentID OverpaymentID Url", paged: true),
        Of("BankTransfers", "BankTransferID", "FromBankAccount ToBankAccount Amount Date FromIsReconciled ToIsReconciled FromBankTransactionID ToBankTransactionID Status CreatedDateUTC HasAttachments Reference"),
        Of("ManualJournals", "ManualJournalID", "Narration Date Status LineAmountTypes ShowOnCashBasisReports HasAttachments Url UpdatedDateUTC", paged: true),
        Of("RepeatingInvoices", "RepeatingInvoiceID", Document + "Schedule ID", incremental: false),
    }.ToDictionary(endpoint => endpoint.Name, StringComparer.OrdinalIgnoreCase);

    public static Endpoint? Find(string name) => ByName.GetValueOrDefault(name);

    private static Endpoint Of(
        string name, string idField, string fields, string numbers = "", bool paged = false, bool incremental = true, string? envelope = null, string? collection = null) =>
        new(name, collection ?? name, envelope ?? name, idField, Words(numbers), paged, incremental,
            Words(fields).Append(idField).Append("ID").ToHashSet(StringComparer.OrdinalIgnoreCase));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
