using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>The small lists that no edit changes: taxes, classes, departments, terms, methods, currencies, employees, and an item for every income account.</summary>
internal sealed class FixedEntities
{
    private readonly Company _company;
    private readonly List<(string Entity, long Id, bool Active, JsonObject Fields)> _all = [];
    private readonly Dictionary<Guid, (string Entity, string Id, string Name)> _tracking = [];
    private readonly Dictionary<int, (string Id, string Name)> _items = [];
    private readonly DateTime _created;

    public FixedEntities(Company company)
    {
        _company = company;
        _created = company.Start.ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc);
        Taxes();
        Tracking();
        Terms();
        if (company.Spec.MultiCurrency)
        {
            foreach (var (code, index) in company.Taxes.Foreign.Select((code, index) => (code, index)))
                Add(EntityNames.CompanyCurrency, index + 1, true, ("Name", CurrencyName(code)), ("Code", code), ("Active", true));
        }

        foreach (var (person, index) in Employees.Select((person, index) => (person, index)))
        {
            Add(EntityNames.Employee, index + 1, index != 2, ("GivenName", person.Given), ("FamilyName", person.Family),
                ("DisplayName", $"{person.Given} {person.Family}"), ("PrintOnCheckName", $"{person.Given} {person.Family}"), ("Active", index != 2), ("BillableTime", false));
        }
    }

    public static IReadOnlyList<(string Given, string Family)> Employees { get; } = [("Nora", "Lindqvist"), ("Samir", "Patel"), ("Ines", "Duarte")];

    public IReadOnlyList<(string Entity, long Id, bool Active, JsonObject Fields)> All => _all;

    public DateTime Created => _created;

    /// <summary>How many ids of items come before those of the books' own.</summary>
    public int OwnItems => _items.Count;

    public JsonObject Render(int slot, int syncToken, DateTime updated)
    {
        var (_, id, _, fields) = _all[slot];
        var json = Json.Entity(EntityBook.Text(id), syncToken, _created, updated);
        foreach (var (name, value) in fields)
            json[name] = value?.DeepClone();
        return json;
    }

    public string TaxRate(TaxRate tax) => EntityBook.Text(IndexOf(tax) + 1);

    /// <summary>In the United States a line is taxed or not (TAX, NON); the rate is the document's.</summary>
    public string TaxCode(TaxRate tax) => _company.Spec.Country == "US" ? tax.Rate == 0 ? "NON" : "TAX" : EntityBook.Text(IndexOf(tax) + 1);

    public JsonObject? ClassRef(Bag tracking) => Reference(tracking, EntityNames.Class);

    public JsonObject? DepartmentRef(Bag tracking) => Reference(tracking, EntityNames.Department);

    public static JsonObject TermRef(int days) => days == 14 ? Json.Ref("1", "Net 14") : Json.Ref("2", "Net 30");

    public static JsonObject PaymentMethodRef(int id) => Json.Ref(EntityBook.Text(id), Methods[id - 1]);

    /// <summary>What is sold decides the account, so an item of the books is only shown where the line went to that item's account.</summary>
    public (string Id, string Name) ItemFor(LedgerAccount account, int? item)
    {
        if (item is { } index && account.Code == "200")
            return (EntityBook.Text(index + OwnItems + 1), (string)_company.Item(index).Fields["Name"]!);
        return _items.TryGetValue(account.Index, out var own) ? own : _items.First().Value;
    }

    public static string CurrencyName(string code) => code switch
    {
        "GBP" => "British Pound Sterling",
        "EUR" => "Euro",
        "USD" => "United States Dollar",
        "NZD" => "New Zealand Dollar",
        "AUD" => "Australian Dollar",
        _ => "Canadian Dollar",
    };

    private static string[] Methods { get; } = ["Cash", "Cheque", "Credit Card", "BACS"];

    private JsonObject? Reference(Bag tracking, string entity) =>
        _tracking.TryGetValue((Guid)tracking["TrackingOptionID"]!, out var found) && found.Entity == entity ? Json.Ref(found.Id, found.Name) : null;

    private int IndexOf(TaxRate tax) => _company.Taxes.Rates.Select((rate, index) => (rate, index)).First(pair => pair.rate.Type == tax.Type).index;

    private void Taxes()
    {
        var taxes = _company.Taxes;
        Add(EntityNames.TaxAgency, 1, true, ("DisplayName", _company.Spec.Country == "GB" ? "HM Revenue & Customs (VAT)" : taxes.TaxName + " agency"), ("TaxTrackedOnSales", true),
            ("TaxTrackedOnPurchases", _company.Spec.Country != "US"));
        foreach (var (rate, index) in taxes.Rates.Select((rate, index) => (rate, index)))
        {
            var (id, active) = (index + 1, rate.Status == "ACTIVE");
            Add(EntityNames.TaxRate, id, active, ("Name", rate.Name), ("Description", rate.Name), ("Active", active), ("RateValue", rate.Rate), ("AgencyRef", Json.Ref("1")),
                ("SpecialTaxType", rate.Rate == 0 ? "ZERO_RATE" : "NONE"), ("DisplayType", "ReadOnly"),
                ("EffectiveTaxRate", new JsonArray(new JsonObject { ["RateValue"] = rate.Rate, ["EffectiveDate"] = PacificTime.Second(_created) })));
            var detail = new JsonArray(new JsonObject { ["TaxRateRef"] = Json.Ref(EntityBook.Text(id), rate.Name), ["TaxTypeApplicable"] = "TaxOnAmount", ["TaxOrder"] = 0 });
            Add(EntityNames.TaxCode, id, active, ("Name", rate.Name), ("Description", rate.Name), ("Active", active), ("Hidden", !active), ("Taxable", true), ("TaxGroup", true),
                ("SalesTaxRateList", new JsonObject { ["TaxRateDetail"] = rate.Sales ? detail.DeepClone() : new JsonArray() }),
                ("PurchaseTaxRateList", new JsonObject { ["TaxRateDetail"] = rate.Purchases ? detail.DeepClone() : new JsonArray() }));
        }
    }

    private void Tracking()
    {
        var (classes, departments) = (0, 0);
        foreach (var category in _company.TrackingCategories())
        {
            var department = (string)category.Fields["Name"]! == "Department";
            foreach (var option in ((object[])category.Fields["Options"]!).Cast<Bag>())
            {
                var entity = department ? EntityNames.Department : EntityNames.Class;
                var id = department ? ++departments : ++classes;
                var active = (string)option["Status"]! == "ACTIVE";
                var name = (string)option["Name"]!;
                Add(entity, id, active, ("Name", name), (department ? "SubDepartment" : "SubClass", false), ("FullyQualifiedName", name), ("Active", active));
                _tracking[(Guid)option["TrackingOptionID"]!] = (entity, EntityBook.Text(id), name);
            }
        }
    }

    private void Terms()
    {
        foreach (var (name, days, index) in new[] { ("Net 14", 14, 1), ("Net 30", 30, 2), ("Due on receipt", 0, 3) })
            Add(EntityNames.Term, index, true, ("Name", name), ("Active", true), ("Type", "STANDARD"), ("DiscountPercent", 0m), ("DueDays", days), ("DiscountDays", 0));
        foreach (var (name, index) in Methods.Select((name, index) => (name, index)))
            Add(EntityNames.PaymentMethod, index + 1, true, ("Name", name), ("Active", true), ("Type", name == "Credit Card" ? "CREDIT_CARD" : "NON_CREDIT_CARD"));
        foreach (var account in _company.Chart.Accounts.Where(account => account is { Class: "REVENUE", Code: not "206" }))
        {
            var id = _items.Count + 1;
            _items[account.Index] = (EntityBook.Text(id), account.Name);
            Add(EntityNames.Item, id, true, ("Name", account.Name), ("FullyQualifiedName", account.Name), ("Active", true), ("Taxable", true), ("SalesTaxIncluded", false),
                ("UnitPrice", 0m), ("Type", "Service"), ("IncomeAccountRef", Json.Ref(EntityBook.Text(account.Index + 1), account.Name)), ("PurchaseCost", 0m), ("TrackQtyOnHand", false));
        }
    }

    private void Add(string entity, long id, bool active, params (string Name, JsonNode? Value)[] fields)
    {
        var json = new JsonObject();
        foreach (var (name, value) in fields)
            json[name] = value;
        _all.Add((entity, id, active, json));
    }
}
