using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>The organisation, its users, its contacts.</summary>
internal static class PartyMapping
{
    public static LedgerRecord Organisation(string id, XeroOrganisation xero) => new Organisation
    {
        Id = id,
        Name = xero.Name,
        LegalName = xero.LegalName,
        ShortCode = xero.ShortCode,
        Country = xero.CountryCode,
        BaseCurrency = xero.BaseCurrency,
        TimeZone = XeroTimeZones.ToIana(xero.Timezone),
        IsDemo = xero.IsDemoCompany ?? false,
        Status = xero.OrganisationStatus,
        Plan = xero.Class,
        YearEndDay = xero.FinancialYearEndDay,
        YearEndMonth = xero.FinancialYearEndMonth,
        SalesTaxBasis = xero.SalesTaxBasis,
        SalesTaxPeriod = xero.SalesTaxPeriod,
        PaysTax = xero.PaysTax,
        TaxNumber = xero.TaxNumber,
        PeriodLock = xero.PeriodLockDate,
        YearEndLock = xero.EndOfYearLockDate,
        CreatedAt = xero.CreatedDateUTC,
    };

    public static LedgerRecord User(string id, XeroUser xero) => new User
    {
        Id = id,
        UpdatedAt = xero.UpdatedDateUTC,
        Name = $"{xero.FirstName} {xero.LastName}".Trim() is { Length: > 0 } name ? name : null,
        Email = xero.EmailAddress,
        Role = xero.OrganisationRole,
        IsSubscriber = xero.IsSubscriber ?? false,
    };

    public static LedgerRecord Contact(string id, XeroContact xero) => new LedgerContact
    {
        Id = id,
        UpdatedAt = xero.UpdatedDateUTC,
        Name = xero.Name,
        FirstName = Given(xero.FirstName),
        LastName = Given(xero.LastName),
        Activity = Terms.Activity(xero.ContactStatus),
        Email = Given(xero.EmailAddress),
        CompanyNumber = Given(xero.CompanyNumber),
        TaxNumber = Given(xero.TaxNumber),
        AccountNumber = Given(xero.AccountNumber),
        BankDetails = Given(xero.BankAccountDetails),
        IsCustomer = xero.IsCustomer ?? false,
        IsSupplier = xero.IsSupplier ?? false,
        Sales = new(
            Given(xero.SalesDefaultAccountCode), Given(xero.AccountsReceivableTaxType), Terms.Treatment(xero.SalesDefaultLineAmountType), xero.PaymentTerms?.Sales?.Day, xero.PaymentTerms?.Sales?.Type),
        Purchases = new(
            Given(xero.PurchasesDefaultAccountCode), Given(xero.AccountsPayableTaxType), Terms.Treatment(xero.PurchasesDefaultLineAmountType), xero.PaymentTerms?.Bills?.Day, xero.PaymentTerms?.Bills?.Type),
        Currency = Given(xero.DefaultCurrency),
        MergedIntoId = Given(xero.MergedToContactID),
        Phones =
        [
            .. (xero.Phones ?? []).Where(phone => phone.PhoneNumber is { Length: > 0 })
                .Select(phone => string.Join(' ', new[] { phone.PhoneCountryCode, phone.PhoneAreaCode, phone.PhoneNumber }.Where(part => part is { Length: > 0 }))),
        ],
        PostCodes = [.. (xero.Addresses ?? []).Select(address => Given(address.PostalCode)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)],
        Receivable = xero.Balances?.AccountsReceivable?.Outstanding,
        Payable = xero.Balances?.AccountsPayable?.Outstanding,
        HasAttachments = xero.HasAttachments,
    };

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
