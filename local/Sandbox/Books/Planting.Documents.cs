namespace DataHealth.Local.Sandbox.Books;

/// <summary>What is wrong with single documents and contacts; once in each round.</summary>
internal sealed partial class Planting
{
    private void Duplicates(int round)
    {
        var twice = Bill(Supplier(), 20, 312.40m + round);
        var first = Add(Paid(twice, true, 5));
        var second = Add(Bill(first.Contact, 18, 312.40m + round) with { Number = first.Number });
        Fault("duplicate-transactions", "The same bill entered twice, two days apart.", second.Total, Of(first), Of(second));

        var bill = Add(Bill(Supplier(), 27, 187.25m + round) with { DueDate = Day(14) });
        var spent = Add(Spent(bill.Contact, 13, bill.Total));
        Fault("duplicate-transactions", "A bill, and money spent for the same thing a day after its due date.", bill.Total, Of(bill), Of(spent));

        var charged = Add(Spent(Supplier(), 22, 144.60m + round, "093"));
        var refunded = Add(Received(charged.Contact, 19, charged.Total, "093"));
        Near("duplicate-transactions", "A charge and its refund.", Of(charged), Of(refunded));

        var instalments = Add(Paid(Sale(Customer(), 60, 900m + round), true, 40, 36, 32));
        Near("duplicate-transactions", "One invoice paid in three equal instalments, days apart.", Of(instalments));

        var half = Add(Bill(Supplier(), 16, 230m + round));
        var other = Add(Bill(half.Contact, 14, 232m + round));
        Near("duplicate-transactions", "Two bills of one supplier at close dates with different amounts.", Of(half), Of(other));
    }

    private void Coding(int round)
    {
        var supplier = Supplier();
        Add(Paid(Invoice(false, supplier, Day(75), [.. Enumerable.Range(0, 5).Select(i => Line(supplier, 40m + i, "Exclusive"))]), true, 60));
        var off = Add(Bill(supplier, 12, 95m + round, "429"));
        Fault("multi-coded-contacts", "Five lines go to 461, one to 429.", off.Total, OfContact(supplier), Of(off));

        if (_company.Taxes.ByRole("P").Type != _company.Taxes.ByRole("ZP").Type)
        {
            var mixed = Supplier();
            Add(Paid(Invoice(false, mixed, Day(76), [.. Enumerable.Range(0, 5).Select(i => Line(mixed, 50m + i, "Exclusive"))]), true, 58));
            var zero = Add(Bill(mixed, 11, 60m + round, null, "ZP"));
            Fault("multi-coded-contacts", "Five lines bear tax, one is zero-rated.", zero.Total, OfContact(mixed), Of(zero));
        }

        var split = Supplier();
        foreach (var back in new[] { 80, 49, 19 })
        {
            var both = Invoice(false, split, Day(back), [Line(split, 30m + round, "Exclusive", "461"), Line(split, 20m + round, "Exclusive", "489")]);
            Add(back > 30 ? Paid(both, true, back - 20) : both);
        }

        Near("multi-coded-contacts", "Every bill has the same split.", OfContact(split));

        var bare = Supplier("441", new PlantedContact(NoDefaults: true));
        foreach (var (back, amount) in new[] { (100, 71.10m), (70, 83.20m), (40, 64.30m), (10, 77.40m) })
            Add(Entry("SPEND", bare, Day(back), "090", [Line(bare, amount + round, "Inclusive"), Line(bare, 12.50m + round, "Inclusive")]));
        Fault("contact-defaults", "Always 441 and one rate, and no default account or rate.", null, OfContact(bare));
    }

