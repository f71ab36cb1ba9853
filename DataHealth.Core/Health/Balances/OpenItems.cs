using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>
/// What was open on past days, document by document: rebuilt from documents, payments and uses of credits dated up to then. Each record once, in any order, with links applied. A document's own
/// remainder is today's: a past day's is that, and what was settled since. What is voided or deleted counts on no day, as in the providers' reports, which take it out from its own date on.
/// </summary>
/// <remarks>
/// Holds documents that were open on the first day asked for or have come since, those in foreign currency, and where the provider does not say when a document was paid (QuickBooks) all of them:
/// about 300 bytes each. Of what was settled on or before that day in base currency nothing is held.
/// </remarks>
public sealed class OpenItems
{
    private readonly BooksFrame _frame;
    private readonly DateOnly[] _days;
    private readonly Dictionary<string, Held> _items = new(StringComparer.Ordinal);

    /// <param name="frame">Filled before the first record.</param>
    /// <param name="days">The days asked for; at least one.</param>
    /// <exception cref="ArgumentException">No day.</exception>
    public OpenItems(BooksFrame frame, IEnumerable<DateOnly> days)
    {
        _frame = frame;
        _days = [.. days.Distinct().Order()];
        if (_days.Length == 0)
            throw new ArgumentException("No day is asked for.", nameof(days));
    }

    /// <summary>The days asked for, in order.</summary>
    public IReadOnlyList<DateOnly> Days => _days;

    /// <summary>How many documents are held.</summary>
    internal int Count => _items.Count;

