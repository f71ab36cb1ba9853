using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    /// <summary>Bank entries that come before the free ones: those planted in suspense and with wrong tax, then wages and PAYE.</summary>
    public const int PlannedEntries = (2 * Months) + PlantedSuspense + PlantedWrongTax;
    public const int PlantedSuspense = 3;
    public const int PlantedWrongTax = 3;

    /// <summary>A month's gross pay.</summary>
    public decimal Pay => 2_000m + (3m * Invoices);

    /// <summary>The i-th bank entry that no credit brought, of <paramref name="count"/>.</summary>
    public Document BankTransaction(int index, int count, DateOnly? on = null, DateTime? at = null, Wish? wish = null)
    {
        var random = Random(Kinds.BankTransaction, index);
        var id = random.Guid();
        var planned = Math.Min(PlannedEntries, count * 2 / 3);
        if (on is null && index < planned)
            return Planned(index, id, ref random);
        var date = on ?? DayOf(index - planned, Math.Max(1, count - planned));
        var drawn = random.PerMille(720);
        var spend = !wish?.Sale ?? drawn;
        var draw = random.Below(1000);
        var bank = Chart.Accounts[Chart[draw < 620 ? "090" : draw < 900 && spend ? "093" : draw < 960 ? "091" : "092"]];
        var contact = spend ? Customers + random.Below(random.Below(Suppliers) + 1) : random.Below(random.Below(Customers) + 1);
        var account = spend ? random.PerMille(150) ? Chart.Accounts[Chart["404"]] : UsualAccount(contact)
            : Chart.Accounts[Chart[random.PerMille(200) ? "270" : "260"]];
        var foreign = bank.Currency != Taxes.Currency;
        var lines = new List<Line>();
        for (var n = random.PerMille(800) ? 1 : 2; n > 0; n--)
        {
            lines.Add(NewLine(ref random, Goods[random.Below(Goods.Length)], 1m, random.Money(450, 24_000), account,
                foreign ? Taxes.ByRole("N") : Taxes.ByType(account.TaxType), "Inclusive", tracking: random.PerMille(100) ? TrackingOf(random.Below(LiveOptions)) : null));
        }

        // The card is nearly never reconciled of late, and a few old entries elsewhere were forgotten: both are planted.
        var reconciled = on is null && (bank.Code == "093" ? date < LastDay.AddDays(-75) : date < LastDay.AddDays(-16) && !random.PerMille(6));
        var entry = Entry(id, spend ? "SPEND" : "RECEIVE", random.PerMille(15) ? wish?.State ?? "DELETED" : "AUTHORISED", contact, date, bank, lines, reconciled,
            at ?? Moment(date, ref random), random.PerMille(spend ? 550 : 50), random.PerMille(500) ? Reference(random.Below(100_000)) : "");
        return on is null && spend && bank.Code is ("090" or "093") && random.PerMille(20) ? Refund(entry, ref random) : entry;
    }

    /// <summary>Money that goes the other way: a supplier's back onto the card, a customer's back from the bank.</summary>
    private Document Refund(Document entry, ref Rng random)
    {
        if (entry.Bank!.Code == "093")
            return entry with { Type = "RECEIVE" };
        var (contact, sales) = (random.Below(Customers), Chart.Accounts[Chart["200"]]);
        var lines = new List<Line>();
        foreach (var line in entry.Lines)
            lines.Add(NewLine(ref random, "Refund", 1m, line.UnitAmount, sales, Taxes.ByType(sales.TaxType), "Inclusive") with { Id = line.Id });
        return (entry with { Contact = contact, ContactId = ContactId(contact), ContactName = ContactName(contact), Lines = lines }).Summed();
    }

    private static string Reference(int number) => string.Create(CultureInfo.InvariantCulture, $"TFR {number:00000}");

    private Document Entry(Guid id, string type, string state, int contact, DateOnly date, LedgerAccount bank, List<Line> lines, bool reconciled, DateTime updated,
        bool attached, string reference) => new Document
        {
            Kind = DocumentKind.BankTransaction,
            Id = id,
            UpdatedUtc = updated,
            Type = type,
            State = state,
            Contact = contact,
            ContactId = ContactId(contact),
            ContactName = ContactName(contact),
            Date = date,
            LineAmountTypes = "Inclusive",
            Currency = bank.Currency,
            Rate = RateOn(bank.Currency, date),
            Lines = lines,
            Bank = bank,
            IsReconciled = reconciled,
            HasAttachments = attached,
            Reference = reference,
        }.Summed();

    private Document Planned(int index, Guid id, ref Rng random)
    {
        var bank = Chart.Accounts[Chart["090"]];
        var supplier = Customers + Suppliers - 1;
        var none = Taxes.ByRole("N");
        if (index >= PlantedSuspense + PlantedWrongTax)
            return Payroll(index - PlantedSuspense - PlantedWrongTax, id, bank, supplier, ref random);
        var suspense = index < PlantedSuspense;
        var date = LastDay.AddDays(-random.Between(30, 200));
        var account = Chart.Accounts[Chart[suspense ? "850" : "477"]];
        var entry = NewLine(ref random, suspense ? "Unknown payment" : "Staff costs", 1m, random.Money(5_000, 60_000), account,
            suspense ? none : Taxes.ByRole("P"), "Inclusive");
        return Entry(id, "SPEND", "AUTHORISED", supplier, date, bank, [entry], true, Moment(date, ref random), false, "");
    }

    /// <summary>Wages and PAYE from the latest month backwards.</summary>
    private Document Payroll(int index, Guid id, LedgerAccount bank, int supplier, ref Rng random)
    {
        var (none, month, wages) = (Taxes.ByRole("N"), Months - 1 - (index / 2), index % 2 == 0);
        var day = Clamp(Start.AddMonths(month).AddDays(wages ? 27 : 21));
        List<Line> lines = (wages, month) switch
        {
            (true, _) => [NewLine(ref random, "Net wages", 1m, Round(Pay * 0.75m), Chart.Accounts[Chart["814"]], none, "Inclusive")],
            (false, 0) => [NewLine(ref random, "PAYE of the year before", 1m, 250m, Chart.Accounts[Chart["840"]], none, "Inclusive")],

            // Planted: the latest payment is short.
            (false, Months - 1) => [NewLine(ref random, "PAYE", 1m, 1m, Chart.Accounts[Chart["825"]], none, "Inclusive")],
            _ =>
            [
                NewLine(ref random, "PAYE", 1m, Round(Pay * 0.2m), Chart.Accounts[Chart["825"]], none, "Inclusive"),
                NewLine(ref random, "NIC", 1m, Round(Pay * 0.08m), Chart.Accounts[Chart["826"]], none, "Inclusive"),
            ],
        };
        return Entry(id, "SPEND", "AUTHORISED", supplier, day, bank, lines, true, Moment(day, ref random), false, wages ? "Payroll" : "HMRC");
    }

    public BagRecord BankTransfer(int index)
    {
        var random = Random(Kinds.BankTransfer, index);
        var id = random.Guid();
        var day = DayOf(index, BankTransfers);
        var to = Chart.Accounts[Chart[random.PerMille(500) ? "093" : "091"]];
        var from = Chart.Accounts[Chart["090"]];
        var created = Moment(day, ref random);
        return new BagRecord(new Bag(
            ("BankTransferID", id), ("CreatedDateUTC", created), ("DateString", new DayText(day)), ("Date", day),
            ("FromBankAccount", BankOf(from)), ("ToBankAccount", BankOf(to)), ("Amount", new Fixed(random.Money(10_000, 500_000))),
            ("FromBankTransactionID", random.Guid()), ("ToBankTransactionID", random.Guid()), ("FromIsReconciled", day < LastDay.AddDays(-16)),
            ("ToIsReconciled", day < LastDay.AddDays(-16)), ("Reference", ""), ("Status", random.PerMille(30) ? "DELETED" : "AUTHORISED"),
            ("CurrencyRate", new Fixed(1m, 6)), ("HasAttachments", false)))
        {
            Id = id,
            UpdatedUtc = created,
        };
    }

    private static Bag BankOf(LedgerAccount account) => new(("AccountID", account.Id), ("Code", account.Code), ("Name", account.Name));

    public BagRecord ManualJournal(int index, DateOnly? on = null, DateTime? at = null)
    {
        var random = Random(Kinds.ManualJournal, index);
        var id = random.Guid();
        var day = on ?? DayOf(index, ManualJournals);
        var updated = at ?? Moment(day, ref random);
        var draw = on is null ? random.Below(1000) : 999;
        var lines = new List<object>();
        for (var pair = 1 + random.Below(3); pair > 0; pair--)
        {
            var amount = random.Money(1_000, 150_000);
            var accrual = random.PerMille(600);
            lines.Add(JournalLine(amount, Chart.Accounts[Chart.Overheads[random.Below(Chart.Overheads.Length)]], accrual ? "Accrual" : "Release of prepayment"));
            lines.Add(JournalLine(-amount, Chart.Accounts[Chart[accrual ? "805" : "620"]], accrual ? "Accrual" : "Release of prepayment"));
        }

        return new BagRecord(new Bag(
            ("ManualJournalID", id), ("Narration", string.Create(CultureInfo.InvariantCulture, $"Month-end adjustment {index + 1}")), ("Date", day),
            ("Status", draw switch { < 20 => "DRAFT", < 40 => "VOIDED", < 50 => "DELETED", < 58 => "ARCHIVED", _ => "POSTED" }), ("LineAmountTypes", "NoTax"),
            ("JournalLines", lines.ToArray()), ("ShowOnCashBasisReports", true), ("HasAttachments", random.PerMille(200)), ("UpdatedDateUTC", updated)))
        {
            Id = id,
            UpdatedUtc = updated,
        };
    }

    private static Bag JournalLine(decimal amount, LedgerAccount account, string text) => new(
        ("LineAmount", new Fixed(amount)), ("AccountCode", account.Code), ("AccountID", account.Id), ("Description", text), ("TaxType", "NONE"),
        ("TaxAmount", new Fixed(0m)), ("Tracking", Array.Empty<object>()));
}
