using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Which entity a record of the books is, or none.</summary>
/// <remarks>
/// Both providers show the same company, so that its ledger has the same totals in both. What only one of them has becomes what a bookkeeper would use in its place:
/// drafts are estimates and purchase orders (which post nothing), over- and prepayments are payments with something unapplied, the use of a credit note is a payment of
/// zero, and what Xero keeps in its ledger alone is a journal entry.
/// </remarks>
internal static class EntitySources
{
    /// <summary>The use of a credit note for an invoice: slot of the credit note.</summary>
    public const string Applications = "Applications";

    /// <summary>Sets of postings that have no record in Xero: number of the set.</summary>
    public const string LedgerOnly = "LedgerOnly";

    /// <summary>Small kinds, rendered once.</summary>
    public const string Fixed = "Fixed";

    public static string? Of(string collection, BookRecord record, int slot, Company company, EntityBook book) => collection switch
    {
        BookCollections.Invoices when record is Document document => document.State switch
        {
            "AUTHORISED" or "PAID" => document.IsSale ? EntityNames.Invoice : EntityNames.Bill,
            "VOIDED" => document.IsSale ? EntityNames.Invoice : null,
            "DRAFT" or "SUBMITTED" => document.IsSale ? EntityNames.Estimate : EntityNames.PurchaseOrder,
            _ => null,
        },
        BookCollections.CreditNotes when record is Document { State: "AUTHORISED" or "PAID" } credit => credit.IsSale ? EntityNames.CreditMemo : EntityNames.VendorCredit,
        Applications when record is Document { State: "AUTHORISED" or "PAID", Allocations.Count: > 0 } credit => credit.IsSale ? EntityNames.Payment : EntityNames.BillPayment,
        BookCollections.Payments when record is Payment payment && (payment.State == "AUTHORISED" || book.IsVoided(new EntitySource(collection, slot))) => payment.IsSale ? EntityNames.Payment : EntityNames.BillPayment,
        BookCollections.BankTransactions when record is Document entry && (entry.State == "AUTHORISED" || book.IsVoided(new EntitySource(collection, slot))) => OfBank(entry),
        BookCollections.BankTransfers when record.Status == "AUTHORISED" => EntityNames.Transfer,
        BookCollections.ManualJournals when record.Status == "POSTED" => EntityNames.JournalEntry,
        BookCollections.Contacts => IsVendor(company, book, slot) ? EntityNames.Vendor : EntityNames.Customer,
        BookCollections.Items => EntityNames.Item,
        BookCollections.Accounts => EntityNames.Account,
        _ => null,
    };

    public static bool IsActive(BookRecord record) => record is not BagRecord bag || (bag.Fields["ContactStatus"] ?? bag.Fields["Status"]) is not "ARCHIVED";

    /// <summary>A contact is a customer or a vendor for good; those that never trade are shared out.</summary>
    public static bool IsVendor(Company company, EntityBook book, int slot)
    {
        if (book.MadeAsVendor(slot) is { } asked)
            return asked;
        var source = company.IsTwin(slot) ? company.TwinOf(slot) : slot;
        return source < company.Customers + company.Suppliers ? source >= company.Customers : source % 2 == 1;
    }

    private static string OfBank(Document entry)
    {
        if (entry.Brought is not null)
            return entry.IsSale ? EntityNames.Payment : EntityNames.BillPayment;
        var account = entry.Lines[0].Account;
        if (!entry.IsSale)
            return account.Class == "REVENUE" ? EntityNames.RefundReceipt : EntityNames.Purchase;
        // Money back from a supplier is an expense with its sign turned; interest is banked without a receipt.
        return account.Class != "REVENUE" ? EntityNames.Purchase : account.Type == "OTHERINCOME" ? EntityNames.Deposit : EntityNames.SalesReceipt;
    }
}
