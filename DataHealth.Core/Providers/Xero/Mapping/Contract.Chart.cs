using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>An account.</summary>
internal sealed class XeroAccount
{
    public string? Code { get; set; }

    public string? Name { get; set; }

    public string? Type { get; set; }

    public string? Class { get; set; }

    public string? Status { get; set; }

    public string? TaxType { get; set; }

    public string? SystemAccount { get; set; }

    public string? BankAccountType { get; set; }

    public string? BankAccountNumber { get; set; }

    public string? CurrencyCode { get; set; }

    public bool? EnablePaymentsToAccount { get; set; }

    public string? ReportingCode { get; set; }

    public string? ReportingCodeName { get; set; }

    public bool? HasAttachments { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}

/// <summary>A part of a tax rate.</summary>
internal sealed class XeroTaxComponent
{
    public string? Name { get; set; }

    public decimal? Rate { get; set; }

    public bool? IsCompound { get; set; }

    public bool? IsNonRecoverable { get; set; }
}

/// <summary>A tax rate.</summary>
internal sealed class XeroTaxRate
{
    public string? Name { get; set; }

    public string? TaxType { get; set; }

    public string? Status { get; set; }

    public string? ReportTaxType { get; set; }

    public decimal? DisplayTaxRate { get; set; }

    public decimal? EffectiveRate { get; set; }

    public bool? CanApplyToAssets { get; set; }

    public bool? CanApplyToEquity { get; set; }

    public bool? CanApplyToExpenses { get; set; }

    public bool? CanApplyToLiabilities { get; set; }

    public bool? CanApplyToRevenue { get; set; }

    public List<XeroTaxComponent>? TaxComponents { get; set; }
}

/// <summary>A tracking option.</summary>
internal sealed class XeroTrackingOption
{
    public string? TrackingOptionID { get; set; }

    public string? Name { get; set; }

    public string? Status { get; set; }
}

/// <summary>A tracking category.</summary>
internal sealed class XeroTrackingCategory
{
    public string? Name { get; set; }

    public string? Status { get; set; }

    public List<XeroTrackingOption>? Options { get; set; }
}

/// <summary>A currency.</summary>
internal sealed class XeroCurrency
{
    public string? Code { get; set; }

    public string? Description { get; set; }
}

/// <summary>Buying or selling of an item.</summary>
internal sealed class XeroItemSide
{
    public decimal? UnitPrice { get; set; }

    public string? AccountCode { get; set; }

    public string? COGSAccountCode { get; set; }

    public string? TaxType { get; set; }
}

/// <summary>An item.</summary>
internal sealed class XeroItem
{
    public string? Code { get; set; }

    public string? Name { get; set; }

    public bool? IsTrackedAsInventory { get; set; }

    public string? InventoryAssetAccountCode { get; set; }

    public decimal? QuantityOnHand { get; set; }

    public XeroItemSide? PurchaseDetails { get; set; }

    public XeroItemSide? SalesDetails { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}
