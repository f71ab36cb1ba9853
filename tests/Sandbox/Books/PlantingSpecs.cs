using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Sandbox.Tests.Books;

/// <summary>Rules as a bookkeeper would say them find the planted faults and nothing else.</summary>
public sealed class PlantingSpecs(ITestOutputHelper output)
{
    private static readonly DateOnly End = new(2026, 10, 31);

    public static TheoryData<ulong, int> Companies => new()
    {
        { 1, 500 }, { 2, 500 }, { 3, 500 }, { 1, 20_000 }, { 2, 20_000 }, { 3, 20_000 },
    };

    [Theory]
    [MemberData(nameof(Companies))]
    public void Clean_books_have_nothing_to_find(ulong seed, int records)
    {
        var books = new CompanyBooks(new BooksSpec { Seed = seed, Records = records, Faults = PlantedKinds.None });

        new PlainRules(new BookkeepersView(books), End).Run().ShouldBeEmpty();
        books.Planted.ShouldBeEmpty();
        books.NearMisses.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Companies))]
    public void What_is_found_is_what_was_planted_and_no_near_miss(ulong seed, int records)
    {
        var books = new CompanyBooks(new BooksSpec { Seed = seed, Records = records });

        var found = new PlainRules(new BookkeepersView(books), End).Run();

        var planted = books.Planted.Select(About).ToList();
        output.WriteLine("not found:\n" + string.Join('\n', planted.Except(found).Order(StringComparer.Ordinal)) + "\nnot planted:\n" + string.Join('\n', found.Except(planted).Order(StringComparer.Ordinal)));
        found.Order(StringComparer.Ordinal).ShouldBe(planted.Order(StringComparer.Ordinal));
        books.NearMisses.Select(About).ShouldAllBe(near => !found.Contains(near));
        planted.Distinct().Count().ShouldBe(planted.Count);
        foreach (var record in books.Planted.Concat(books.NearMisses).SelectMany(fault => fault.Records))
            books.Find(record.Collection, record.Id).ShouldNotBeNull(record.ToString());
    }

    private static string About(PlantedFault fault) => PlainRules.Key(fault.Kind, fault.Subject is { } subject ? [subject]
        : fault.Records is [{ Collection: BookCollections.AssetSettings }] ? [PlainRules.AboutSettings.ToString()] : fault.Records.Select(record => record.Id.ToString()));
}
