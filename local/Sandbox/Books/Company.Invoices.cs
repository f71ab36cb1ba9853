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

    private int LongIndex => Spec.LongestDocument > 0 ? FreeInvoices - 1 : -1;

    private int RegularInvoices => _bills + (RegularCustomers * RegularMonths);

    /// <summary>The i-th invoice or bill as generated; indexes past the last are those of invoices made by edits, dated <paramref name="on"/>.</summary>
    public Document Invoice(int index, DateOnly? on = null, DateTime? at = null, Wish? wish = null)
    {
        if (on is null && index >= FreeInvoices)
            return Planting.Invoices[index - FreeInvoices];
        var random = Random(Kinds.Invoice, index);
        var id = random.Guid();
        var regular = on is null && index < RegularInvoices;
        var drawn = regular ? index >= _bills : index != LongIndex && random.PerMille(640);
        var sale = wish?.Sale ?? drawn;
        var date = on ?? (regular ? RegularDay(index) : DayOf(index - RegularInvoices, FreeInvoices - RegularInvoices));
        var contact = regular ? sale ? (index - _bills) / RegularMonths : Customers + (index / RegularMonths)
            : sale ? AnyCustomer(ref random) : AnySupplier(date, ref random);
        var currency = ContactCurrency(contact);
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
            DueDate = date.AddDays(random.PerMille(300) ? 14 : regular && sale ? 7 : 30),
            LineAmountTypes = types,
            Currency = currency,
            Rate = RateOn(currency, date),
            Lines = regular ? RegularLines(index, contact, sale, types, ref random) : FreeLines(index, contact, sale, date, types, ref random),
            HasAttachments = !sale,
            SentToContact = sale && random.PerMille(850),
        };
        draft = draft.Summed();
        return on is not null || state != "AUTHORISED" ? draft : Settle(draft, index, foreign, ref random);
    }

    /// <summary>The same day of every month, give or take one, up to the latest that has come.</summary>
    private DateOnly RegularDay(int index)
    {
        var sale = index >= _bills;
        var (who, number) = sale ? ((index - _bills) / RegularMonths, (index - _bills) % RegularMonths) : (index / RegularMonths, index % RegularMonths);
        var day = sale ? 2 + who : 4 + (who * 7 % 20);
        return Start.AddMonths(LastRegular(day) - RegularMonths + 1 + number).AddDays(day - 1 + Random(Kinds.Invoice, index, 1).Below(2));
    }

    private int LastRegular(int day) => LastDay.Day > day ? Months : Months - 1;

    /// <summary>The bill of a regular supplier for the last complete month.</summary>
    public int RegularBill(int supplier) => (supplier * RegularMonths) + RegularMonths - 1 - (LastRegular(4 + (supplier * 7 % 20)) - (Months - 1));

    private string StateOf(int index, bool regular, DateOnly date, ref Rng random)
    {
        var draw = random.Below(1000);
        if (regular)
            return HasFaults && index / RegularMonths == 1 && index >= RegularBill(1) && index < _bills ? "DELETED" : "AUTHORISED";
        if (index == LongIndex)
            return "AUTHORISED";
        var recent = date > LastDay.AddDays(-10);
        return draw switch
        {
            < 18 => "VOIDED",
            < 28 => "DELETED",
            < 75 when recent => "DRAFT",
            < 95 when recent => "SUBMITTED",
            _ => "AUTHORISED",
        };
    }

    private List<Line> RegularLines(int index, int contact, bool sale, string types, ref Rng random)
    {
        var own = Random(Kinds.Contact, contact, 3);
        var usual = sale ? own.Money(200_000, 600_000) : own.Money(8_000, 80_000);
        // The third supplier is the landlord: the same amount every month.
        var amount = contact == Customers + 2 ? usual : Round(usual * (97 + random.Below(7)) / 100m);
        if (HasFaults && index == RegularBill(0))
            amount *= 4;
        return [NewLine(ref random, Goods[contact % Goods.Length], 1m, amount, UsualAccount(contact), UsualTax(contact), types)];
    }

    private List<Line> FreeLines(int index, int contact, bool sale, DateOnly date, string types, ref Rng random)
    {
        var count = index == LongIndex ? Spec.LongestDocument : random.Below(3000) == 0 ? random.Between(100, 300) : 1 + random.Below(random.Below(8) + 1);
        var lines = new List<Line>(count);
        var (account, tax) = (UsualAccount(contact), UsualTax(contact));
        for (var i = 0; i < count; i++)
        {
            var quantity = random.PerMille(500) ? 1m : random.PerMille(100) ? random.Between(1, 400) / 8m : random.Between(1, 12);
            // Large amounts without tax would be a fault.
            if (tax.Rate == 0)
                quantity = Math.Min(quantity, 2m);
            var unit = random.PerMille(70) ? new decimal(random.Between(1_000, 900_000), 0, 0, false, 4) : random.Money(350, sale ? 42_000 : 21_000);
            lines.Add(NewLine(ref random, Goods[random.Below(Goods.Length)], quantity, unit, account, tax, types,
                random.PerMille(40) ? 10m : null, sale && random.PerMille(350) ? ItemCode(random.Below(Items)) : null,
                random.PerMille(250) ? TrackingOf(random.Below(OptionsIn(date))) : null));
        }

        return lines;
    }

    private Document Settle(Document draft, int index, bool foreign, ref Rng random)
    {
        var draw = random.Below(1000);
        var total = draft.Total;
        var fate = total < 1m ? Fate.Paid : draw switch
        {
            < 800 => Fate.Paid,
            < 850 when draft.Date > LastDay.AddDays(-75) => Fate.PartPaid,
            < 890 => Fate.PaidTwice,
            < 920 when !foreign => Fate.Credited,
            < 932 when !foreign => Fate.Overpaid,
            < 942 when !foreign => Fate.Prepaid,
            // Nothing stays unpaid for three months.
            _ => draft.Date > LastDay.AddDays(draft.IsSale ? -25 : -75) ? Fate.Unpaid : Fate.Paid,
        };
        var late = draft.IsSale ? random.Below(12) - 8 : random.Below(40) - 8;
        var day = draft.DueDate!.Value.AddDays(late);
        var batch = !draft.IsSale && !foreign && random.PerMille(300) && fate == Fate.Paid;
        if (batch)
            day = new DateOnly(day.Year, day.Month, 25);
        if (day < draft.Date)
            day = draft.Date;
        if (batch && day.Day != 25)
            batch = false;
        if (day > LastDay || fate == Fate.Unpaid)
            return draft;
        if (fate is Fate.Credited or Fate.Overpaid or Fate.Prepaid)
        {
            var used = Allocate(draft, index, fate, day, ref random);
            return used.AmountDue == 0 ? used : (used with { Payments = [Part(index, 0, day, used.AmountDue, draft.Currency, false)] }).Settled();
        }

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
        return new PaymentPart(id, day, amount, RateOn(currency, day), bank, group, IsReconciled(day));
    }

    /// <summary>A payment made by an edit, in the payments' slot <paramref name="slot"/>.</summary>
    public PaymentPart NewPart(int slot, DateOnly day, decimal amount, string currency) =>
        new(IdOf(Kinds.Created, slot), day, amount, RateOn(currency, day), currency == Taxes.Foreign[0] ? Chart["092"] : Chart["090"], null, false);

    private int MonthOf(DateOnly day) => ((day.Year - Start.Year) * 12) + day.Month - Start.Month;

    /// <summary>Entries are matched with the bank statement within days.</summary>
    public bool IsReconciled(DateOnly day) => day < LastDay.AddDays(-4);
}
