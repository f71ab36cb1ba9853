using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    private static readonly string[] Goods =
    [
        "Monthly retainer", "Design work", "Installation", "Box of 50", "Site visit", "Delivery & handling", "Annual licence", "Spare parts", "Labour, per hour",
        "Project stage payment", "Training day", "Repairs", "Office supplies", "Hire of equipment", "Advertising", "Support plan", "Materials", "Café supplies – June \"special\"",
    ];

    /// <summary>What becomes of an invoice once it is approved.</summary>
    private enum Fate
    {
        Unpaid,
        Paid,
        PartPaid,
        PaidTwice,
        Credited,
        Overpaid,
        Prepaid,
    }

    private int LongIndex => Spec.LongestDocument > 0 ? Invoices - Duplicates - 1 : -1;

    public bool IsCopy(int index) => index >= Invoices - Duplicates && index < Invoices;

    public int CopyOf(int index) => ((index - (Invoices - Duplicates)) % Regulars * Months) + Months - 3;

    /// <summary>The i-th invoice or bill as generated; indexes past the last are those of invoices made by edits, dated <paramref name="on"/>.</summary>
    public Document Invoice(int index, DateOnly? on = null, DateTime? at = null, Wish? wish = null)
    {
        if (on is null && IsCopy(index))
            return Copy(index);
        var random = Random(Kinds.Invoice, index);
        var id = random.Guid();
        var regular = on is null && index < _bills;
        var drawn = !regular && index != LongIndex && random.PerMille(640);
        var sale = wish?.Sale ?? drawn;
        var contact = regular ? Customers + (index / Months) : sale
            ? random.Below(random.Below(Customers) + 1)
            : Customers + random.Below(random.Below(Suppliers) + 1);
        var date = on ?? (regular
            ? Start.AddMonths(index % Months).AddDays(3 + (index / Months % 20) + random.Below(2))
            : DayOf(index - _bills, Invoices - _bills));
        var currency = regular ? Taxes.Currency : ContactCurrency(contact);
        var foreign = currency != Taxes.Currency;
        var state = on is null ? StateOf(index, regular, date, ref random) : random.PerMille(200) ? wish?.State ?? "DRAFT" : wish?.State ?? "AUTHORISED";
        var types = foreign ? "NoTax" : random.PerMille(150) ? "Inclusive" : "Exclusive";
        var draft = new Document
        {
            Kind = DocumentKind.Invoice,
            Id = id,
            UpdatedUtc = at ?? Moment(date, ref random),
            Type = sale ? "ACCREC" : "ACCPAY",
            Number = sale
                ? string.Create(CultureInfo.InvariantCulture, $"INV-{index + 1:000000}")
                : string.Create(CultureInfo.InvariantCulture, $"B-{random.Below(90_000) + 1000}"),
            Reference = random.PerMille(400) ? string.Create(CultureInfo.InvariantCulture, $"PO {random.Below(100_000)}") : "",
            State = state,
            Contact = contact,
            ContactId = ContactId(contact),
            ContactName = ContactName(contact),
            Date = date,
            DueDate = date.AddDays(random.PerMille(300) ? 14 : 30),
            LineAmountTypes = types,
            Currency = currency,
            Rate = RateOn(currency, date),
            Lines = regular ? RegularLines(index, types, ref random) : FreeLines(index, contact, sale, types, ref random),
            HasAttachments = !sale && random.PerMille(600),
            SentToContact = sale && random.PerMille(850),
        };
        draft = draft.Summed();
        return on is not null || state != "AUTHORISED" ? draft : Settle(draft, index, foreign, ref random);
    }

    private string StateOf(int index, bool regular, DateOnly date, ref Rng random)
    {
        var draw = random.Below(1000);
        if (regular)
            return index / Months == 1 && index % Months == Months - 1 ? "DELETED" : "AUTHORISED";
        if (index == LongIndex)
            return "AUTHORISED";
        var recent = date > LastDay.AddDays(-35);
        return draw switch
        {
            < 18 => "VOIDED",
            < 28 => "DELETED",
            < 31 => "DRAFT",
            < 75 when recent => "DRAFT",
            < 95 when recent => "SUBMITTED",
            _ => "AUTHORISED",
        };
    }

    private List<Line> RegularLines(int index, string types, ref Rng random)
    {
        var (supplier, month) = (index / Months, index % Months);
        var own = Random(Kinds.Contact, supplier, 3);
        var usual = own.Money(8_000, 90_000);
        var amount = Round(usual * (97 + random.Below(7)) / 100m);
        if (supplier == 0 && month == Months - 1)
            amount *= 4;
        var account = UsualAccount(Customers + supplier);
        if (supplier == Regulars - 1 && month % 7 == 3)
            account = Chart.Accounts[Chart["429"]];
        return [NewLine(ref random, Goods[supplier % Goods.Length], 1m, amount, account, Taxes.ByType(account.TaxType), types)];
    }

    private List<Line> FreeLines(int index, int contact, bool sale, string types, ref Rng random)
    {
        var count = index == LongIndex ? Spec.LongestDocument : random.Below(3000) == 0 ? random.Between(100, 300) : 1 + random.Below(random.Below(8) + 1);
        var lines = new List<Line>(count);
        var usual = sale ? null : UsualAccount(contact);
        for (var i = 0; i < count; i++)
        {
            var account = sale ? Chart.Accounts[Chart.Sales[random.Below(Chart.Sales.Length)]]
                : random.PerMille(900) ? usual! : Chart.Accounts[Chart.Purchases[random.Below(Chart.Purchases.Length)]];
            var tax = types == "NoTax" ? Taxes.ByRole("N") : random.PerMille(60) ? Taxes.ByRole(sale ? "Z" : "ZP") : Taxes.ByType(account.TaxType);
            var quantity = random.PerMille(500) ? 1m : random.PerMille(100) ? random.Between(1, 400) / 8m : random.Between(1, 12);
            var unit = random.PerMille(70) ? new decimal(random.Between(1_000, 900_000), 0, 0, false, 4) : random.Money(350, sale ? 42_000 : 21_000);
            lines.Add(NewLine(ref random, Goods[random.Below(Goods.Length)], quantity, unit, account, tax, types,
                random.PerMille(40) ? 10m : null, sale && random.PerMille(350) ? ItemCode(random.Below(Items)) : null,
                random.PerMille(250) ? TrackingOf(random.Below(LiveOptions)) : null));
        }

        return lines;
    }

    private Document Settle(Document draft, int index, bool foreign, ref Rng random)
    {
        var draw = random.Below(1000);
        var fate = draw switch
        {
            < 800 => Fate.Paid,
            < 850 => Fate.PartPaid,
            < 890 => Fate.PaidTwice,
            < 920 when !foreign => Fate.Credited,
            < 932 when !foreign => Fate.Overpaid,
            < 942 when !foreign => Fate.Prepaid,
            _ => Fate.Unpaid,
        };
        var late = random.Below(40) - 8;
        var day = draft.DueDate!.Value.AddDays(late);
        var batch = !draft.IsSale && !foreign && random.PerMille(300) && fate == Fate.Paid;
        if (batch)
            day = new DateOnly(day.Year, day.Month, 25);
        if (day < draft.Date)
            day = draft.Date;
        if (batch && day.Day != 25)
            batch = false;
        var total = draft.Total;
        if (day > LastDay || total < 1m || fate == Fate.Unpaid)
            return draft;
        if (fate is Fate.Credited or Fate.Overpaid or Fate.Prepaid)
            return Allocate(draft, index, fate, day, ref random);
        var first = fate == Fate.Paid ? total : Round(total * random.Between(20, 70) / 100m);
        var parts = new List<PaymentPart>(2) { Part(index, 0, day, first, draft.Currency, batch) };
        if (fate == Fate.PaidTwice && day.AddDays(20) <= LastDay)
            parts.Add(Part(index, 1, day.AddDays(20), total - first, draft.Currency, false));
        return (draft with { Payments = parts, UpdatedUtc = Moment(parts[^1].Date, ref random, 15) }).Settled();
    }

    private PaymentPart Part(int index, int number, DateOnly day, decimal amount, string currency, bool batch)
    {
        var random = Random(Kinds.Payment, index, number);
        var id = random.Guid();
        var bank = currency == Taxes.Foreign[0] ? Chart["092"] : Chart["090"];
        Guid? group = batch ? IdOf(Kinds.Batch, MonthOf(day)) : null;
        return new PaymentPart(id, day, amount, RateOn(currency, day), bank, group, day < LastDay.AddDays(-18) && !random.PerMille(4));
    }

    /// <summary>A payment made by an edit, in the payments' slot <paramref name="slot"/>.</summary>
    public PaymentPart NewPart(int slot, DateOnly day, decimal amount, string currency) =>
        new(IdOf(Kinds.Created, slot), day, amount, RateOn(currency, day), currency == Taxes.Foreign[0] ? Chart["092"] : Chart["090"], null, false);

    private int MonthOf(DateOnly day) => ((day.Year - Start.Year) * 12) + day.Month - Start.Month;

    private Document Copy(int index)
    {
        var source = Invoice(CopyOf(index));
        var random = Random(Kinds.Invoice, index);
        var id = random.Guid();
        return (source with
        {
            Id = id,
            State = "AUTHORISED",
            Date = source.Date.AddDays(2),
            DueDate = source.DueDate!.Value.AddDays(2),
            FullyPaidOn = null,
            Payments = [],
            Allocations = [],
            UpdatedUtc = Moment(source.Date.AddDays(2), ref random),
            Lines = [.. source.Lines.Select(line => line with { Id = random.Guid() })],
        }).Summed();
    }
}