    /// <summary>Takes in a record; what is neither a document nor settles one is passed over.</summary>
    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerDocument { Date: { } date } document when document.Status.IsInTheAccounts() && document.Kind != DocumentKind.Unknown:
                Document(document, date);
                break;
            case LedgerPayment { Date: { } date, DocumentId: { } id } payment when payment.Status.IsInTheAccounts() && !payment.MadeItsDocument():
                // What a payment of another kind of record settles (a journal) has no remainder of its own: all of its payments count.
                Settle(id, payment.Amount, date, payment.Settles == DocumentKind.Unknown || _frame.IsForeign(payment.Currency, payment.CurrencyRate));
                break;
            case LedgerCreditUse { Date: { } date } use when use.Status.IsInTheAccounts():
                // Which currency is not told: held until the documents are known.
                Settle(use.CreditId, use.Amount, date, isHeld: true);
                Settle(use.DocumentId, use.Amount, date, isHeld: true);
                break;
            case LedgerJournal { Date: { } date } journal when journal.Status.IsInTheAccounts() && HasControl(journal.Lines):
                ByHand(journal, null, null, 1m, journal.Lines, 1, date);
                break;
            case LedgerBankEntry { Date: { } date, Kind: BankEntryKind.Direct } entry when entry.Status.IsInTheAccounts() && HasControl(entry.Lines):
                ByHand(entry, entry.ContactId, entry.Currency, entry.CurrencyRate, entry.Lines, entry.Direction == MoneyDirection.In ? -1 : 1, date);
                break;
        }
    }

    /// <summary>What was open at the end of one of the days asked for.</summary>
    /// <exception cref="ArgumentException">That day was not asked for.</exception>
    public OpenItemsAt At(DateOnly day)
    {
        if (Array.BinarySearch(_days, day) < 0)
            throw new ArgumentException("That day was not asked for.", nameof(day));
        return new(day, [.. _items.Select(pair => pair.Value.At(pair.Key, day)).OfType<OpenItem>().OrderBy(item => item.Id, StringComparer.Ordinal)]);
    }

    private void Document(LedgerDocument document, DateOnly date)
    {
        var isForeign = _frame.IsForeign(document.Currency, document.CurrencyRate);
        foreach (var part in document.Allocations)
        {
            Settle(document.Id, part.Amount, part.Date ?? date, isForeign);
            Settle(part.DocumentId, part.Amount, part.Date ?? date, isForeign);
        }

        if (!isForeign && document.Outstanding == 0m && document.PaidOn <= _days[0] && date <= _days[0] && !_items.ContainsKey(document.Id))
            return;
        var item = Hold(document.Id);
        (item.Kind, item.IsReceivable, item.Sign, item.IsKnown) = (document.Kind, document.Kind.IsSale(), document.Kind.IsCredit() ? -1 : 1, true);
        (item.ContactId, item.ContactName, item.Number, item.Date, item.DueDate) = (document.ContactId, document.ContactName, document.Number, date, document.DueDate);
        (item.Record, item.Print) = (RecordRef.Of(document), Fingerprint.Of(document));
        (item.Currency, item.Rate, item.IsForeign) = (document.Currency, document.CurrencyRate, isForeign);
        (item.Gross, item.Outstanding) = (document.Gross, document.Outstanding);
        item.IsInControl = !document.Kind.IsAdvance() || IsOn(document.Kind.Control(), document.Lines);
    }

    private bool IsOn(AccountPart control, IReadOnlyList<LedgerLine> lines) =>
        lines.All(line => _frame.Find(line.AccountId, line.AccountCode) is not { } account || _frame.Part(account.Id) == control);

    private bool HasControl(IReadOnlyList<LedgerLine> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            if (_frame.Part(_frame.Find(lines[at].AccountId, lines[at].AccountCode)?.Id) is AccountPart.Receivable or AccountPart.Payable)
                return true;
        }
        return false;
    }

    private void Settle(string? id, decimal amount, DateOnly date, bool isHeld)
    {
        if (id is null || amount == 0m || (!isHeld && date <= _days[0]))
            return;
        Hold(id).Settled.Add((date, amount));
    }

    // A journal or bank entry may be posted to a control account itself (QuickBooks); a debit of receivables is owed to us, a credit of payables by us.
    private void ByHand(LedgerRecord record, string? contact, string? currency, decimal rate, IReadOnlyList<LedgerLine> lines, int side, DateOnly date)
    {
        foreach (var group in lines.GroupBy(line => _frame.Part(_frame.Find(line.AccountId, line.AccountCode)?.Id)).Where(group => group.Key is AccountPart.Receivable or AccountPart.Payable))
        {
            var amount = group.Sum(line => Math.Round(line.Net, 2, MidpointRounding.AwayFromZero)) * side * (group.Key == AccountPart.Receivable ? 1 : -1);
            // Only what a payment settles of it is known, not how much of it is still open: all of it counts until then.
            var item = Hold(group.Key == AccountPart.Receivable ? record.Id : record.Id + "-payable");
            item.Record = RecordRef.Of(record);
            (item.IsReceivable, item.Sign, item.IsKnown, item.ContactId, item.Date) = (group.Key == AccountPart.Receivable, 1, true, contact, date);
            (item.Currency, item.Rate, item.IsForeign, item.Gross, item.Outstanding) = (currency, rate, _frame.IsForeign(currency, rate), amount, null);
        }
    }

    private Held Hold(string id) => _items.TryGetValue(id, out var item) ? item : _items[id] = new();

    private sealed class Held
    {
        public DocumentKind Kind;
        public bool IsReceivable, IsKnown, IsForeign;
        public bool IsInControl = true;
        public int Sign = 1;
        public string? ContactId, ContactName, Number, Currency;
        public RecordRef Record;
        public ulong Print;
        public DateOnly Date;
        public DateOnly? DueDate;
        public decimal Rate = 1m, Gross;

        /// <summary>What is left today; null where the record does not tell.</summary>
        public decimal? Outstanding;

        public List<(DateOnly Date, decimal Amount)> Settled { get; } = [];

        public OpenItem? At(string id, DateOnly day)
        {
            if (!IsKnown)
                return null;
            var isThere = Date <= day;
            decimal later = 0m, before = 0m, inBase = 0m;
            foreach (var (date, amount) in Settled)
            {
                if (date > day)
                {
                    later += amount;
                    continue;
                }

                before += amount;
                inBase += DocumentSides.ToBase(amount, Rate);
            }

            // Back from today's remainder; what settled it without a date is taken to have done so all along. Money that came before its document is open against it until then.
            var open = Outstanding is { } left ? left + later - (isThere ? 0m : Gross) : (isThere ? Gross : 0m) - before;
            var openInBase = open;
            if (IsForeign)
            {
                var undated = Outstanding is null ? 0m : Gross - Outstanding.Value - later - before;
                openInBase = (isThere ? DocumentSides.ToBase(Gross, Rate) : 0m) - inBase - DocumentSides.ToBase(undated, Rate);
            }

            return open == 0m && openInBase == 0m ? null : new OpenItem(id, Kind, IsReceivable)
            {
                Record = Record,
                Print = Print,
                ContactId = ContactId,
                ContactName = ContactName,
                Number = Number,
                Date = Date,
                DueDate = DueDate,
                Currency = Currency,
                Open = open * Sign,
                OpenInBase = openInBase * Sign,
                IsInControl = IsInControl,
            };
        }
    }
}
