using System.Globalization;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>The company, its settings, and its lists.</summary>
internal static class QboListMapping
{
    private static readonly string[] MonthNames = [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Take(12)];

    public static LedgerRecord Company(string id, QboCompany qbo) => new Organisation
    {
        Id = id,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Name = qbo.CompanyName,
        LegalName = qbo.LegalName,
        Country = qbo.Country,
        TimeZone = QboTerms.Given(qbo.DefaultTimeZone),
        IsDemo = qbo.SampleFile ?? false,
        Plan = qbo.NameValue?.FirstOrDefault(one => one.Name == "OfferingSku")?.Value,
        YearEndMonth = YearEnd(qbo.FiscalYearStartMonth),
        CreatedAt = qbo.MetaData?.CreateTime,
    };

    public static LedgerRecord Preferences(string id, QboPreferences qbo) => new OrganisationSettings
    {
        Id = id,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        BaseCurrency = qbo.CurrencyPrefs?.HomeCurrency?.Value,
        IsMultiCurrency = qbo.CurrencyPrefs?.MultiCurrencyEnabled,
        PaysTax = qbo.TaxPrefs?.UsingSalesTax,
        PeriodLock = qbo.AccountingInfoPrefs?.BookCloseDate,
        YearEndMonth = YearEnd(qbo.AccountingInfoPrefs?.FirstMonthOfFiscalYear),
    };

    public static LedgerRecord Account(string id, QboAccount qbo) => new LedgerAccount
    {
        Id = id,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Code = QboTerms.Given(qbo.AcctNum),
        Name = qbo.FullyQualifiedName ?? qbo.Name,
        Class = qbo.Classification switch
        {
            "Asset" => AccountClass.Asset,
            "Liability" => AccountClass.Liability,
            "Equity" => AccountClass.Equity,
            "Revenue" => AccountClass.Revenue,
            "Expense" => AccountClass.Expense,
            _ => AccountClass.Unknown,
        },
        Type = qbo.AccountType,
        Activity = QboTerms.Activity(qbo.Active),
        TaxType = qbo.TaxCodeRef?.Value,
        SystemRole = qbo.AccountSubType is "UndepositedFunds" or "OpeningBalanceEquity" or "RetainedEarnings" or "GlobalTaxPayable" or "GlobalTaxSuspense" or "SalesTaxPayable"
            or "AccountsReceivable" or "AccountsPayable" or "ExchangeGainOrLoss" ? qbo.AccountSubType : null,
        IsBankAccount = qbo.AccountType is "Bank" or "Credit Card",
        BankKind = qbo.AccountType switch { "Bank" => BankAccountKind.Bank, "Credit Card" => BankAccountKind.CreditCard, _ => BankAccountKind.None },
        Currency = qbo.CurrencyRef?.Value,
        TakesPayments = qbo.AccountType is "Bank" or "Credit Card" || qbo.AccountSubType == "UndepositedFunds",
    };

    public static LedgerRecord Customer(string id, QboName qbo) => Contact("Customer", id, qbo) with
    {
        IsCustomer = true,
        Sales = Defaults(qbo, qbo.SalesTermRef),
        Receivable = qbo.Balance,
    };

    public static LedgerRecord Vendor(string id, QboName qbo) => Contact("Vendor", id, qbo) with
    {
        IsSupplier = true,
        AccountNumber = QboTerms.Given(qbo.AcctNum),
        Purchases = Defaults(qbo, qbo.TermRef),
        Payable = qbo.Balance,
    };

    public static LedgerRecord Employee(string id, QboName qbo) => Contact("Employee", id, qbo);

    public static LedgerRecord Item(string id, QboItem qbo) => new Item
    {
        Id = id,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Code = QboTerms.Given(qbo.Sku),
        Name = qbo.Name,
        IsTracked = qbo.TrackQtyOnHand ?? qbo.Type == "Inventory",
        SalesAccountId = qbo.IncomeAccountRef?.Value,
        PurchaseAccountId = qbo.ExpenseAccountRef?.Value,
        SalesTaxType = qbo.SalesTaxCodeRef?.Value,
        PurchaseTaxType = qbo.PurchaseTaxCodeRef?.Value,
        SalesPrice = qbo.UnitPrice,
        PurchasePrice = qbo.PurchaseCost,
        StockAccountId = qbo.AssetAccountRef?.Value,
        QuantityOnHand = qbo.QtyOnHand,
    };

    // Lines name the code; what it comes to is in the rates that it names.
    public static LedgerRecord TaxCode(string id, QboTaxCode qbo) => new TaxRate
    {
        Id = QboTerms.Id("TaxCode", id)!,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        TaxType = id,
        Name = qbo.Name,
        Activity = QboTerms.Activity(qbo.Active),
        ForRevenue = qbo.SalesTaxRateList?.TaxRateDetail is { Count: > 0 },
        ForExpenses = qbo.PurchaseTaxRateList?.TaxRateDetail is { Count: > 0 },
        SalesParts = Parts(qbo.SalesTaxRateList),
        PurchaseParts = Parts(qbo.PurchaseTaxRateList),
    };

