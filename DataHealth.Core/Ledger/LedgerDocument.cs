namespace DataHealth.Core.Ledger;

/// <summary>A sales or purchase document. Amounts are positive as printed on it, in its own currency; the kind says what they mean.</summary>
public sealed record LedgerDocument : LedgerRecord
{
    /// <summary>What it is.</summary>
    public required DocumentKind Kind { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>Its number; not unique for bills.</summary>
    public string? Number { get; init; }

    /// <summary>Free text beside the number.</summary>
    public string? Reference { get; init; }

    /// <summary>The customer or supplier.</summary>
    public string? ContactId { get; init; }

    /// <summary>That contact's name as on the document.</summary>
    public string? ContactName { get; init; }

    /// <summary>The document's date in the organisation's calendar.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>When it is due; null for credits.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>When it was settled in full.</summary>
    public DateOnly? PaidOn { get; init; }

    /// <summary>ISO code of the amounts.</summary>
    public string? Currency { get; init; }

    /// <summary>Units of <see cref="Currency"/> for one of the base currency; 1 for the base currency.</summary>
    public decimal CurrencyRate { get; init; } = 1m;

    /// <summary>How the provider's line amounts stood to tax.</summary>
    public TaxTreatment TaxTreatment { get; init; }

    /// <summary>Total without tax.</summary>
    public decimal Net { get; init; }

    /// <summary>Tax.</summary>
    public decimal Tax { get; init; }

    /// <summary>Total with tax.</summary>
    public decimal Gross { get; init; }

    /// <summary>What is still to be paid (invoice, bill) or still to be used (credit, overpayment, prepayment), today.</summary>
    public decimal Outstanding { get; init; }

    /// <summary>Paid so far.</summary>
    public decimal Paid { get; init; }

    /// <summary>Settled by credits so far.</summary>
    public decimal Credited { get; init; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<LedgerLine> Lines { get; init; } = [];

    /// <summary>Tax by rate, where the provider reckons it for the whole document; empty where its lines tell it, or where nothing does.</summary>
    public IReadOnlyList<LedgerTaxPart> TaxParts { get; init; } = [];

    /// <summary>Uses of a credit for other documents; the provider's list, live ones only.</summary>
    public IReadOnlyList<LedgerAllocation> Allocations { get; init; } = [];

    /// <summary>Ids of payments that the document names.</summary>
    public IReadOnlyList<string> PaymentIds { get; init; } = [];

    /// <summary>The provider says that a file is attached; null where it does not say.</summary>
    public bool? HasAttachments { get; init; }

    /// <summary>It was sent to the contact; null where the provider does not say.</summary>
    public bool? SentToContact { get; init; }

    /// <summary>The schedule that made it.</summary>
    public string? RepeatingId { get; init; }

    /// <summary>An amount of this document in the organisation's base currency, unrounded.</summary>
    public decimal ToBase(decimal amount) => CurrencyRate == 0 ? amount : amount / CurrencyRate;
}

/// <summary>What a document is.</summary>
public enum DocumentKind
{
    /// <summary>The provider gave a type that we do not know.</summary>
    Unknown,

    /// <summary>Sold; owed to the business.</summary>
    SalesInvoice,

    /// <summary>Bought; owed by the business.</summary>
    Bill,

    /// <summary>Reduces what a customer owes.</summary>
    SalesCreditNote,

    /// <summary>Reduces what is owed to a supplier.</summary>
    SupplierCreditNote,

    /// <summary>A customer paid too much.</summary>
    SalesOverpayment,

    /// <summary>A supplier was paid too much.</summary>
    SupplierOverpayment,

    /// <summary>A customer paid in advance.</summary>
    SalesPrepayment,

    /// <summary>A supplier was paid in advance.</summary>
    SupplierPrepayment,
}

/// <summary>A line. Net and tax are always apart, whatever the provider's treatment.</summary>
public sealed record LedgerLine
{
    /// <summary>The provider's id of the line, where it has one.</summary>
    public string? Id { get; init; }

    /// <summary>Text.</summary>
    public string? Description { get; init; }

    /// <summary>Quantity.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Price of one as the provider gives it (tax in or out by the treatment), up to four decimals.</summary>
    public decimal? UnitAmount { get; init; }

    /// <summary>The line without tax, after discount. On journals: positive is debit, negative is credit.</summary>
    public decimal Net { get; init; }

    /// <summary>Tax of the line, signed as <see cref="Net"/>; null where the provider tells tax for the whole document only.</summary>
    public decimal? Tax { get; init; }

    /// <summary>The provider's tax code.</summary>
    public string? TaxType { get; init; }

    /// <summary>The account's code; some accounts have none.</summary>
    public string? AccountCode { get; init; }

    /// <summary>The account's id, where the provider gives it.</summary>
    public string? AccountId { get; init; }

    /// <summary>The item's code.</summary>
    public string? ItemCode { get; init; }

    /// <summary>The item's id, where the provider gives it. Where a line names an item and no account, <see cref="LedgerLinks"/> finds the account.</summary>
    public string? ItemId { get; init; }

    /// <summary>Per cent taken off.</summary>
    public decimal? DiscountRate { get; init; }

    /// <summary>Tracking values.</summary>
    public IReadOnlyList<TrackingValue> Tracking { get; init; } = [];
}

/// <summary>Part of a credit used for another document.</summary>
/// <param name="Id">The provider's id of it, where it has one.</param>
/// <param name="DocumentId">The document that it settles.</param>
/// <param name="Amount">How much, in the credit's currency.</param>
/// <param name="Date">When.</param>
public sealed record LedgerAllocation(string? Id, string? DocumentId, decimal Amount, DateOnly? Date);

/// <summary>A part of a credit used for another document, where the provider keeps it as a record of its own and not on the credit (<see cref="LedgerDocument.Allocations"/>).</summary>
public sealed record LedgerCreditUse : LedgerRecord
{
    /// <summary>What the credit is.</summary>
    public required DocumentKind Credit { get; init; }

    /// <summary>Posted or voided.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>The credit used.</summary>
    public string? CreditId { get; init; }

    /// <summary>The document that it settles.</summary>
    public string? DocumentId { get; init; }

    /// <summary>How much, in the currency of both.</summary>
    public decimal Amount { get; init; }

    /// <summary>When.</summary>
    public DateOnly? Date { get; init; }
}

/// <summary>What a document bears of one tax rate. Signed as the document's amounts, in its currency.</summary>
/// <param name="RateId">The <see cref="TaxRate"/>'s id.</param>
/// <param name="Net">What it is reckoned on.</param>
/// <param name="Tax">The tax.</param>
public sealed record LedgerTaxPart(string? RateId, decimal Net, decimal Tax);
