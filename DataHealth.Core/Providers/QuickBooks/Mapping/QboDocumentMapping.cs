using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>Invoices, bills and credits.</summary>
internal static class QboDocumentMapping
{
    public static LedgerRecord Invoice(string id, QboTransaction qbo) => Document(DocumentKind.SalesInvoice, "Invoice", id, qbo, qbo.Balance) with
    {
        DueDate = qbo.DueDate,
        SentToContact = qbo.EmailStatus switch { "EmailSent" => true, "NotSet" or "NeedToSend" => false, _ => null },
    };

    public static LedgerRecord Bill(string id, QboTransaction qbo) => Document(DocumentKind.Bill, "Bill", id, qbo, qbo.Balance) with { DueDate = qbo.DueDate };

    public static LedgerRecord CreditMemo(string id, QboTransaction qbo) => Document(DocumentKind.SalesCreditNote, "CreditMemo", id, qbo, qbo.RemainingCredit ?? qbo.Balance);

    public static LedgerRecord VendorCredit(string id, QboTransaction qbo) => Document(DocumentKind.SupplierCreditNote, "VendorCredit", id, qbo, qbo.Balance);

    private static LedgerDocument Document(DocumentKind kind, string type, string id, QboTransaction qbo, decimal? balance)
    {
        var gross = qbo.TotalAmt ?? 0m;
        var tax = qbo.TxnTaxDetail?.TotalTax ?? 0m;
        var status = QboTerms.Status(qbo, gross, balance);
        var outstanding = balance ?? 0m;
        return new LedgerDocument
        {
            Id = QboTerms.Id(type, id)!,
            UpdatedAt = qbo.MetaData?.LastUpdatedTime,
            Kind = kind,
            Status = status,
            Number = QboTerms.Given(qbo.DocNumber),
            Reference = QboTerms.Given(qbo.PrivateNote),
            ContactId = qbo.CustomerRef is { } customer ? QboTerms.Id("Customer", customer.Value) : QboTerms.Id("Vendor", qbo.VendorRef?.Value),
            ContactName = (qbo.CustomerRef ?? qbo.VendorRef)?.Name,
            Date = qbo.TxnDate,
            Currency = qbo.CurrencyRef?.Value,
            CurrencyRate = QboTerms.Rate(qbo.ExchangeRate),
            TaxTreatment = QboTerms.Treatment(qbo.GlobalTaxCalculation),
            Net = gross - tax,
            Tax = tax,
            Gross = gross,
            Outstanding = outstanding,
            // What settled it (money or a credit) is told by the payments, not by the document.
            Paid = status is LedgerStatus.Voided ? 0m : gross - outstanding,
            Lines = QboTerms.Lines(qbo),
            TaxParts = QboTerms.TaxParts(qbo),
            PaymentIds = [.. (qbo.LinkedTxn ?? []).Where(link => link.TxnType is "Payment" or "BillPayment" or "BillPaymentCheck" or "BillPaymentCreditCard")
                .Select(link => QboTerms.Id(link.TxnType, link.TxnId)).OfType<string>()],
        };
    }
}