    private static IReadOnlyList<TaxPart> Parts(QboTaxRateList? list) =>
    [
        .. (list?.TaxRateDetail ?? []).Where(part => part.TaxRateRef?.Value is { Length: > 0 })
            .Select(part => new TaxPart(QboTerms.Id("TaxRate", part.TaxRateRef!.Value)!, part.TaxTypeApplicable switch
            {
                null or "TaxOnAmount" => false,
                "TaxOnAmountPlusTax" => true,
                // A word that we do not know (a tax on the tax alone) is reckoned by nobody.
                _ => null,
            })),
    ];

    public static LedgerRecord TaxRate(string id, QboTaxRate qbo) => new TaxRate
    {
        Id = QboTerms.Id("TaxRate", id)!,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        TaxType = QboTerms.Id("TaxRate", id)!,
        Name = qbo.Name,
        Activity = QboTerms.Activity(qbo.Active),
        ReportType = QboTerms.Id("TaxAgency", qbo.AgencyRef?.Value),
        DisplayRate = qbo.RateValue,
        EffectiveRate = qbo.RateValue,
    };

    public static LedgerRecord TaxAgency(string id, QboTaxAgency qbo) => new TaxAgency
    {
        Id = QboTerms.Id("TaxAgency", id)!,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Name = qbo.DisplayName,
        RegistrationNumber = QboTerms.Given(qbo.TaxRegistrationNumber),
    };

    // QuickBooks has two dimensions, each a list of values: a value is a category's option.
    public static LedgerRecord Class(string id, QboDimension qbo) => Dimension("Class", id, qbo);

    public static LedgerRecord Department(string id, QboDimension qbo) => Dimension("Department", id, qbo);

    public static LedgerRecord Term(string id, QboTerm qbo) => new PaymentTerms
    {
        Id = id,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Name = qbo.Name,
        Activity = QboTerms.Activity(qbo.Active),
        Day = qbo.DueDays ?? qbo.DayOfMonthDue,
        Type = qbo.Type,
    };

    public static LedgerRecord Currency(string id, QboCurrency qbo) => new Currency { Id = qbo.Code ?? id, UpdatedAt = qbo.MetaData?.LastUpdatedTime, Description = qbo.Name };

    public static LedgerRecord Attachment(string id, QboAttachable qbo) => new LedgerAttachment
    {
        Id = id,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        FileName = qbo.FileName,
        AttachedTo = [.. (qbo.AttachedTo ?? []).Select(one => QboTerms.Id(one.EntityRef?.Type, one.EntityRef?.Value)).OfType<string>()],
    };

    private static TrackingCategory Dimension(string kind, string id, QboDimension qbo) => new()
    {
        Id = $"{kind}-{id}",
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Name = kind,
        Activity = QboTerms.Activity(qbo.Active),
        Options = [new TrackingOption(id, qbo.FullyQualifiedName ?? qbo.Name, QboTerms.Activity(qbo.Active))],
    };

    private static LedgerContact Contact(string kind, string id, QboName qbo) => new()
    {
        Id = QboTerms.Id(kind, id)!,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Name = QboTerms.Given(qbo.DisplayName) ?? QboTerms.Given(qbo.CompanyName),
        FirstName = QboTerms.Given(qbo.GivenName),
        LastName = QboTerms.Given(qbo.FamilyName),
        Activity = QboTerms.Activity(qbo.Active),
        Email = QboTerms.Given(qbo.PrimaryEmailAddr?.Address),
        CompanyNumber = QboTerms.Given(qbo.BusinessNumber),
        TaxNumber = QboTerms.Given(qbo.PrimaryTaxIdentifier) ?? QboTerms.Given(qbo.TaxIdentifier),
        Currency = QboTerms.Given(qbo.CurrencyRef?.Value),
        Phones = [.. new[] { qbo.PrimaryPhone, qbo.Mobile, qbo.AlternatePhone }.Select(phone => QboTerms.Given(phone?.FreeFormNumber)).OfType<string>()],
        PostCodes = [.. new[] { qbo.BillAddr, qbo.ShipAddr, qbo.PrimaryAddr }.Select(address => QboTerms.Given(address?.PostalCode)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)],
    };

    private static ContactDefaults Defaults(QboName qbo, QboRef? terms) => ContactDefaults.None with { TaxType = qbo.DefaultTaxCodeRef?.Value, TermsId = terms?.Value };

    // The year ends in the month before the one that begins it.
    private static int? YearEnd(string? firstMonth) => Array.FindIndex(MonthNames, name => name.Equals(firstMonth, StringComparison.OrdinalIgnoreCase)) switch
    {
        < 0 => null,
        0 => 12,
        var month => month,
    };
}
