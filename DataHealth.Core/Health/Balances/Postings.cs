using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>
/// What documents, payments, bank entries, transfers and journals post to which account and when, as double entry. Each record once, in any order, with the links of <see cref="LedgerLinks"/>
/// applied. What is voided is out of the accounts from its own date on, as in the providers' reports. Holds sums by account and month; of single records only payments and credits in foreign
/// currency, the rates of such documents, and uses of credits (until <see cref="Complete"/>): a gain is known only when both sides are.
/// </summary>
/// <param name="frame">Filled before the first record.</param>
public sealed class Postings(BooksFrame frame)
{
    private readonly ExplainedBalances _explained = new(frame);
    private readonly Dictionary<string, decimal> _rates = new(StringComparer.Ordinal);
    private readonly List<LedgerPayment> _foreign = [];
    private readonly List<Use> _uses = [];
    private bool _isComplete;

    /// <summary>Takes in a record; what posts nothing is passed over.</summary>
    /// <exception cref="InvalidOperationException">After <see cref="Complete"/>.</exception>
    public void Add(LedgerRecord record)
    {
        if (_isComplete)
            throw new InvalidOperationException("The postings are complete.");
        switch (record)
        {
            case LedgerDocument { Date: { } date } document when document.Status.IsInTheAccounts() && document.Kind != DocumentKind.Unknown:
                Document(document, date);
                break;
            case LedgerPayment { Date: not null } payment when payment.Status.IsInTheAccounts() && payment.Amount != 0m:
                if (frame.IsForeign(payment.Currency, payment.CurrencyRate))
                    _foreign.Add(payment);
                else
                    Pay(payment, payment.CurrencyRate);
                break;
            case LedgerCreditUse { Date: { } date } use when use.Status.IsInTheAccounts():
                _uses.Add(new(date, use.Credit, use.CreditId, use.DocumentId, use.Amount, null, 0m));
                break;
            case LedgerBankEntry { Date: { } date } entry when entry.Status.IsInTheAccounts():
                Entry(entry, date);
                break;
            case LedgerTransfer { Date: { } date } transfer when transfer.Status.IsInTheAccounts():
                var moved = DocumentSides.ToBase(transfer.Amount, transfer.CurrencyRate ?? 1m);
                _explained.Post(Known(transfer.ToAccountId, null), date, moved);
                _explained.Post(Known(transfer.FromAccountId, null), date, -moved);
                break;
            case LedgerJournal { Date: { } date } journal when journal.Status.IsInTheAccounts():
                Lines(journal.Lines, 1m, 1, journal.Lines.Sum(line => line.Tax ?? 0m), null, date, 0m);
                break;
        }
    }

    /// <summary>What was posted, all in: a payment or credit whose document never came has realised no gain.</summary>
    public ExplainedBalances Complete()
    {
        if (_isComplete)
            return _explained;
        _isComplete = true;
        foreach (var payment in _foreign)
            Pay(payment, payment.DocumentId is { } id && _rates.TryGetValue(id, out var rate) ? rate : payment.CurrencyRate);
        foreach (var use in _uses)
            Settle(use);
        return _explained;
    }

    private void Document(LedgerDocument document, DateOnly date)
    {
        var (rate, sale) = (document.CurrencyRate, document.Kind.IsSale());
        if (frame.IsForeign(document.Currency, rate))
            _rates[document.Id] = rate;
        var side = (document.Kind.IsCredit() ? -1 : 1) * (sale ? 1 : -1);
        if (!document.Kind.IsAdvance())
        {
            var total = DocumentSides.ToBase(document.Gross, rate) * side;
            _explained.Post(Control(document.Kind, document.Currency), date, total);
            Lines(document.Lines, rate, -side, document.Tax, document.Currency, date, total);
        }

        var isOwnCoding = document.Kind.IsAdvance() && document.Gross != 0m && document.Lines.Any(line => Account(line) is { } account && frame.Part(account) != document.Kind.Control());
        foreach (var part in document.Allocations)
        {
            if (isOwnCoding)
                TakeBack(document, part, part.Date ?? date);
            else if (_rates.ContainsKey(document.Id))
                _uses.Add(new(part.Date ?? date, document.Kind, document.Id, part.DocumentId, part.Amount, document.Currency, 0m));
        }
    }

    // A prepayment that was coded to an account of its own (income in advance) leaves it when it is used for a document, and only then reduces what is owed.
    private void TakeBack(LedgerDocument document, LedgerAllocation part, DateOnly date)
    {
        var (side, share, given) = (document.Kind.IsSale() ? 1 : -1, part.Amount / document.Gross, 0m);
        foreach (var line in document.Lines)
            given += Put(Account(line), DocumentSides.ToBase(line.Net * share, document.CurrencyRate) * side);
        given += Put(frame.Playing(AccountPart.Tax, null)?.Id, DocumentSides.ToBase(document.Tax * share, document.CurrencyRate) * side);
        _uses.Add(new(date, document.Kind, document.Id, part.DocumentId, part.Amount, document.Currency, given));

        decimal Put(string? account, decimal debit)
        {
            _explained.Post(account, date, debit);
            return debit;
        }
    }

