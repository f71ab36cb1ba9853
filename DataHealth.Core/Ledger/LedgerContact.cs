namespace DataHealth.Core.Ledger;

/// <summary>A customer, supplier or both.</summary>
public sealed record LedgerContact : LedgerRecord
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>First name of a person.</summary>
    public string? FirstName { get; init; }

    /// <summary>Last name of a person.</summary>
    public string? LastName { get; init; }

    /// <summary>In use, archived or deleted (a privacy request counts as deleted).</summary>
    public required LedgerActivity Activity { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Company registration number.</summary>
    public string? CompanyNumber { get; init; }

    /// <summary>Tax number.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>The practice's own number for it.</summary>
    public string? AccountNumber { get; init; }

    /// <summary>Bank details as one text. Null proves nothing: the provider may hide them from the connecting user.</summary>
    public string? BankDetails { get; init; }

    /// <summary>The business sells to it.</summary>
    public bool IsCustomer { get; init; }

    /// <summary>The business buys from it.</summary>
    public bool IsSupplier { get; init; }

    /// <summary>What is coded by default when selling.</summary>
    public ContactDefaults Sales { get; init; } = ContactDefaults.None;

    /// <summary>What is coded by default when buying.</summary>
    public ContactDefaults Purchases { get; init; } = ContactDefaults.None;

    /// <summary>Its currency by default.</summary>
    public string? Currency { get; init; }

    /// <summary>It has become part of this other contact.</summary>
    public string? MergedIntoId { get; init; }

    /// <summary>Phone numbers, the provider's parts joined.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>Post codes of its addresses.</summary>
    public IReadOnlyList<string> PostCodes { get; init; } = [];

    /// <summary>What it owes the business, by the provider; changes without moving <see cref="LedgerRecord.UpdatedAt"/>.</summary>
    public decimal? Receivable { get; init; }

    /// <summary>What the business owes it, by the provider.</summary>
    public decimal? Payable { get; init; }

    /// <summary>A file is attached.</summary>
    public bool? HasAttachments { get; init; }
}

/// <summary>Defaults of a contact in one direction.</summary>
/// <param name="AccountCode">Account.</param>
/// <param name="TaxType">Tax code.</param>
/// <param name="TaxTreatment">Amounts with or without tax.</param>
/// <param name="TermsDay">Number of the payment terms.</param>
/// <param name="TermsType">The provider's kind of terms (<c>DAYSAFTERBILLDATE</c>).</param>
public sealed record ContactDefaults(string? AccountCode, string? TaxType, TaxTreatment TaxTreatment, int? TermsDay, string? TermsType)
{
    /// <summary>The payment terms, where the provider keeps them as records of their own (<see cref="PaymentTerms"/>).</summary>
    public string? TermsId { get; init; }

    /// <summary>Nothing set.</summary>
    public static ContactDefaults None { get; } = new(null, null, TaxTreatment.Unknown, null, null);
}
