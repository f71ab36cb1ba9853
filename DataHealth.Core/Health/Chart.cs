using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>What every check looks things up in: the organisation, its accounts, tax rates and asset types, and the reported balances. Grows with the chart, and with what is open where that is asked for.</summary>
internal sealed class Chart
{
    private readonly Dictionary<string, TaxRate> _rates = new(StringComparer.Ordinal);
    private readonly Dictionary<DateOnly, OpenItems> _open = [];
    private bool _hasBegun;
    private (LedgerRecord? Record, Transaction? Made) _transaction;
    private (LedgerRecord? Record, TransactionCoding? Made) _coding;

    public Chart() => Balances = new(Frame);

    public Organisation Organisation { get; private set; } = new() { Id = "" };

    /// <summary>The accounts and the parts that they play; filled before the first document comes.</summary>
    public BooksFrame Frame { get; } = new();

    public MonthEndBalances Balances { get; }

    public List<AssetType> AssetTypes { get; } = [];

    public IReadOnlyCollection<LedgerAccount> Accounts => Frame.Accounts;

    public void Take(LedgerRecord record)
    {
        _hasBegun = true;
        Frame.Add(record);
        Balances.Add(record);
        foreach (var items in _open.Values)
            items.Add(record);
        switch (record)
        {
            case Organisation organisation:
                Organisation = organisation;
                break;
            case TaxRate rate:
                _rates[rate.TaxType] = rate;
                break;
            case AssetType type:
                AssetTypes.Add(type);
                break;
        }
    }

    public LedgerAccount? Account(string? id) => Frame.Find(id, null);

    /// <summary>A record as a transaction (<see cref="Transaction.Of"/>). Every check of coding asks for each record, one after the other: the last one's is remembered.</summary>
    public Transaction? TransactionOf(LedgerRecord record)
    {
        if (!ReferenceEquals(_transaction.Record, record))
            _transaction = (record, Transaction.Of(record));
        return _transaction.Made;
    }

    /// <summary>How a record is coded (<see cref="TransactionCoding.Of"/>); null for what is no transaction. The last one's is remembered.</summary>
    public TransactionCoding? CodingOf(LedgerRecord record)
    {
        if (!ReferenceEquals(_coding.Record, record))
            _coding = (record, TransactionOf(record) is { } one ? TransactionCoding.Of(this, one) : null);
        return _coding.Made;
    }

    /// <summary>What was open on a day: rebuilt once for all who ask, from every record that anybody reads.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked for that day before the first record: what went by is not in it.</exception>
    public OpenItems OpenItems(DateOnly day) =>
        _open.TryGetValue(day, out var items) ? items
        : !_hasBegun ? _open[day] = new(Frame, [day])
        : throw new InvalidOperationException("Open items are asked for when records have gone by.");

    /// <summary>An account by what people write in settings: its code, or where accounts have none its id.</summary>
    public LedgerAccount? Named(string? codeOrId) => Frame.Find(null, codeOrId) ?? Account(codeOrId);

    public LedgerAccount? AccountOf(LedgerLine line) => Frame.Find(line.AccountId, line.AccountCode);

    public LedgerAccount? BankOf(LedgerBankEntry entry) => Account(entry.BankAccountId) ?? Named(entry.BankAccountCode);

    public LedgerAccount? BankOf(LedgerPayment payment) => Account(payment.AccountId) ?? Named(payment.AccountCode);

    public TaxRate? Rate(string? taxType) => taxType is null ? null : _rates.GetValueOrDefault(taxType);

    public static string Name(LedgerAccount account) => account.Code is { Length: > 0 } code ? $"{code} {account.Name}" : account.Name ?? account.Id;
}