    private void Settle(Use use)
    {
        var (hasOne, hasOther) = (_rates.TryGetValue(use.CreditId ?? "", out var credit), _rates.TryGetValue(use.DocumentId ?? "", out var document));
        if (!hasOne && !hasOther && use.TakenBack == 0m)
            return;
        // Of which nothing is known is taken to have the other's rate: no gain is invented.
        (credit, document) = (hasOne ? credit : hasOther ? document : 1m, hasOther ? document : hasOne ? credit : 1m);
        var side = use.Credit.IsSale() ? 1 : -1;
        var control = Control(use.Credit, use.Currency);
        var owed = DocumentSides.ToBase(use.Amount, document) * side;
        var used = use.TakenBack != 0m ? use.TakenBack : DocumentSides.ToBase(use.Amount, credit) * side;
        _explained.Post(control, use.Date, -owed);
        if (use.TakenBack == 0m)
            _explained.Post(control, use.Date, used);
        Rest(use.Date, owed - used, isGain: credit != document);
    }

    private void Pay(LedgerPayment payment, decimal rate)
    {
        var (side, date) = (payment.Direction == MoneyDirection.In ? 1 : -1, payment.Date!.Value);
        var money = DocumentSides.ToBase(payment.Amount, payment.CurrencyRate) * side;
        var owed = DocumentSides.ToBase(payment.Amount, rate) * side;
        var kind = payment.Settles != DocumentKind.Unknown ? payment.Settles : side > 0 ? DocumentKind.SalesInvoice : DocumentKind.Bill;
        // Money that a provider does not say the place of is not yet banked.
        var bank = payment is { AccountId: null, AccountCode: null } ? frame.Playing(AccountPart.UndepositedFunds, payment.Currency)?.Id : Known(payment.AccountId, payment.AccountCode);
        _explained.Post(bank, date, money);
        _explained.Post(Control(kind, payment.Currency), date, -owed);
        Rest(date, owed - money, isGain: true);
    }

    private void Entry(LedgerBankEntry entry, DateOnly date)
    {
        var side = entry.Direction == MoneyDirection.In ? 1 : -1;
        var total = DocumentSides.ToBase(entry.Gross, entry.CurrencyRate) * side;
        if (entry.Kind == BankEntryKind.Transfer)
        {
            // One side of a transfer, which has a record of its own; or money received before that is banked now.
            if (frame.Playing(AccountPart.UndepositedFunds, entry.Currency) is not { } held)
                return;
            _explained.Post(Known(entry.BankAccountId, entry.BankAccountCode), date, total);
            _explained.Post(held.Id, date, -total);
            return;
        }

        _explained.Post(Known(entry.BankAccountId, entry.BankAccountCode), date, total);
        Lines(entry.Lines, entry.CurrencyRate, -side, entry.Tax, entry.Currency, date, total);
    }

    // Lines take their net, the tax account the tax, and what rounding leaves of the total has an account of its own.
    private void Lines(IReadOnlyList<LedgerLine> lines, decimal rate, int side, decimal tax, string? currency, DateOnly date, decimal total)
    {
        var rest = total;
        foreach (var line in lines)
        {
            var net = DocumentSides.ToBase(line.Net, rate) * side;
            _explained.Post(Account(line), date, net);
            rest += net;
        }

        var taxed = DocumentSides.ToBase(tax, rate) * side;
        _explained.Post(frame.Playing(AccountPart.Tax, currency)?.Id, date, taxed);
        rest += taxed;
        // Half a cent for each posting is rounding; more is something that the document does not tell.
        var isRounding = Math.Abs(rest) <= 0.005m * (lines.Count + 2);
        _explained.Post(isRounding ? frame.Playing(AccountPart.Rounding, null)?.Id : null, date, -rest);
    }

    private void Rest(DateOnly date, decimal debit, bool isGain) =>
        _explained.Post(frame.Playing(isGain ? AccountPart.RealisedGains : AccountPart.Rounding, null)?.Id, date, debit);

    private string? Control(DocumentKind kind, string? currency) => frame.Playing(kind.Control(), currency)?.Id;

    private string? Account(LedgerLine line) => Known(line.AccountId, line.AccountCode);

    private string? Known(string? id, string? code) => frame.Find(id, code)?.Id ?? id;

    /// <summary>A credit used for a document. Taken back: what a prepayment's own accounts gave, in base currency.</summary>
    private readonly record struct Use(DateOnly Date, DocumentKind Credit, string? CreditId, string? DocumentId, decimal Amount, string? Currency, decimal TakenBack);
}
