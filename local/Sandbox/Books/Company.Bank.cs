using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    /// <summary>A month's gross pay.</summary>
    public decimal Pay => 2_000m + (3m * FreeInvoices);

    /// <summary>The i-th bank entry that no credit brought, of <paramref name="count"/>.</summary>
    public Document BankTransaction(int index, int count, DateOnly? on = null, DateTime? at = null, Wish? wish = null)
    {
        if (on is null && index < Front.Count)
            return Front[index];
        var random = Random(Kinds.BankTransaction, index);
        var id = random.Guid();
        var date = on ?? DayOf(index - Front.Count, Math.Max(1, count - Front.Count));
        var drawn = random.PerMille(720);
        var spend = !wish?.Sale ?? drawn;
        var draw = random.Below(1000);
        var contact = spend ? AnySupplier(date, ref random) : AnyCustomer(ref random);
        var bank = Chart.Accounts[Chart[ContactCurrency(contact) == Taxes.Foreign[0] ? "092" : draw < 620 ? "090" : draw < 900 && spend ? "093" : draw < 960 || Spec.MultiCurrency ? "091" : "092"]];
        // Now and then money goes the other way: a supplier's back onto the card, a customer's back from the bank.
        var refund = on is null && index % 50 == 49;
        if (refund && spend)
            bank = Chart.Accounts[Chart["093"]];
        var (account, tax) = (UsualAccount(contact), UsualTax(contact));
        var lines = new List<Line>();
        for (var n = random.PerMille(800) ? 1 : 2; n > 0; n--)
        {
            // Pence that follow from the number: no two entries of one contact at one time are alike by accident.
            var amount = decimal.Floor(random.Money(450, 24_000)) + (index % 97 / 100m);
            lines.Add(NewLine(ref random, refund ? "Refund" : Goods[random.Below(Goods.Length)], 1m, amount, account, tax, "Inclusive",
                tracking: random.PerMille(100) ? TrackingOf(random.Below(OptionsIn(date))) : null));
        }

        return Entry(id, spend != refund ? "SPEND" : "RECEIVE", random.PerMille(15) ? wish?.State ?? "DELETED" : "AUTHORISED", contact, date, bank, lines,
            at ?? Moment(date, ref random), random.PerMille(500) ? Reference(random.Below(100_000)) : "") with
        { IsReconciled = on is null && IsReconciled(date) };
    }

    private static string Reference(int number) => string.Create(CultureInfo.InvariantCulture, $"TFR {number:00000}");

    /// <summary>A bank entry, reconciled by its date, with a receipt where money is spent.</summary>
    public Document Entry(Guid id, string type, string state, int contact, DateOnly date, LedgerAccount bank, List<Line> lines, DateTime updated, string reference) => new Document
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
        IsReconciled = IsReconciled(date),
        HasAttachments = type == "SPEND",
        Reference = reference,
    }.Summed();

    private Document Simple(int serial, string type, int contact, DateOnly date, string bank, string reference, params (string Text, string Account, decimal Amount)[] lines)
    {
        var random = Random(Kinds.Front, serial);
        var id = random.Guid();
        var made = new List<Line>();
        foreach (var (text, account, amount) in lines)
            made.Add(NewLine(ref random, text, 1m, amount, Chart.Accounts[Chart[account]], Taxes.ByRole("N"), "Inclusive"));
        return Entry(id, type, "AUTHORISED", contact, date, Chart.Accounts[Chart[bank]], made, Moment(date, ref random), reference);
    }

    private static readonly int[] ChargeDays = [3, 13, 23];

    /// <summary>Charges and interest, three times a month on every account: no account lies idle.</summary>
    private IEnumerable<Document> BankRuns()
    {
        var serial = 0;
        for (var month = Months - (Spec.Records < 2000 ? 1 : 12); month <= Months; month++)
        {
            foreach (var day in ChargeDays.Select(day => Start.AddMonths(month).AddDays(day - 1)).Where(day => day <= LastDay))
            {
                yield return Simple(serial++, "SPEND", TheBank, day, "090", "", ("Account fee", "404", 12.50m));
                yield return Simple(serial++, "RECEIVE", TheBank, day, "091", "", ("Interest", "270", 6.10m));
                yield return Simple(serial++, "SPEND", TheBank, day, "092", "", ("Account fee", "404", 8.20m));
                yield return Simple(serial++, "SPEND", TheBank, day, "093", "", ("Card fee", "404", 4.90m));
            }
        }
    }

    /// <summary>How many months have pay runs.</summary>
    private int PayMonths => Spec.Records < 2000 ? 8 : Months;

    /// <summary>Whether what is owed of pay is planted to be wrong on a control account; of the three, one is as it should be, which one goes by the seed.</summary>
    public bool IsWrong(string control) => HasFaults && PayControls[Spec.Seed % (ulong)PayControls.Length] != control;

    private static readonly string[] PayControls = ["825", "814", "858"];

    /// <summary>Wages on the 28th for the run at the month's end; tax and pensions on the 22nd for the run before.</summary>
    private IEnumerable<Document> Payroll()
    {
        for (var month = Months - PayMonths; month <= Months; month++)
        {
            var serial = 10_000 + (month * 3);
            if (month < Months)
                yield return Simple(serial, "SPEND", ThePayroll, Start.AddMonths(month).AddDays(27), "090", "Payroll", ("Net wages", "814", Round(Pay * 0.75m) - (IsWrong("814") && month == Months - 1 ? 10m : 0m)));
            var day = Start.AddMonths(month).AddDays(21);
            if (month == Months - PayMonths || day > LastDay)
                continue;

            // Planted: the last complete month's payment to the tax office is short, and pensions are two months behind.
            if (!IsWrong("825") || month < Months)
            {
                var paye = IsWrong("825") && month == Months - 1 ? 1m : Round(Pay * 0.2m);
                yield return Simple(serial + 1, "SPEND", TheTaxOffice, day, "090", "PAYE", ("PAYE", "825", paye), ("NIC", "826", Round(Pay * 0.08m)));
            }

            if (!IsWrong("858") || month < Months - 2)
                yield return Simple(serial + 2, "SPEND", ThePensions, day, "090", "Pensions", ("Pension contributions", "858", Round(Pay * 0.05m)));
        }
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
            ("FromBankTransactionID", random.Guid()), ("ToBankTransactionID", random.Guid()), ("FromIsReconciled", IsReconciled(day)),
            ("ToIsReconciled", IsReconciled(day)), ("Reference", ""), ("Status", random.PerMille(30) ? "DELETED" : "AUTHORISED"),
            ("CurrencyRate", new Fixed(1m, 6)), ("HasAttachments", false)))
        {
            Id = id,
            UpdatedUtc = created,
        };
    }

    private static Bag BankOf(LedgerAccount account) => new(("AccountID", account.Id), ("Code", account.Code), ("Name", account.Name));

    public BagRecord ManualJournal(int index, DateOnly? on = null, DateTime? at = null)
    {
        if (on is null && index == 0)
            return YearlyJournal();
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
            ("Status", draw switch { < 20 when day > LastDay.AddDays(-10) => "DRAFT", < 20 => "POSTED", < 40 => "VOIDED", < 50 => "DELETED", < 58 => "ARCHIVED", _ => "POSTED" }), ("LineAmountTypes", "NoTax"),
            ("JournalLines", lines.ToArray()), ("ShowOnCashBasisReports", true), ("HasAttachments", random.PerMille(200)), ("UpdatedDateUTC", updated)))
        {
            Id = id,
            UpdatedUtc = updated,
        };
    }

    /// <summary>A little on every account that may have no other movement: none of them is dormant.</summary>
    private BagRecord YearlyJournal()
    {
        var day = PeriodEnd.AddDays(-200);
        var updated = day.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc);
        var accounts = Chart.Accounts.Where(a => a.System is null && !Chart.IsArchived(a.Code, false) && (a.Class is "EXPENSE" or "REVENUE" || a.Code is "810")).ToList();
        // What is moved within income stays there: nothing is taken for a sale.
        var income = accounts.FindAll(account => account.Class == "REVENUE");
        List<object> lines = [.. accounts.Select(account => JournalLine(account == income[^1] ? -5m * (income.Count - 1) : 5m, account, "Yearly review"))];
        lines.Add(JournalLine(-5m * (accounts.Count - income.Count), Chart.Accounts[Chart["805"]], "Yearly review"));
        return new BagRecord(new Bag(
            ("ManualJournalID", IdOf(Kinds.ManualJournal, 0)), ("Narration", "Yearly review"), ("Date", day), ("Status", "POSTED"), ("LineAmountTypes", "NoTax"),
            ("JournalLines", lines.ToArray()), ("ShowOnCashBasisReports", true), ("HasAttachments", true), ("UpdatedDateUTC", updated)))
        {
            Id = IdOf(Kinds.ManualJournal, 0),
            UpdatedUtc = updated,
        };
    }

    private static Bag JournalLine(decimal amount, LedgerAccount account, string text) => new(
        ("LineAmount", new Fixed(amount)), ("AccountCode", account.Code), ("AccountID", account.Id), ("Description", text), ("TaxType", "NONE"),
        ("TaxAmount", new Fixed(0m)), ("Tracking", Array.Empty<object>()));
}
