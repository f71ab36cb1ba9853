using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>Accounts, tax rates, tracking, currencies, items.</summary>
internal static class ChartMapping
{
    public static LedgerRecord Account(string id, XeroAccount xero) => new LedgerAccount
    {
        Id = id,
        UpdatedAt = xero.UpdatedDateUTC,
        Code = xero.Code is { Length: > 0 } code ? code : null,
        Name = xero.Name,
        Class = xero.Class switch
        {
            "ASSET" => AccountClass.Asset,
            "LIABILITY" => AccountClass.Liability,
            "EQUITY" => AccountClass.Equity,
            "REVENUE" => AccountClass.Revenue,
            "EXPENSE" => AccountClass.Expense,
            _ => AccountClass.Unknown,
        },
        Type = xero.Type,
        Activity = Terms.Activity(xero.Status),
        TaxType = xero.TaxType,
        SystemRole = xero.SystemAccount is { Length: > 0 } role ? role : null,
        IsBankAccount = xero.Type == "BANK",
        BankKind = xero.Type != "BANK" ? BankAccountKind.None : xero.BankAccountType switch
        {
            "CREDITCARD" => BankAccountKind.CreditCard,
            "PAYPAL" => BankAccountKind.PaymentService,
            _ => BankAccountKind.Bank,
        },
        BankAccountNumber = xero.BankAccountNumber is { Length: > 0 } number ? number : null,
        Currency = xero.CurrencyCode,
        TakesPayments = xero.EnablePaymentsToAccount ?? false,
        ReportingCode = xero.ReportingCode,
        ReportingCodeName = xero.ReportingCodeName,
        HasAttachments = xero.HasAttachments,
    };

    public static LedgerRecord TaxRate(string id, XeroTaxRate xero) => new TaxRate
    {
        Id = id,
        TaxType = xero.TaxType ?? id,
        Name = xero.Name,
        Activity = Terms.Activity(xero.Status),
        ReportType = xero.ReportTaxType,
        DisplayRate = xero.DisplayTaxRate,
        EffectiveRate = xero.EffectiveRate,
        ForAssets = xero.CanApplyToAssets,
        ForEquity = xero.CanApplyToEquity,
        ForExpenses = xero.CanApplyToExpenses,
        ForLiabilities = xero.CanApplyToLiabilities,
        ForRevenue = xero.CanApplyToRevenue,
        Components = [.. (xero.TaxComponents ?? []).Select(part => new TaxComponent(part.Name, part.Rate ?? 0m, part.IsCompound ?? false, part.IsNonRecoverable ?? false))],
    };

    public static LedgerRecord Tracking(string id, XeroTrackingCategory xero) => new TrackingCategory
    {
        Id = id,
        Name = xero.Name,
        Activity = Terms.Activity(xero.Status),
        Options = [.. (xero.Options ?? []).Where(option => option.TrackingOptionID is not null).Select(option => new TrackingOption(option.TrackingOptionID!, option.Name, Terms.Activity(option.Status)))],
    };

    public static LedgerRecord Currency(string id, XeroCurrency xero) => new Currency { Id = xero.Code ?? id, Description = xero.Description };

    public static LedgerRecord Item(string id, XeroItem xero) => new Item
    {
        Id = id,
        UpdatedAt = xero.UpdatedDateUTC,
        Code = xero.Code,
        Name = xero.Name,
        IsTracked = xero.IsTrackedAsInventory ?? false,
        SalesAccountCode = xero.SalesDetails?.AccountCode,
        PurchaseAccountCode = xero.PurchaseDetails?.AccountCode ?? xero.PurchaseDetails?.COGSAccountCode,
        SalesTaxType = xero.SalesDetails?.TaxType,
        PurchaseTaxType = xero.PurchaseDetails?.TaxType,
        SalesPrice = xero.SalesDetails?.UnitPrice,
        PurchasePrice = xero.PurchaseDetails?.UnitPrice,
        StockAccountCode = xero.InventoryAssetAccountCode,
        QuantityOnHand = xero.QuantityOnHand,
    };
}
