using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>An account.</summary>
internal sealed class QboAccount
{
    public string? Name { get; set; }

    public string? FullyQualifiedName { get; set; }

    public string? AcctNum { get; set; }

    public string? AccountType { get; set; }

    public string? AccountSubType { get; set; }

    public string? Classification { get; set; }

    public QboRef? CurrencyRef { get; set; }

    public QboRef? TaxCodeRef { get; set; }

    public bool? Active { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>An e-mail address.</summary>
internal sealed class QboEmail
{
    public string? Address { get; set; }
}

/// <summary>A phone number.</summary>
internal sealed class QboPhone
{
    public string? FreeFormNumber { get; set; }
}

/// <summary>An address.</summary>
internal sealed class QboAddress
{
    public string? PostalCode { get; set; }
}

/// <summary>A customer, vendor or employee.</summary>
internal sealed class QboName
{
    public string? DisplayName { get; set; }

    public string? CompanyName { get; set; }

    public string? GivenName { get; set; }

    public string? FamilyName { get; set; }

    public QboEmail? PrimaryEmailAddr { get; set; }

    public QboPhone? PrimaryPhone { get; set; }

    public QboPhone? Mobile { get; set; }

    public QboPhone? AlternatePhone { get; set; }

    public QboAddress? BillAddr { get; set; }

    public QboAddress? ShipAddr { get; set; }

    public QboAddress? PrimaryAddr { get; set; }

    public decimal? Balance { get; set; }

    public bool? Active { get; set; }

    public QboRef? CurrencyRef { get; set; }

    public QboRef? DefaultTaxCodeRef { get; set; }

    public QboRef? SalesTermRef { get; set; }

    public QboRef? TermRef { get; set; }

    public string? PrimaryTaxIdentifier { get; set; }

    public string? TaxIdentifier { get; set; }

    public string? BusinessNumber { get; set; }

    public string? AcctNum { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>An item.</summary>
internal sealed class QboItem
{
    public string? Name { get; set; }

    public string? Sku { get; set; }

    public string? Type { get; set; }

    public bool? TrackQtyOnHand { get; set; }

    public QboRef? IncomeAccountRef { get; set; }

    public QboRef? ExpenseAccountRef { get; set; }

    public QboRef? AssetAccountRef { get; set; }

    public QboRef? SalesTaxCodeRef { get; set; }

    public QboRef? PurchaseTaxCodeRef { get; set; }

    public decimal? UnitPrice { get; set; }

    public decimal? PurchaseCost { get; set; }

    public decimal? QtyOnHand { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>A rate within a tax code.</summary>
internal sealed class QboTaxRateDetail
{
    public QboRef? TaxRateRef { get; set; }

    public string? TaxTypeApplicable { get; set; }
}

/// <summary>The rates of a tax code in one direction.</summary>
internal sealed class QboTaxRateList
{
    public List<QboTaxRateDetail>? TaxRateDetail { get; set; }
}

/// <summary>A tax code: what lines name.</summary>
internal sealed class QboTaxCode
{
    public string? Name { get; set; }

    public bool? Active { get; set; }

    public bool? Taxable { get; set; }

    public QboTaxRateList? SalesTaxRateList { get; set; }

    public QboTaxRateList? PurchaseTaxRateList { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>A tax rate.</summary>
internal sealed class QboTaxRate
{
    public string? Name { get; set; }

    public bool? Active { get; set; }

    public decimal? RateValue { get; set; }

    public QboRef? AgencyRef { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>A tax agency.</summary>
internal sealed class QboTaxAgency
{
    public string? DisplayName { get; set; }

    public string? TaxRegistrationNumber { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>A class or a department.</summary>
internal sealed class QboDimension
{
    public string? Name { get; set; }

    public string? FullyQualifiedName { get; set; }

    public bool? Active { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>Terms of payment.</summary>
internal sealed class QboTerm
{
    public string? Name { get; set; }

    public string? Type { get; set; }

    public int? DueDays { get; set; }

    public int? DayOfMonthDue { get; set; }

    public bool? Active { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>A currency.</summary>
internal sealed class QboCurrency
{
    public string? Code { get; set; }

    public string? Name { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>A name and its value.</summary>
internal sealed class QboNameValue
{
    public string? Name { get; set; }

    public string? Value { get; set; }
}

/// <summary>The company.</summary>
internal sealed class QboCompany
{
    public string? CompanyName { get; set; }

    public string? LegalName { get; set; }

    public string? Country { get; set; }

    public string? FiscalYearStartMonth { get; set; }

    public DateOnly? CompanyStartDate { get; set; }

    public string? DefaultTimeZone { get; set; }

    public bool? SampleFile { get; set; }

    public List<QboNameValue>? NameValue { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>The company's settings, as far as they matter.</summary>
internal sealed class QboPreferences
{
    public QboAccountingPreferences? AccountingInfoPrefs { get; set; }

    public QboCurrencyPreferences? CurrencyPrefs { get; set; }

    public QboTaxPreferences? TaxPrefs { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>Of accounting.</summary>
internal sealed class QboAccountingPreferences
{
    public DateOnly? BookCloseDate { get; set; }

    public string? FirstMonthOfFiscalYear { get; set; }
}

/// <summary>Of currencies.</summary>
internal sealed class QboCurrencyPreferences
{
    public bool? MultiCurrencyEnabled { get; set; }

    public QboRef? HomeCurrency { get; set; }
}

/// <summary>Of sales tax.</summary>
internal sealed class QboTaxPreferences
{
    public bool? UsingSalesTax { get; set; }
}

/// <summary>A file and what it is attached to.</summary>
internal sealed class QboAttachable
{
    public string? FileName { get; set; }

    [JsonPropertyName("AttachableRef")]
    public List<QboAttachableRef>? AttachedTo { get; set; }

    public QboMetaData? MetaData { get; set; }
}

/// <summary>What a file is attached to.</summary>
internal sealed class QboAttachableRef
{
    public QboRef? EntityRef { get; set; }
}
