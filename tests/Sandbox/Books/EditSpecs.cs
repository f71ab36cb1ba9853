using System.Text.Json;
using CsCheck;
using DataHealth.Local.Sandbox.Books;
using static DataHealth.Sandbox.Tests.Books.GeneratedCompanySpecs;

namespace DataHealth.Sandbox.Tests.Books;

public sealed class EditSpecs
{
    private static readonly DateTime Noon = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Random_edits_keep_the_arithmetic_and_the_trial_balance_whatever_the_seed()
    {
        Gen.ULong.Sample(
            seed =>
            {
                var books = new CompanyBooks(new BooksSpec { Seed = seed, Records = 1500 });
                ReportSpecs.Imbalance(books).ShouldBe(0m);
                books.ApplyRandom(seed, 300, EditMix.Default with { Vanish = 5, Silent = 5 }, Noon).Count.ShouldBe(300);
                var replayed = new CompanyBooks(books.Spec);
                foreach (var edit in books.Journal)
                    replayed.Apply(JsonSerializer.Deserialize<BooksEdit>(JsonSerializer.Serialize(edit))!);
                Texts(replayed).ShouldBe(Texts(books));
                Text(replayed, "TrialBalance").ShouldBe(Text(books, "TrialBalance"));
                return ReportSpecs.Imbalance(books) == 0 && Documents(books).All(AddsUp) && InvoicesAgreeWithPayments(books);
            },
            iter: 6);
    }

    [Fact]
    public void A_changed_record_is_seen_by_modified_since_and_an_unchanged_one_is_not()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 4, Records = 2000 });
        var done = books.ApplyRandom(9, 100, EditMix.Default, Noon);

        foreach (var name in new[] { BookCollections.Invoices, BookCollections.Payments, BookCollections.Contacts, BookCollections.BankTransactions })
        {
            var touched = done.SelectMany(d => d.Touched).Where(t => t.Collection == name).Select(t => t.Id).Distinct().Order();
            books.Query(name, All with { ModifiedSince = Noon }).Records.Select(r => r.Id).Order().ShouldBe(touched);
        }
    }

    [Fact]
    public void Edits_do_not_move_records_in_the_order_of_ids()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 4, Records = 2000 });
        var query = All with { OrderBy = "InvoiceID" };
        var before = books.Query(BookCollections.Invoices, query).Records.Select(r => r.Id).ToList();
        books.ApplyRandom(9, 200, EditMix.Default, Noon);

        var after = books.Query(BookCollections.Invoices, query).Records.Select(r => r.Id).ToList();

        after.Count.ShouldBeGreaterThan(before.Count);
        after.Where(before.ToHashSet().Contains).ShouldBe(before);
    }

    [Fact]
    public void A_payment_moves_its_invoice_and_its_deletion_moves_it_back()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 4 });
        var invoice = books.Query(BookCollections.Invoices, new BooksQuery { Filter = r => r.Status == "AUTHORISED" }).Records[0];

        var paid = books.Apply(new BooksEdit(EditKind.Pay, BookCollections.Invoices, invoice.Id, Noon));
        books.Find(BookCollections.Invoices, invoice.Id)!.Status.ShouldBe("PAID");
        var payment = paid.Touched.Single(t => t.Collection == BookCollections.Payments);
        books.Apply(new BooksEdit(EditKind.Delete, BookCollections.Payments, payment.Id, Noon.AddMinutes(1)));

        var again = books.Find(BookCollections.Invoices, invoice.Id)!;
        again.Status.ShouldBe("AUTHORISED");
        again.Field("AmountDue").ShouldBe(invoice.Field("AmountDue"));
        again.UpdatedUtc.ShouldBe(Noon.AddMinutes(1));
        books.Find(BookCollections.Payments, payment.Id)!.Status.ShouldBe("DELETED");
    }

    [Fact]
    public void A_silent_change_does_not_move_the_moment()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 4 });
        var invoice = books.Query(BookCollections.Invoices, new BooksQuery()).Records[5];

        books.Apply(new BooksEdit(EditKind.Silent, BookCollections.Invoices, invoice.Id, Noon, 0, new Dictionary<string, string> { ["DueDate"] = "2027-02-01" }));

        var changed = books.Find(BookCollections.Invoices, invoice.Id)!;
        changed.UpdatedUtc.ShouldBe(invoice.UpdatedUtc);
        changed.Field("DueDate").ShouldBe(new DateTime(2027, 2, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void A_vanished_record_is_gone_and_a_merged_contact_is_only_in_the_archived_list()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 4 });
        var free = books.Query(BookCollections.ManualJournals, new BooksQuery()).Records[0];
        var contacts = books.Query(BookCollections.Contacts, new BooksQuery()).Records;

        books.Apply(new BooksEdit(EditKind.Vanish, BookCollections.ManualJournals, free.Id, Noon));
        books.Apply(new BooksEdit(EditKind.Merge, BookCollections.Contacts, contacts[0].Id, Noon, 0,
            new Dictionary<string, string> { ["into"] = contacts[1].Id.ToString() }));

        books.Find(BookCollections.ManualJournals, free.Id).ShouldBeNull();
        books.Query(BookCollections.Contacts, new BooksQuery()).Records.ShouldNotContain(r => r.Id == contacts[0].Id);
        books.Query(BookCollections.Contacts, All).Records.Single(r => r.Id == contacts[0].Id).Field("MergedToContactID").ShouldBe(contacts[1].Id);
    }

    private static string Text(CompanyBooks books, string report) => books.Report(report, new Dictionary<string, string>())!.ToJsonString();
}
