using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero;

/// <summary>
/// Where a person sees a record in Xero. Rules: Xero's "Deep link to Xero" guide (<c>developer.xero.com/documentation/api-guides/deep-link-xero</c>); the short code picks the organisation. Records
/// that the guide has no page for lead nowhere.
/// </summary>
internal static class XeroAddresses
{
    private const string Login = "https://go.xero.com/organisationlogin/default.aspx";

    public static Uri? Of(RecordRef record, string? shortCode) => Page(record.Kind, Uri.EscapeDataString(record.Id)) is not { } page ? null
        : shortCode is { Length: > 0 } ? new Uri($"{Login}?shortcode={Uri.EscapeDataString(shortCode)}&redirecturl={page}") : new Uri("https://go.xero.com" + page);

    private static string? Page(RecordKind kind, string id) => kind switch
    {
        RecordKind.SalesInvoice => $"/AccountsReceivable/View.aspx?InvoiceID={id}",
        RecordKind.Bill => $"/AccountsPayable/Edit.aspx?InvoiceID={id}",
        RecordKind.SalesCreditNote => $"/AccountsReceivable/ViewCreditNote.aspx?creditNoteID={id}",
        RecordKind.SupplierCreditNote => $"/AccountsPayable/ViewCreditNote.aspx?creditNoteID={id}",
        RecordKind.Contact => $"/Contacts/View/{id}",
        RecordKind.Payment => $"/Bank/ViewPayment.aspx?paymentID={id}",
        RecordKind.BankEntry => $"/Bank/ViewTransaction.aspx?bankTransactionID={id}",
        RecordKind.Journal => $"/Journal/View.aspx?invoiceID={id}",
        RecordKind.Account => "/GeneralLedger/ChartOfAccounts.aspx",
        _ => null,
    };
}
