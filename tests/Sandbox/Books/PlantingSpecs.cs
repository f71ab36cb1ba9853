using System.Globalization;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Control;

namespace DataHealth.Sandbox.Tests.Books;

/// <summary>Rules as a bookkeeper would say them find the planted faults and nothing else.</summary>
public sealed class PlantingSpecs(ITestOutputHelper output)
{
    private const string Today = "2026-11-23";

    // Small ones on the first and last day of a month, too, and after a February.
    public static TheoryData<ulong, int, string> Companies => new()
    {
        { 1, 500, Today }, { 2, 500, Today }, { 3, 500, Today }, { 1, 20_000, Today }, { 2, 20_000, Today }, { 3, 20_000, Today },
        { 4, 500, "2026-12-01" }, { 5, 500, "2027-03-01" }, { 6, 500, "2027-03-31" }, { 7, 500, "2027-05-31" },
    };

    [Theory]
    [MemberData(nameof(Companies))]
    public void Clean_books_have_nothing_to_find(ulong seed, int records, string today)
    {
        var books = new CompanyBooks(new BooksSpec { Seed = seed, Records = records, Today = Day(today), Faults = PlantedKinds.None });

        new PlainRules(new BookkeepersView(books), EndBefore(today)).Run().ShouldBeEmpty();
        books.Planted.ShouldBeEmpty();
        books.NearMisses.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Companies))]
    public void What_is_found_is_what_was_planted_and_no_near_miss(ulong seed, int records, string today)
    {
        var books = new CompanyBooks(new BooksSpec { Seed = seed, Records = records, Today = Day(today) });

        var found = new PlainRules(new BookkeepersView(books), EndBefore(today)).Run();

        var planted = books.Planted.Select(About).ToList();
        output.WriteLine("not found:\n" + string.Join('\n', planted.Except(found).Order(StringComparer.Ordinal)) + "\nnot planted:\n" + string.Join('\n', found.Except(planted).Order(StringComparer.Ordinal)));
        found.Order(StringComparer.Ordinal).ShouldBe(planted.Order(StringComparer.Ordinal));
        books.NearMisses.Select(About).ShouldAllBe(near => !found.Contains(near));
        planted.Distinct().Count().ShouldBe(planted.Count);
        foreach (var record in books.Planted.Concat(books.NearMisses).SelectMany(fault => fault.Records))
            books.Find(record.Collection, record.Id).ShouldNotBeNull(record.ToString());
    }

    [Theory]
    [MemberData(nameof(Companies))]
    public void What_is_mended_is_not_found_again_and_mending_breaks_nothing(ulong seed, int records, string today)
    {
        var books = new CompanyBooks(new BooksSpec { Seed = seed, Records = records, Today = Day(today) });
        var at = Day(today).ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc);

        var mended = Mending.InXero(null, books.Planted, books.Spec, books.OrganisationId, order => books.Apply(order.At(at)));
        var again = Mending.InXero(new MendAsked(["duplicate-transactions"]), books.Planted, books.Spec, books.OrganisationId, order => books.Apply(order.At(at)));

        mended.Refused.ShouldBeEmpty();
        mended.ByKind.Keys.ShouldBe(["aged-balances", "attachments", "bank-reconciliation", "contact-defaults", "dormant-accounts", "draft-documents", "duplicate-contacts", "duplicate-transactions", "lock-dates"]);
        (again.ByKind.Count, again.Refused.Count).ShouldBe((0, mended.ByKind["duplicate-transactions"]));
        var found = new PlainRules(new BookkeepersView(books), EndBefore(today)).Run();
        // What is paid today was still owed at the month's end, and an account that nobody used is reconciled by no edit.
        var left = books.Planted.Where(fault => !mended.ByKind.ContainsKey(fault.Kind) || fault.Kind == "aged-balances" || (fault.Kind == "bank-reconciliation" && fault.Records[^1].Collection == BookCollections.Accounts)).Select(About).ToList();
        output.WriteLine("not found:\n" + string.Join('\n', left.Except(found)) + "\nfound anew:\n" + string.Join('\n', found.Except(left)));
        found.Except(left).ShouldBeEmpty();
    }

    [Fact]
    public void A_kind_that_cannot_be_mended_is_refused_with_those_that_can()
    {
        var books = new CompanyBooks(new BooksSpec { Seed = 1, Records = 500 });

        Should.Throw<ArgumentException>(() => Mending.InXero(new MendAsked(["paye"]), books.Planted, books.Spec, Guid.Empty, _ => { })).Message.ShouldContain("aged-balances, attachments");
    }

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    // The books end on the day before today: on the first of a month, that month is not yet over for them.
    private static DateOnly EndBefore(string today) => Day(today).AddDays(-1 - Day(today).AddDays(-1).Day);

    private static string About(PlantedFault fault) => PlainRules.Key(fault.Kind, fault.Subject is { } subject ? [subject]
        : fault.Records is [{ Collection: BookCollections.AssetSettings }] ? [PlainRules.AboutSettings.ToString()] : fault.Records.Select(record => record.Id.ToString()));
}
