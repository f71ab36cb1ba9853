using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Sandbox.Tests.QuickBooks;

public sealed class PlantedEntitiesSpecs
{
    private static readonly string[] Spending = [EntityNames.Bill, EntityNames.Purchase, EntityNames.VendorCredit];

    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 500)]
    [InlineData(3, 20_000)]
    public void Planted_faults_name_entities_and_those_of_the_clean_up_are_all_there_is_to_clean_up(ulong seed, int records)
    {
        using var books = new RealmBooks(new BooksSpec { Seed = seed, Records = records });

        var faults = books.Planted;
        var known = faults.SelectMany(fault => fault.Records).Select(record => record.Collection).Distinct()
            .SelectMany(entity => books.CanonicalRecords(entity, false, false).Select(record => (entity, record.Id))).ToHashSet();

        faults.Select(fault => fault.Kind).ShouldNotContain("paye");
        faults.Where(fault => fault.Subject is null).ShouldAllBe(fault => fault.Records.Count > 0);
        foreach (var record in faults.SelectMany(fault => fault.Records))
            known.ShouldContain((record.Collection, record.Id));
        faults.Where(fault => fault.Kind == "lock-dates").Select(fault => fault.Subject).ShouldBe(["year-end-lock"]);
        var planted = faults.Where(fault => fault.Kind == "clean-up").Select(fault => (fault.Records[0].Collection, fault.Records[0].Id)).Order();
        CleanUp(books).Order().ShouldBe(planted);
    }

    [Fact]
    public void Clean_books_have_nothing_to_clean_up()
    {
        using var books = new RealmBooks(new BooksSpec { Seed = 4, Records = 3000, Faults = PlantedKinds.None });

        books.Planted.ShouldBeEmpty();
        books.NearMisses.ShouldBeEmpty();
        CleanUp(books).ShouldBeEmpty();
    }

    private static List<(string Entity, string Id)> CleanUp(RealmBooks books)
    {
        var parents = Entities(books, EntityNames.Account).Select(account => (string?)account["ParentRef"]?["value"]).OfType<string>().ToHashSet();
        return
        [
            .. Spending.SelectMany(entity => Entities(books, entity).Where(json => (entity == EntityNames.Purchase && json["EntityRef"] is null)
                || json["Line"]!.AsArray().Any(line => line!["AccountBasedExpenseLineDetail"] is { } detail && (detail["ClassRef"] is null || parents.Contains((string)detail["AccountRef"]!["value"]!))))
                .Select(json => (entity, (string)json["Id"]!))),
        ];
    }

    private static IEnumerable<JsonObject> Entities(RealmBooks books, string entity) => books.CanonicalRecords(entity, false, false).Select(record => JsonNode.Parse(record.Json)!.AsObject());
}
