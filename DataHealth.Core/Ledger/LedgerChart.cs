namespace DataHealth.Core.Ledger;

/// <summary>An account of the chart.</summary>
public sealed record LedgerAccount : LedgerRecord
{
    /// <summary>Its code; some bank accounts have none.</summary>
    public string? Code { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Which side of the accounts it is on.</summary>
    public required AccountClass Class { get; init; }

    /// <summary>The provider's finer type, in its own words (<c>BANK</c>, <c>FIXED</c>, <c>OVERHEADS</c>).</summary>
    public string? Type { get; init; }

    /// <summary>In use, archived or deleted.</summary>
    public required LedgerActivity Activity { get; init; }

    /// <summary>Its default tax code.</summary>
    public string? TaxType { get; init; }

    /// <summary>The provider's name of a role that it plays by itself (<c>DEBTORS</c>, <c>GST</c>); null for ordinary accounts.</summary>
    public string? SystemRole { get; init; }

    /// <summary>Money is kept in it: bank, card or a service such as PayPal.</summary>
    public bool IsBankAccount { get; init; }

    /// <summary>What kind of bank account.</summary>
    public BankAccountKind BankKind { get; init; }

    /// <summary>The number at the bank, as the provider gives it.</summary>
    public string? BankAccountNumber { get; init; }

    /// <summary>ISO code of a bank account's currency.</summary>
    public string? Currency { get; init; }

    /// <summary>Documents may be paid from or to it.</summary>
    public bool TakesPayments { get; init; }

    /// <summary>The reporting code given to it.</summary>
    public string? ReportingCode { get; init; }

    /// <summary>The name of that code.</summary>
    public string? ReportingCodeName { get; init; }

    /// <summary>A file is attached.</summary>
    public bool? HasAttachments { get; init; }
}

/// <summary>Sides of the accounts.</summary>
public enum AccountClass
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Owned; a debit is positive.</summary>
    Asset,

    /// <summary>Owed; a credit is positive.</summary>
    Liability,

    /// <summary>The owners' part; a credit is positive.</summary>
    Equity,

    /// <summary>Earned; a credit is positive.</summary>
    Revenue,

    /// <summary>Spent; a debit is positive.</summary>
    Expense,
}

/// <summary>Kinds of bank account.</summary>
public enum BankAccountKind
{
    /// <summary>Not a bank account, or not said.</summary>
    None,

    /// <summary>At a bank.</summary>
    Bank,

    /// <summary>A credit card.</summary>
    CreditCard,

    /// <summary>A payment service.</summary>
    PaymentService,
}

/// <summary>A tax rate.</summary>
public sealed record TaxRate : LedgerRecord
{
    /// <summary>The provider's tax code, as lines name it.</summary>
    public required string TaxType { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>In use, archived, deleted or pending.</summary>
    public required LedgerActivity Activity { get; init; }

    /// <summary>The provider's reporting group (<c>OUTPUT</c>, <c>INPUT</c>, …).</summary>
    public string? ReportType { get; init; }

    /// <summary>Per cent, as shown.</summary>
    public decimal? DisplayRate { get; init; }

    /// <summary>Per cent, compounds worked out.</summary>
    public decimal? EffectiveRate { get; init; }

    /// <summary>May be used on assets.</summary>
    public bool? ForAssets { get; init; }

    /// <summary>May be used on equity.</summary>
    public bool? ForEquity { get; init; }

    /// <summary>May be used on expenses.</summary>
    public bool? ForExpenses { get; init; }

    /// <summary>May be used on liabilities.</summary>
    public bool? ForLiabilities { get; init; }

    /// <summary>May be used on revenue.</summary>
    public bool? ForRevenue { get; init; }

    /// <summary>Its parts.</summary>
    public IReadOnlyList<TaxComponent> Components { get; init; } = [];

    /// <summary>Its parts on sales, where the provider keeps them as records of their own.</summary>
    public IReadOnlyList<TaxPart> SalesParts { get; init; } = [];

    /// <summary>Its parts on purchases, where the provider keeps them as records of their own.</summary>
    public IReadOnlyList<TaxPart> PurchaseParts { get; init; } = [];
}

/// <summary>A part of a tax rate that is a tax rate of its own.</summary>
/// <param name="RateId">That rate.</param>
/// <param name="IsCompound">Reckoned on the amount with the others on top; null where the provider says it in a word that we do not know: then nothing is reckoned from it.</param>
public sealed record TaxPart(string RateId, bool? IsCompound);

/// <summary>A part of a tax rate.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rate">Per cent.</param>
/// <param name="IsCompound">Reckoned on top of the others.</param>
/// <param name="IsNonRecoverable">Cannot be claimed back.</param>
public sealed record TaxComponent(string? Name, decimal Rate, bool IsCompound, bool IsNonRecoverable);

/// <summary>A tracking dimension.</summary>
public sealed record TrackingCategory : LedgerRecord
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>In use, archived or deleted.</summary>
    public required LedgerActivity Activity { get; init; }

    /// <summary>Its values.</summary>
    public IReadOnlyList<TrackingOption> Options { get; init; } = [];
}

/// <summary>A value of a tracking dimension.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Activity">In use, archived or deleted.</param>
public sealed record TrackingOption(string Id, string? Name, LedgerActivity Activity);

/// <summary>A currency that the organisation uses; the id is its ISO code.</summary>
public sealed record Currency : LedgerRecord
{
    /// <summary>What the provider calls it.</summary>
    public string? Description { get; init; }
}

/// <summary>Something bought or sold often.</summary>
public sealed record Item : LedgerRecord
{
    /// <summary>Its code.</summary>
    public string? Code { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Stock is tracked.</summary>
    public bool IsTracked { get; init; }

    /// <summary>Account when sold.</summary>
    public string? SalesAccountCode { get; init; }

    /// <summary>Account when bought.</summary>
    public string? PurchaseAccountCode { get; init; }

    /// <summary>Account when sold, by its id.</summary>
    public string? SalesAccountId { get; init; }

    /// <summary>Account when bought, by its id.</summary>
    public string? PurchaseAccountId { get; init; }

    /// <summary>Tax code when sold.</summary>
    public string? SalesTaxType { get; init; }

    /// <summary>Tax code when bought.</summary>
    public string? PurchaseTaxType { get; init; }

    /// <summary>Price when sold.</summary>
    public decimal? SalesPrice { get; init; }

    /// <summary>Price when bought.</summary>
    public decimal? PurchasePrice { get; init; }

    /// <summary>The account that holds the stock.</summary>
    public string? StockAccountCode { get; init; }

    /// <summary>The account that holds the stock, by its id.</summary>
    public string? StockAccountId { get; init; }

    /// <summary>How many are held.</summary>
    public decimal? QuantityOnHand { get; init; }
}
