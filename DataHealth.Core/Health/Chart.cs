using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>What every check looks things up in: the organisation, its accounts, tax rates and asset types, and the reported balances. Grows with the chart, not with the documents.</summary>
internal sealed class Chart
{
    private readonly Dictionary<string, LedgerAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerAccount> _byCode = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TaxRate> _rates = new(StringComparer.Ordinal);

    public Organisation Organisation { get; private set; } = new() { Id = "" };

    public ReportedBalances Balances { get; } = new();

    /// <summary>The parts that accounts play; filled before the first document comes.</summary>
    public BooksFrame Frame { get; } = new();

    public List<AssetType> AssetTypes { get; } = [];

    public IReadOnlyCollection<LedgerAccount> Accounts => _accounts.Values;

    public string BaseCurrency => Organisation.BaseCurrency ?? "";

    public void Take(LedgerRecord record)
    {
        Frame.Add(record);
        switch (record)
        {
            case Organisation organisation:
                Organisation = organisation;
                break;
            case LedgerAccount account:
                _accounts[account.Id] = account;
                // Of two accounts with one code the one in use is meant; of two in use the first by id, whatever the order of rows.
                if (account.Code is { Length: > 0 } code && (!_byCode.TryGetValue(code, out var other) || Precedes(account, other)))
                    _byCode[code] = account;
                break;
            case TaxRate rate:
                _rates[rate.TaxType] = rate;
                break;
            case AssetType type:
                AssetTypes.Add(type);
                break;
            case AccountBalance balance:
                Balances.Take(balance);
                break;
        }
    }

    public LedgerAccount? Account(string? id) => id is null ? null : _accounts.GetValueOrDefault(id);

    /// <summary>An account by what people write in settings: its code, or where accounts have none its id.</summary>
    public LedgerAccount? Named(string? codeOrId) => codeOrId is null ? null : _byCode.GetValueOrDefault(codeOrId) ?? Account(codeOrId);

    public LedgerAccount? AccountOf(LedgerLine line) => Account(line.AccountId) ?? (line.AccountCode is { } code ? _byCode.GetValueOrDefault(code) : null);

    public LedgerAccount? BankOf(LedgerBankEntry entry) => Account(entry.BankAccountId) ?? Named(entry.BankAccountCode);

    public LedgerAccount? BankOf(LedgerPayment payment) => Account(payment.AccountId) ?? Named(payment.AccountCode);

    public TaxRate? Rate(string? taxType) => taxType is null ? null : _rates.GetValueOrDefault(taxType);

    public static string Name(LedgerAccount account) => account.Code is { Length: > 0 } code ? $"{code} {account.Name}" : account.Name ?? account.Id;

    private static bool Precedes(LedgerAccount one, LedgerAccount other) =>
        (one.Activity == LedgerActivity.Active, other.Activity == LedgerActivity.Active) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => string.CompareOrdinal(one.Id, other.Id) < 0,
        };
}
