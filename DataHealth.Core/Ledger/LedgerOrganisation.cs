namespace DataHealth.Core.Ledger;

/// <summary>The organisation itself.</summary>
public sealed record Organisation : LedgerRecord
{
    /// <summary>The name it goes by.</summary>
    public string? Name { get; init; }

    /// <summary>Its legal name.</summary>
    public string? LegalName { get; init; }

    /// <summary>The provider's short code for links into the books.</summary>
    public string? ShortCode { get; init; }

    /// <summary>ISO country code.</summary>
    public string? Country { get; init; }

    /// <summary>ISO code of the base currency.</summary>
    public string? BaseCurrency { get; init; }

    /// <summary>IANA time zone; null where the provider's name for it is not known to us.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The provider's demonstration company.</summary>
    public bool IsDemo { get; init; }

    /// <summary>The provider's word for its state.</summary>
    public string? Status { get; init; }

    /// <summary>The provider's plan.</summary>
    public string? Plan { get; init; }

    /// <summary>Day of the month on which the financial year ends.</summary>
    public int? YearEndDay { get; init; }

    /// <summary>Month in which it ends.</summary>
    public int? YearEndMonth { get; init; }

    /// <summary>Basis of sales tax, the provider's word (<c>ACCRUALS</c>, <c>CASH</c>…).</summary>
    public string? SalesTaxBasis { get; init; }

    /// <summary>Period of the tax return, the provider's word.</summary>
    public string? SalesTaxPeriod { get; init; }

    /// <summary>Registered for sales tax.</summary>
    public bool? PaysTax { get; init; }

    /// <summary>Tax number.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>Only advisers may change what is dated on or before; null: no lock set.</summary>
    public DateOnly? PeriodLock { get; init; }

    /// <summary>Nobody may change what is dated on or before; null: no lock set.</summary>
    public DateOnly? YearEndLock { get; init; }

    /// <summary>When the organisation was made at the provider.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A person with access to the books at the provider.</summary>
public sealed record User : LedgerRecord
{
    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The provider's word for the role.</summary>
    public string? Role { get; init; }

    /// <summary>The subscriber.</summary>
    public bool IsSubscriber { get; init; }
}
