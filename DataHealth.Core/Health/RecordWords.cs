using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>What a record is called in findings: its number or reference, or in words what it is. Never its id, which tells a person nothing.</summary>
internal static class RecordWords
{
    public static string Of(LedgerRecord record) => record switch
    {
        LedgerDocument { Number: { Length: > 0 } number } => number,
        LedgerDocument document => document.Kind switch
        {
            DocumentKind.SalesInvoice => "Invoice",
            DocumentKind.Bill => "Bill",
            DocumentKind.SalesCreditNote or DocumentKind.SupplierCreditNote => "Credit note",
            DocumentKind.SalesOverpayment or DocumentKind.SupplierOverpayment => "Overpayment",
            DocumentKind.SalesPrepayment or DocumentKind.SupplierPrepayment => "Prepayment",
            _ => "Document",
        },
        LedgerBankEntry { Reference: { Length: > 0 } reference } => reference,
        LedgerBankEntry entry => entry.Direction == MoneyDirection.In ? "Money received" : "Money spent",
        LedgerPayment payment => $"Payment {payment.Reference ?? payment.DocumentNumber}".TrimEnd(),
        LedgerTransfer transfer => $"Transfer {transfer.Reference}".TrimEnd(),
        LedgerJournal journal => journal.Narration is { Length: > 0 } narration ? narration : "Journal",
        _ => "Record",
    };
}
