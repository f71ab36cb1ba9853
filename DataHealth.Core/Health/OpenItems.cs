using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>
/// What was owed on a day: today's outstanding amount of each document, with everything put back that was paid or allocated after the day. From today backwards, because a provider need not tell how
/// each settlement of the past came about (QuickBooks: credits), but always what is left. Grows with the documents that are dated on or before the day.
/// </summary>
internal sealed class OpenItems(DateOnly day)
{
    private readonly List<OpenItem> _documents = [];
    private readonly Dictionary<string, decimal> _settledLater = new(StringComparer.Ordinal);

    public void Take(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerDocument { Date: { } date } document when document.Status.IsInTheAccounts() && document.Kind != DocumentKind.Unknown:
                foreach (var use in document.Allocations.Where(use => use.Date > day))
                {
                    SettledLater(document.Id, use.Amount);
                    SettledLater(use.DocumentId, use.Amount);
                }
                if (date <= day)
                    _documents.Add(new OpenItem(document, date));
                break;
            case LedgerPayment payment when payment.Status.IsInTheAccounts() && payment.Date > day:
                SettledLater(payment.DocumentId, payment.Amount);
                break;
        }
    }

    /// <summary>Documents that were open on the day, in no order; the amount is in the document's currency.</summary>
    public IEnumerable<(OpenItem Item, decimal Outstanding)> Open() =>
        _documents.Select(item => (item, Outstanding: Math.Min(item.Gross, item.Outstanding + _settledLater.GetValueOrDefault(item.Ref.Id)))).Where(open => open.Outstanding > 0m);

    private void SettledLater(string? document, decimal amount)
    {
        if (document is not null)
            _settledLater[document] = _settledLater.GetValueOrDefault(document) + amount;
    }
}

/// <summary>A document as far as its settlement goes.</summary>
internal sealed class OpenItem(LedgerDocument document, DateOnly date)
{
    private readonly decimal _rate = document.CurrencyRate;
    private readonly ulong _print = Fingerprint.Of(document);

    public RecordRef Ref { get; } = RecordRef.Of(document);

    public DocumentKind Kind { get; } = document.Kind;

    public DateOnly Date { get; } = date;

    public string? ContactId { get; } = document.ContactId;

    public string Text { get; } = $"{(document.Number is { Length: > 0 } number ? number : document.Id)} {document.ContactName}".Trim();

    public string Currency { get; } = document.Currency ?? "";

    public decimal Gross { get; } = document.Gross;

    public decimal Outstanding { get; } = document.Outstanding;

    public bool IsCredit => Kind is not (DocumentKind.SalesInvoice or DocumentKind.Bill);

    public bool IsSale => Kind is DocumentKind.SalesInvoice or DocumentKind.SalesCreditNote or DocumentKind.SalesOverpayment or DocumentKind.SalesPrepayment;

    public decimal ToBase(decimal amount) => Money.Round(_rate == 0 ? amount : amount / _rate);

    public Evidence AsEvidence(decimal outstanding) => new(Ref, Text, Date, ToBase(outstanding)) { Print = _print };
}
