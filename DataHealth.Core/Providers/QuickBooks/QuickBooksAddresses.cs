using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// Where a person sees a record in QuickBooks Online: the addresses of its own pages, which Intuit does not document; the person must be signed in to the company. Ledger ids carry the kind
/// (<c>vendor-41</c>), the pages want the number.
/// </summary>
internal static class QuickBooksAddresses
{
    public static Uri? Of(RecordRef record)
    {
        var parts = record.Id.Split('-');
        var number = parts.Length > 1 ? parts[1] : record.Id;
        var page = (record.Kind, parts[0]) switch
        {
            (RecordKind.SalesInvoice, _) => "invoice?txnId=",
            (RecordKind.Bill, _) => "bill?txnId=",
            (RecordKind.SalesCreditNote, _) => "creditmemo?txnId=",
            (RecordKind.SupplierCreditNote, _) => "vendorcredit?txnId=",
            (RecordKind.Payment or RecordKind.Overpayment, "payment") => "recvpayment?txnId=",
            (RecordKind.Payment or RecordKind.Overpayment, "billpayment") => "billpayment?txnId=",
            (RecordKind.BankEntry, "purchase") => "expense?txnId=",
            (RecordKind.BankEntry, "salesreceipt") => "salesreceipt?txnId=",
            (RecordKind.BankEntry, "refundreceipt") => "refundreceipt?txnId=",
            (RecordKind.BankEntry, "deposit") => "deposit?txnId=",
            (RecordKind.Transfer, _) => "transfer?txnId=",
            (RecordKind.Journal, _) => "journal?txnId=",
            (RecordKind.Contact, "customer") => "customerdetail?nameId=",
            (RecordKind.Contact, "vendor") => "vendordetail?nameId=",
            (RecordKind.Account, _) => "register?accountId=",
            _ => null,
        };
        return page is null ? null : new Uri($"https://app.qbo.intuit.com/app/{page}{Uri.EscapeDataString(number)}");
    }
}
