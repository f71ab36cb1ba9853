using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>A posted document or bank entry as the checks of coding see them both: who, which way, when, what on.</summary>
internal sealed class Transaction
{
    public required RecordRef Ref { get; init; }

    public required LedgerRecord Record { get; init; }

    public string? ContactId { get; init; }

    public string ContactName { get; init; } = "";

    /// <summary>Sold or bought; a credit note has the side of what it credits, a bank entry the way of the money.</summary>
    public required bool IsSale { get; init; }

    public bool IsCredit { get; init; }

    public bool IsDocument => Record is LedgerDocument;

    public required DateOnly Date { get; init; }

    public DateOnly? DueDate { get; init; }

    public string? Number { get; init; }

    /// <summary>Its number, or in words what it is: ids of records tell a person nothing.</summary>
    public string Name => Number ?? RecordWords.Of(Record);

    public string Currency { get; init; } = "";

    public decimal Gross { get; init; }

    public decimal Tax { get; init; }

    public decimal Rate { get; init; } = 1m;

    public IReadOnlyList<LedgerLine> Lines { get; init; } = [];

    public bool? HasAttachments { get; init; }

    /// <summary>In the base currency, to the cent.</summary>
    public decimal ToBase(decimal amount) => Money.Round(Rate == 0 ? amount : amount / Rate);

    /// <summary>Null for what is not posted, has no date, or is no trade (money moved between own accounts, over- and prepayments).</summary>
    /// <remarks>Checks ask <see cref="Chart.TransactionOf"/>, which makes one for all of them.</remarks>
    public static Transaction? Of(LedgerRecord record) => record switch
    {
        LedgerDocument { Date: { } date, Kind: DocumentKind.SalesInvoice or DocumentKind.Bill or DocumentKind.SalesCreditNote or DocumentKind.SupplierCreditNote } document
            when document.Status.IsInTheAccounts() => new Transaction
            {
                Ref = RecordRef.Of(document),
                Record = document,
                ContactId = document.ContactId,
                ContactName = document.ContactName ?? "",
                IsSale = document.Kind is DocumentKind.SalesInvoice or DocumentKind.SalesCreditNote,
                IsCredit = document.Kind is DocumentKind.SalesCreditNote or DocumentKind.SupplierCreditNote,
                Date = date,
                DueDate = document.DueDate,
                Number = document.Number is { Length: > 0 } number ? number : null,
                Currency = document.Currency ?? "",
                Gross = document.Gross,
                Tax = document.Tax,
                Rate = document.CurrencyRate,
                Lines = document.Lines,
                HasAttachments = document.HasAttachments,
            },
        LedgerBankEntry { Date: { } date, Kind: BankEntryKind.Direct } entry when entry.Status.IsInTheAccounts() => new Transaction
        {
            Ref = RecordRef.Of(entry),
            Record = entry,
            ContactId = entry.ContactId,
            ContactName = entry.ContactName ?? "",
            IsSale = entry.Direction == MoneyDirection.In,
            Date = date,
            Currency = entry.Currency ?? "",
            Gross = entry.Gross,
            Tax = entry.Tax,
            Rate = entry.CurrencyRate,
            Lines = entry.Lines,
            HasAttachments = entry.HasAttachments,
        },
        _ => null,
    };

    private Evidence? _evidence;

    /// <summary>The transaction as evidence of a finding.</summary>
    public Evidence AsEvidence() => _evidence ??= Evidence.Of(Record, $"{Name} {ContactName}".Trim(), Date, ToBase(Gross));
}
