using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>Parts that an account plays by itself, whatever the provider calls them.</summary>
public enum AccountPart
{
    /// <summary>An ordinary account.</summary>
    None,

    /// <summary>What customers owe: a control account of sales documents.</summary>
    Receivable,

    /// <summary>What is owed to suppliers: a control account of purchase documents.</summary>
    Payable,

    /// <summary>Sales tax.</summary>
    Tax,

    /// <summary>The cents that rounding leaves.</summary>
    Rounding,

    /// <summary>Gains and losses that a payment in foreign currency realises.</summary>
    RealisedGains,

    /// <summary>What earlier years left.</summary>
    RetainedEarnings,

    /// <summary>Money received and not yet banked.</summary>
    UndepositedFunds,
}

/// <summary>
/// What money records must be read against: the accounts and the parts that they play, the financial year, the base currency. Filled from the small datasets before the large ones are read, as
/// <see cref="LedgerLinks"/> is; the order of its own records does not matter. Grows with the chart of accounts.
/// </summary>
public sealed class BooksFrame
{
    // The providers' names of the roles. A currency may have a control account of its own.
    private static readonly Dictionary<string, AccountPart> Parts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEBTORS"] = AccountPart.Receivable,
        ["AccountsReceivable"] = AccountPart.Receivable,
        ["CREDITORS"] = AccountPart.Payable,
        ["AccountsPayable"] = AccountPart.Payable,
        ["GST"] = AccountPart.Tax,
        ["GlobalTaxPayable"] = AccountPart.Tax,
        ["SalesTaxPayable"] = AccountPart.Tax,
        ["ROUNDING"] = AccountPart.Rounding,
        ["REALISEDCURRENCYGAIN"] = AccountPart.RealisedGains,
        ["ExchangeGainOrLoss"] = AccountPart.RealisedGains,
        ["RETAINEDEARNINGS"] = AccountPart.RetainedEarnings,
        ["UndepositedFunds"] = AccountPart.UndepositedFunds,
    };

    private readonly Dictionary<string, LedgerAccount> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerAccount> _byCode = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<AccountPart, List<LedgerAccount>> _byPart = [];
    private readonly Dictionary<string, AccountPart> _parts = new(StringComparer.Ordinal);
    private Organisation? _organisation;

    /// <summary>ISO code of the base currency; null where the provider does not tell it.</summary>
    public string? BaseCurrency => _organisation?.BaseCurrency;

    /// <summary>The financial year; null where the provider does not tell it: what needs it is then not available.</summary>
    public FinancialYear? Year => _organisation is null ? null : FinancialYear.Of(_organisation);

    /// <summary>All accounts.</summary>
    public IReadOnlyCollection<LedgerAccount> Accounts => _byId.Values;

    /// <summary>Takes in the organisation and accounts, links applied; anything else is passed over.</summary>
    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case Organisation organisation:
                _organisation = organisation;
                break;
            case LedgerAccount account:
                _byId[account.Id] = account;
                // Of two accounts with one code the one in use is meant; of two in use the first by id, whatever the order of rows.
                if (account.Code is { Length: > 0 } code && (!_byCode.TryGetValue(code, out var other) || Precedes(account, other)))
                    _byCode[code] = account;
                if (PartOf(account) is var part && part != AccountPart.None)
                {
                    _parts[account.Id] = part;
                    var all = _byPart.TryGetValue(part, out var list) ? list : _byPart[part] = [];
                    all.Add(account);
                    // The first of several is the one with the lowest id, in whatever order they come.
                    all.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
                }

                break;
        }
    }

    /// <summary>The account of an id or, failing that, of a code.</summary>
    public LedgerAccount? Find(string? id, string? code) =>
        id is not null && _byId.TryGetValue(id, out var account) ? account : code is not null && _byCode.TryGetValue(code, out account) ? account : null;

    /// <summary>The part that an account plays.</summary>
    public AccountPart Part(string? accountId) => accountId is not null ? _parts.GetValueOrDefault(accountId) : AccountPart.None;

    /// <summary>The accounts that play a part, by id.</summary>
    public IReadOnlyList<LedgerAccount> Playing(AccountPart part) => _byPart.TryGetValue(part, out var list) ? list : [];

    /// <summary>The account that plays a part for records in a currency: the one kept in it, else the one kept in the base currency, else the first; null where none plays it.</summary>
    public LedgerAccount? Playing(AccountPart part, string? currency)
    {
        var all = Playing(part);
        return all.FirstOrDefault(account => account.Currency is not null && account.Currency == currency)
            ?? all.FirstOrDefault(account => account.Currency is null || account.Currency == BaseCurrency) ?? (all.Count > 0 ? all[0] : null);
    }

    /// <summary>Income or an expense: begins each year at nought.</summary>
    public bool IsOfTheYear(string accountId) => _byId.TryGetValue(accountId, out var account) && account.Class is AccountClass.Revenue or AccountClass.Expense;

    private static bool Precedes(LedgerAccount one, LedgerAccount other) =>
        (one.Activity == LedgerActivity.Active, other.Activity == LedgerActivity.Active) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => string.CompareOrdinal(one.Id, other.Id) < 0,
        };

    // QuickBooks names no role for rounding: there the account's name tells it.
    private static AccountPart PartOf(LedgerAccount account) => account.SystemRole is { } role && Parts.TryGetValue(role, out var part)
        ? part
        : string.Equals(account.Name, "Rounding", StringComparison.OrdinalIgnoreCase) ? AccountPart.Rounding : AccountPart.None;
}
