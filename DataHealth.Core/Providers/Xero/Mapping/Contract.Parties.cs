using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>A phone.</summary>
internal sealed class XeroPhone
{
    public string? PhoneNumber { get; set; }

    public string? PhoneAreaCode { get; set; }

    public string? PhoneCountryCode { get; set; }
}

/// <summary>An address.</summary>
internal sealed class XeroAddress
{
    public string? PostalCode { get; set; }
}

/// <summary>Payment terms in one direction.</summary>
internal sealed class XeroTerm
{
    public int? Day { get; set; }

    public string? Type { get; set; }
}

/// <summary>Payment terms.</summary>
internal sealed class XeroTerms
{
    public XeroTerm? Bills { get; set; }

    public XeroTerm? Sales { get; set; }
}

/// <summary>A balance.</summary>
internal sealed class XeroBalance
{
    public decimal? Outstanding { get; set; }
}

/// <summary>Balances of a contact.</summary>
internal sealed class XeroBalances
{
    public XeroBalance? AccountsReceivable { get; set; }

    public XeroBalance? AccountsPayable { get; set; }
}

/// <summary>A contact.</summary>
internal sealed class XeroContact
{
    public string? ContactStatus { get; set; }

    public string? Name { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public string? EmailAddress { get; set; }

    public string? CompanyNumber { get; set; }

    public string? TaxNumber { get; set; }

    public string? BankAccountDetails { get; set; }

    public string? AccountNumber { get; set; }

    public bool? IsSupplier { get; set; }

    public bool? IsCustomer { get; set; }

    public string? AccountsReceivableTaxType { get; set; }

    public string? AccountsPayableTaxType { get; set; }

    public string? SalesDefaultAccountCode { get; set; }

    public string? PurchasesDefaultAccountCode { get; set; }

    public string? SalesDefaultLineAmountType { get; set; }

    public string? PurchasesDefaultLineAmountType { get; set; }

    public string? DefaultCurrency { get; set; }

    public XeroTerms? PaymentTerms { get; set; }

    public List<XeroPhone>? Phones { get; set; }

    public List<XeroAddress>? Addresses { get; set; }

    public XeroBalances? Balances { get; set; }

    public string? MergedToContactID { get; set; }

    public bool? HasAttachments { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}

/// <summary>The organisation.</summary>
internal sealed class XeroOrganisation
{
    public string? Name { get; set; }

    public string? LegalName { get; set; }

    public string? ShortCode { get; set; }

    public string? CountryCode { get; set; }

    public string? BaseCurrency { get; set; }

    public bool? IsDemoCompany { get; set; }

    public string? OrganisationStatus { get; set; }

    public string? Class { get; set; }

    public int? FinancialYearEndDay { get; set; }

    public int? FinancialYearEndMonth { get; set; }

    public string? SalesTaxBasis { get; set; }

    public string? SalesTaxPeriod { get; set; }

    public bool? PaysTax { get; set; }

    public string? TaxNumber { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? PeriodLockDate { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? EndOfYearLockDate { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? CreatedDateUTC { get; set; }

    public string? Timezone { get; set; }
}

/// <summary>A user.</summary>
internal sealed class XeroUser
{
    public string? EmailAddress { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public string? OrganisationRole { get; set; }

    public bool? IsSubscriber { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}
