namespace DataHealth.Core.Ledger;

/// <summary>Names one record of the ledger.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its ledger id (<see cref="LedgerRecord.Id"/>).</param>
public readonly record struct RecordRef(RecordKind Kind, string Id)
{
    /// <summary>The record's own name.</summary>
    public static RecordRef Of(LedgerRecord record) => new(KindOf(record), record.Id);

    /// <inheritdoc />
    public override string ToString() => $"{Kind}:{Id}";

    private static RecordKind KindOf(LedgerRecord record) => record switch
    {
        LedgerDocument document => document.Kind switch
        {
            DocumentKind.SalesInvoice => RecordKind.SalesInvoice,
            DocumentKind.Bill => RecordKind.Bill,
            DocumentKind.SalesCreditNote => RecordKind.SalesCreditNote,
            DocumentKind.SupplierCreditNote => RecordKind.SupplierCreditNote,
            DocumentKind.SalesOverpayment or DocumentKind.SupplierOverpayment => RecordKind.Overpayment,
            DocumentKind.SalesPrepayment or DocumentKind.SupplierPrepayment => RecordKind.Prepayment,
            _ => RecordKind.Other,
        },
        LedgerPayment => RecordKind.Payment,
        LedgerBankEntry => RecordKind.BankEntry,
        LedgerTransfer => RecordKind.Transfer,
        LedgerJournal => RecordKind.Journal,
        LedgerContact => RecordKind.Contact,
        LedgerAccount => RecordKind.Account,
        Asset => RecordKind.Asset,
        Organisation => RecordKind.Organisation,
        _ => RecordKind.Other,
    };
}

/// <summary>Kinds of record that a person can be led to.</summary>
public enum RecordKind
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>The organisation's settings.</summary>
    Organisation,

    /// <summary>An account of the chart.</summary>
    Account,

    /// <summary>A customer or supplier.</summary>
    Contact,

    /// <summary>A sales invoice.</summary>
    SalesInvoice,

    /// <summary>A bill.</summary>
    Bill,

    /// <summary>A credit note given to a customer.</summary>
    SalesCreditNote,

    /// <summary>A credit note of a supplier.</summary>
    SupplierCreditNote,

    /// <summary>An overpayment.</summary>
    Overpayment,

    /// <summary>A prepayment.</summary>
    Prepayment,

    /// <summary>A payment of a document.</summary>
    Payment,

    /// <summary>Money spent or received without a document.</summary>
    BankEntry,

    /// <summary>A transfer between own accounts.</summary>
    Transfer,

    /// <summary>A journal written by hand.</summary>
    Journal,

    /// <summary>An entry of the asset register.</summary>
    Asset,
}
