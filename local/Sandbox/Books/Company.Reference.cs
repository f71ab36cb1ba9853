using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    private static readonly string[] Categories = ["Region", "Department", "Old Projects"];
    private static readonly string[][] Options =
    [
        ["North", "South", "East", "West", "Export", "Closed depot"], ["Sales", "Service", "Workshop", "Head office", "Old team"], ["Alpha", "Beta"],
    ];

    private static readonly (int Category, int Option)[] Live = [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 0), (1, 1), (1, 2), (1, 3)];
    private static readonly string[] ActionNames =
    [
        "CreateApprovedInvoice", "CreateBankTransaction", "CreateContact", "UseMulticurrency", "AddOrganisationUser", "ViewAccountBalances",
    ];

    private static readonly string[] Roles = ["STANDARD", "FINANCIALADVISER", "READONLY", "INVOICEONLY", "REMOVED"];
    private Bag[] _tracking = [];

    /// <summary>Departments were given up more than a year ago.</summary>
    private int OptionsIn(DateOnly day) => day < LastDay.AddDays(-400) ? Live.Length : 5;

    private DateTime FirstMoment => Start.ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc);

    /// <summary>A live option of a tracking category; the first five are regions.</summary>
    public Bag TrackingOf(int at) => _tracking[at];

    public static string ItemCode(int index) => string.Create(CultureInfo.InvariantCulture, $"IT-{index + 1:0000}");

    private void MakeReference() => _tracking =
    [
        .. Live.Select(l => new Bag(("TrackingCategoryID", IdOf(Kinds.Tracking, l.Category)), ("TrackingOptionID", IdOf(Kinds.TrackingOption, l.Category, l.Option)),
            ("Name", Categories[l.Category]), ("Option", Options[l.Category][l.Option]))),
    ];

    private static BagRecord Record(Guid id, DateTime updated, params (string, object?)[] fields) => new(new Bag(fields)) { Id = id, UpdatedUtc = updated };

    public BagRecord Organisation(Guid id)
    {
        // Planted: nothing was locked for years.
        var (locked, yearEnd) = (PeriodEnd, YearStart(PeriodEnd).AddDays(-1));
        if (HasFaults)
            (locked, yearEnd) = (yearEnd.AddYears(-2), yearEnd.AddYears(-2));
        return Record(id, FirstMoment, ("OrganisationID", id), ("APIKey", null), ("Name", Spec.Name), ("LegalName", Spec.Name), ("PaysTax", true),
            ("Version", Spec.Country == "GB" ? "UK" : Spec.Country), ("OrganisationType", "COMPANY"), ("BaseCurrency", Taxes.Currency), ("CountryCode", Spec.Country),
            ("IsDemoCompany", Spec.IsDemoCompany), ("OrganisationStatus", "ACTIVE"), ("RegistrationNumber", "07654321"), ("TaxNumber", "GB123456789"),
            ("FinancialYearEndDay", DateTime.DaysInMonth(2025, Taxes.YearEndMonth)), ("FinancialYearEndMonth", Taxes.YearEndMonth),
            ("SalesTaxBasis", "ACCRUALS"), ("SalesTaxPeriod", "QUARTERLY"), ("DefaultSalesTax", "Tax Exclusive"), ("DefaultPurchasesTax", "Tax Exclusive"),
            ("PeriodLockDate", locked), ("EndOfYearLockDate", yearEnd), ("CreatedDateUTC", FirstMoment), ("Timezone", Taxes.Timezone),
            ("OrganisationEntityType", "COMPANY"), ("ShortCode", "!" + id.ToString("N")[..5]), ("Class", Spec.IsDemoCompany ? "DEMO" : "PREMIUM"),
            ("Edition", "BUSINESS"), ("LineOfBusiness", "Wholesale"), ("Addresses", Array.Empty<object>()), ("Phones", Array.Empty<object>()));
    }

    /// <summary>The first day of the financial year that holds a day.</summary>
    public DateOnly YearStart(DateOnly day)
    {
        var start = new DateOnly(day.Year, Taxes.YearEndMonth, 1).AddMonths(1);
        return start > day ? start.AddYears(-1) : start.AddYears(1) <= day ? start.AddYears(1) : start;
    }

    public IEnumerable<BagRecord> Actions() =>
        ActionNames.Select((name, i) => Record(IdOf(Kinds.Action, i), FirstMoment, ("Name", name), ("Status", "ALLOWED")));

    public IEnumerable<BagRecord> Users() => Roles.Select((role, i) =>
    {
        var updated = FirstMoment.AddDays(40 * i);
        return Record(IdOf(Kinds.User, i), updated, ("UserID", IdOf(Kinds.User, i)), ("GlobalUserID", IdOf(Kinds.User, i, 1)),
            ("EmailAddress", $"{People[i]}.{Surnames[i]}@example.com"), ("FirstName", People[i]), ("LastName", Surnames[i]), ("UpdatedDateUTC", updated),
            ("IsSubscriber", i == 0), ("OrganisationRole", role));
    });

    public IEnumerable<BagRecord> Accounts() => Chart.Accounts.Select(account =>
    {
        var updated = FirstMoment.AddMinutes(account.Index);
        return Record(account.Id, updated, ("AccountID", account.Id), ("Code", account.Code), ("Name", account.Name),
            ("Status", Chart.IsArchived(account.Code, HasFaults) ? "ARCHIVED" : "ACTIVE"), ("Type", account.Type), ("TaxType", account.TaxType), ("Description", ""),
            ("Class", account.Class), ("SystemAccount", account.System), ("EnablePaymentsToAccount", account.Code is "835"),
            ("ShowInExpenseClaims", false), ("BankAccountType", account.IsBank ? account.Code == "093" ? "CREDITCARD" : "BANK" : "NONE"),
            ("BankAccountNumber", account.IsBank ? "2010" + account.Code + "4455667" : null), ("CurrencyCode", account.IsBank ? account.Currency : null),
            ("ReportingCode", account.Class[..3]), ("ReportingCodeName", account.Class), ("HasAttachments", false), ("UpdatedDateUTC", updated),
            ("AddToWatchlist", false));
    });

    public IEnumerable<BagRecord> TaxRates() => Taxes.Rates.Select((rate, i) => Record(IdOf(Kinds.TaxRate, i), FirstMoment, ("Name", rate.Name),
        ("TaxType", rate.Type), ("ReportTaxType", rate.Report), ("CanApplyToAssets", rate.Purchases), ("CanApplyToEquity", rate.Purchases),
        ("CanApplyToExpenses", rate.Purchases), ("CanApplyToLiabilities", rate.Purchases), ("CanApplyToRevenue", rate.Sales),
        ("DisplayTaxRate", new Fixed(rate.Rate, 4)), ("EffectiveRate", new Fixed(rate.Rate, 4)), ("Status", rate.Status),
        ("TaxComponents", new object[]
        {
            new Bag(("Name", Taxes.TaxName), ("Rate", new Fixed(rate.Rate, 4)), ("IsCompound", false), ("IsNonRecoverable", false)),
        })));

    public IEnumerable<BagRecord> TrackingCategories() => Categories.Select((name, i) => Record(IdOf(Kinds.Tracking, i), FirstMoment, ("Name", name),
        ("Status", i == 2 ? "ARCHIVED" : "ACTIVE"), ("TrackingCategoryID", IdOf(Kinds.Tracking, i)),
        ("Options", Options[i].Select((option, o) => (object)new Bag(("TrackingOptionID", IdOf(Kinds.TrackingOption, i, o)), ("Name", option),
            ("Status", i == 2 || !Live.Contains((i, o)) ? "ARCHIVED" : "ACTIVE"), ("HasValidationErrors", false), ("IsDeleted", false),
            ("IsArchived", i == 2 || !Live.Contains((i, o))), ("IsActive", i != 2 && Live.Contains((i, o))))).ToArray())));

    public IEnumerable<BagRecord> Currencies() => new[] { Taxes.Currency, Taxes.Foreign[0], Taxes.Foreign[1] }.Take(Spec.MultiCurrency ? 3 : 1).Select((code, i) =>
        Record(IdOf(Kinds.Currency, i), FirstMoment, ("Code", code), ("Description", code switch
        {
            "GBP" => "British Pound",
            "EUR" => "Euro",
            "USD" => "United States Dollar",
            "NZD" => "New Zealand Dollar",
            "AUD" => "Australian Dollar",
            _ => "Canadian Dollar",
        })));

    public BagRecord Item(int index, DateTime? at = null)
    {
        var random = Random(Kinds.Item, index);
        var id = random.Guid();
        var updated = at ?? Moment(DayOf(index, Items * 2L), ref random);
        return Record(id, updated, ("ItemID", id), ("Code", ItemCode(index)), ("Name", $"{Goods[random.Below(Goods.Length)]} {index + 1}"),
            ("Description", "As listed"), ("IsTrackedAsInventory", false), ("IsSold", true), ("IsPurchased", index % 2 == 0),
            ("SalesDetails", new Bag(("UnitPrice", new Fixed(random.Money(500, 50_000))), ("AccountCode", "200"), ("TaxType", Taxes.ByRole("S").Type))),
            ("PurchaseDetails", index % 2 == 0
                ? new Bag(("UnitPrice", new Fixed(random.Money(300, 30_000))), ("AccountCode", "310"), ("TaxType", Taxes.ByRole("P").Type))
                : null), ("UpdatedDateUTC", updated));
    }

    public BagRecord RepeatingInvoice(int index)
    {
        var random = Random(Kinds.Repeating, index);
        var id = random.Guid();
        var sale = index % 2 == 0;
        var contact = sale ? index % FreeCustomers : Customers + Regulars + (index % FreeSuppliers);
        var account = UsualAccount(contact);
        var line = NewLine(ref random, "Retainer", 1m, random.Money(10_000, 90_000), account, UsualTax(contact), "Exclusive");
        return Record(id, FirstMoment, ("RepeatingInvoiceID", id), ("ID", id), ("Type", sale ? "ACCREC" : "ACCPAY"),
            ("Status", index % 3 == 0 ? "DRAFT" : "AUTHORISED"), ("Reference", ""), ("HasAttachments", false), ("CurrencyCode", Taxes.Currency),
            ("Contact", new Bag(("ContactID", ContactId(contact)), ("Name", ContactName(contact)))),
            ("Schedule", new Bag(("Period", 1), ("Unit", "MONTHLY"), ("DueDate", 20), ("DueDateType", "DAYSAFTERBILLDATE"),
                ("StartDate", Start.AddMonths(2)), ("NextScheduledDate", LastDay.AddDays(20)))),
            ("LineAmountTypes", "Exclusive"), ("LineItems", new object[]
            {
                new Bag(("LineItemID", line.Id), ("Description", line.Description), ("Quantity", new Fixed(1m, 4)), ("UnitAmount", new Fixed(line.UnitAmount)),
                    ("LineAmount", new Fixed(line.LineAmount)), ("AccountCode", account.Code), ("AccountID", account.Id), ("TaxType", line.Tax.Type),
                    ("TaxAmount", new Fixed(line.TaxAmount)), ("Tracking", Array.Empty<object>())),
            }),
            ("SubTotal", new Fixed(line.LineAmount)), ("TotalTax", new Fixed(line.TaxAmount)), ("Total", new Fixed(line.LineAmount + line.TaxAmount)));
    }
}
