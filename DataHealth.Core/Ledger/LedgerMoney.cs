namespace DataHealth.Core.Ledger;

/// <summary>A payment of a document. The amount is positive; the direction says which way.</summary>
public sealed record LedgerPayment : LedgerRecord
{
    /// <summary>What kind of document it settles or refunds.</summary>
    public required DocumentKind Settles { get; init; }

    /// <summary>Which way the money went: a refund of a sales credit goes out.</summary>
    public required MoneyDirection Direction { get; init; }

    /// <summary>Posted or deleted.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>When.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>In the document's currency.</summary>
    public decimal Amount { get; init; }

    /// <summary>ISO code of the amount, where the provider says.</summary>
    public string? Currency { get; init; }

    /// <summary>In the bank account's currency, where the provider says.</summary>
    public decimal? BankAmount { get; init; }

    /// <summary>Units of the document's currency for one of the base currency on the day of payment.</summary>
    public decimal CurrencyRate { get; init; } = 1m;

    /// <summary>The bank (or other) account paid from or to.</summary>
    public string? AccountId { get; init; }

    /// <summary>That account's code.</summary>
    public string? AccountCode { get; init; }

    /// <summary>The document settled.</summary>
    public string? DocumentId { get; init; }

    /// <summary>Its number.</summary>
    public string? DocumentNumber { get; init; }

    /// <summary>Its contact.</summary>
    public string? ContactId { get; init; }

    /// <summary>The batch that it was part of.</summary>
    public string? BatchId { get; init; }

    /// <summary>Free text.</summary>
    public string? Reference { get; init; }

    /// <summary>Matched to the bank's statement; null where the provider does not say.</summary>
    public bool? IsReconciled { get; init; }
}

/// <summary>Several payments made as one.</summary>
public sealed record LedgerBatchPayment : LedgerRecord
{
    /// <summary>Which way the money went.</summary>
    public required MoneyDirection Direction { get; init; }

    /// <summary>Posted or deleted.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>When.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>The whole batch.</summary>
    public decimal Amount { get; init; }

    /// <summary>The bank account.</summary>
    public string? AccountId { get; init; }

    /// <summary>Free text.</summary>
    public string? Reference { get; init; }

    /// <summary>Matched to the bank's statement.</summary>
    public bool? IsReconciled { get; init; }

    /// <summary>Its payments.</summary>
    public IReadOnlyList<string> PaymentIds { get; init; } = [];
}

/// <summary>Money spent or received straight through a bank account, without a document. Amounts are positive.</summary>
public sealed record LedgerBankEntry : LedgerRecord
{
    /// <summary>Which way the money went.</summary>
    public required MoneyDirection Direction { get; init; }

    /// <summary>What it is.</summary>
    public required BankEntryKind Kind { get; init; }

    /// <summary>Posted, voided or deleted.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>When.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>The bank account.</summary>
    public string? BankAccountId { get; init; }

    /// <summary>That account's code; some have none.</summary>
    public string? BankAccountCode { get; init; }

    /// <summary>The provider's own record, where this is a part of one that does two things: statements and files name that one.</summary>
    public string? PartOf { get; init; }

    /// <summary>The items on its lines were bought (also where money came back for them), or sold; null where only the money's direction tells.</summary>
    public bool? IsPurchase { get; init; }

    /// <summary>The other party; none on transfers.</summary>
    public string? ContactId { get; init; }

    /// <summary>The other party's name.</summary>
    public string? ContactName { get; init; }

    /// <summary>Free text.</summary>
    public string? Reference { get; init; }

    /// <summary>ISO code of the amounts.</summary>
    public string? Currency { get; init; }

    /// <summary>Units of <see cref="Currency"/> for one of the base currency.</summary>
    public decimal CurrencyRate { get; init; } = 1m;

    /// <summary>How the provider's line amounts stood to tax.</summary>
    public TaxTreatment TaxTreatment { get; init; }

    /// <summary>Total without tax.</summary>
    public decimal Net { get; init; }

    /// <summary>Tax.</summary>
    public decimal Tax { get; init; }

    /// <summary>Total with tax.</summary>
    public decimal Gross { get; init; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<LedgerLine> Lines { get; init; } = [];

    /// <summary>Tax by rate, where the provider reckons it for the whole entry; empty where its lines tell it, or where nothing does.</summary>
    public IReadOnlyList<LedgerTaxPart> TaxParts { get; init; } = [];

    /// <summary>Matched to the bank's statement; null where the provider does not say.</summary>
    public bool? IsReconciled { get; init; }

    /// <summary>A file is attached; null where the provider does not say.</summary>
    public bool? HasAttachments { get; init; }

    /// <summary>The over- or prepayment that this entry made.</summary>
    public string? CreditId { get; init; }
}

/// <summary>What a bank entry is.</summary>
public enum BankEntryKind
{
    /// <summary>The provider gave a type that we do not know.</summary>
    Unknown,

    /// <summary>Spend or receive money.</summary>
    Direct,

    /// <summary>Makes an overpayment.</summary>
    Overpayment,

    /// <summary>Makes a prepayment.</summary>
    Prepayment,

    /// <summary>One side of a transfer between own accounts.</summary>
    Transfer,
}

/// <summary>A transfer between two of the business's own accounts.</summary>
public sealed record LedgerTransfer : LedgerRecord
{
    /// <summary>Posted or deleted.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>When.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>How much, in the currency of the account that it leaves.</summary>
    public decimal Amount { get; init; }

    /// <summary>Units of that currency for one of the base currency, where given.</summary>
    public decimal? CurrencyRate { get; init; }

    /// <summary>Leaves this account.</summary>
    public string? FromAccountId { get; init; }

    /// <summary>Enters this account.</summary>
    public string? ToAccountId { get; init; }

    /// <summary>The bank entry on the leaving side.</summary>
    public string? FromEntryId { get; init; }

    /// <summary>The bank entry on the entering side.</summary>
    public string? ToEntryId { get; init; }

    /// <summary>The leaving side is matched to the statement.</summary>
    public bool? FromIsReconciled { get; init; }

    /// <summary>The entering side is matched to the statement.</summary>
    public bool? ToIsReconciled { get; init; }

    /// <summary>Free text.</summary>
    public string? Reference { get; init; }

    /// <summary>A file is attached.</summary>
    public bool? HasAttachments { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A journal written by hand. Lines: positive is debit, negative is credit; base currency.</summary>
public sealed record LedgerJournal : LedgerRecord
{
    /// <summary>Draft, posted, voided, deleted or archived.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>When.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>What it is for.</summary>
    public string? Narration { get; init; }

    /// <summary>How the provider's line amounts stood to tax.</summary>
    public TaxTreatment TaxTreatment { get; init; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<LedgerLine> Lines { get; init; } = [];

    /// <summary>Shown in reports on the cash basis.</summary>
    public bool? ShowOnCashBasisReports { get; init; }

    /// <summary>A file is attached.</summary>
    public bool? HasAttachments { get; init; }
}