    private void Money(int round)
    {
        var oldSale = Add(Sale(Customer(), 150, 410m + round));
        Fault("aged-balances", "An invoice unpaid for five months.", oldSale.Total, Of(oldSale));
        var oldBill = Add(Bill(Supplier(), 170, 265m + round));
        Fault("aged-balances", "A bill unpaid for more than five months.", oldBill.Total, Of(oldBill));
        var young = Add(Sale(Customer(), 45, 330m + round));
        Near("aged-balances", "An unpaid invoice of six weeks.", Of(young));
        var late = Add(Paid(Sale(Customer(), 160, 520m + round), true, 30));
        Near("aged-balances", "An invoice paid after four months.", Of(late));

        var customer = Customer();
        var note = Add(Credit(DocumentKind.CreditNote, customer, 40, 80m + round));
        Add(Sale(customer, 20, 640m + round));
        Fault("unallocated-credit", "A credit note that no invoice uses, while the customer owes more.", note.Total, Of(note));

        var deposit = Add(Credit(DocumentKind.Prepayment, Customer(), 35, 240m + round));
        Fault("unallocated-credit", "A prepayment that nothing was used of.", deposit.Total, Of(deposit));

        var open = Add(Sale(Customer(), 38, 365m + round));
        var banked = Add(Received(open.Contact, 17, open.Total));
        Fault("unallocated-credit", "Money of a customer taken as income while the invoice of that amount stays open.", banked.Total, Of(banked), Of(open));

        var used = Add(_company.UsedUp(Sale(Customer(), 50, 290m + round), _company.FreeInvoices + Invoices.Count, Day(25)));
        Near("unallocated-credit", "An overpayment that was used in full.", Of(used), new RecordRef(BookCollections.Overpayments, used.Allocations[0].OtherId));
    }

    private void Paper(int round)
    {
        var draft = Add(Sale(Customer(), 40, 150m + round) with { State = "DRAFT" });
        Fault("draft-documents", "An invoice in draft for weeks.", draft.Total, Of(draft));
        var submitted = Add(Bill(Supplier(), 30, 160m + round) with { State = "SUBMITTED" });
        Fault("draft-documents", "A bill that nobody approved for weeks.", submitted.Total, Of(submitted));
        var fresh = Add(Bill(Supplier(), 6, 170m + round) with { State = "DRAFT" });
        Near("draft-documents", "A draft of days.", Of(fresh));

        var bare = Add(Bill(Supplier(), 15, 240m + round) with { HasAttachments = false });
        Fault("attachments", "A bill without a file.", bare.Total, Of(bare));
        var lost = Add(Spent(bare.Contact, 9, 460.15m + round) with { HasAttachments = false });
        Fault("attachments", "Money spent without a receipt.", lost.Total, Of(lost));
        var small = Add(Spent(bare.Contact, 7, 9.15m) with { HasAttachments = false });
        Near("attachments", "A small amount without a receipt.", Of(small));

        var repaired = Add(Bill(Supplier("473"), 21, 1_500m + round));
        Fault("capital-items", "A large amount in repairs.", repaired.Total, Of(repaired));
        var mended = Add(Bill(Supplier("473"), 20, 80m + round));
        Near("capital-items", "A small repair.", Of(mended));

        var account = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"309{100 + round} {55667788 + round}");
        var (one, two) = (Supplier("461", new PlantedContact(Bank: account)), Supplier("489", new PlantedContact(Bank: account)));
        Add(Bill(one, 24, 210m + round));
        Add(Bill(two, 23, 280m + round));
        Fault("supplier-bank-details", "Two suppliers are paid into one bank account.", null, OfContact(one), OfContact(two));
        _faults.Add(new PlantedFault("duplicate-contacts", [OfContact(one), OfContact(two)], "Two names with one bank account: perhaps one supplier.", IsOfXero: true));
    }

    private Document Credit(DocumentKind kind, int customer, int back, decimal net)
    {
        var note = kind == DocumentKind.CreditNote;
        var line = note ? Line(customer, net, "Exclusive") : Line(customer, net, "NoTax", "610", "N");
        return (Invoice(true, customer, Day(back), [line]) with
        {
            Kind = kind,
            Type = note ? "ACCRECCREDIT" : "RECEIVE-PREPAYMENT",
            Number = note ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"CN-P{_serial:0000}") : "",
            LineAmountTypes = note ? "Exclusive" : "NoTax",
            DueDate = null,
        }).Summed();
    }
}
