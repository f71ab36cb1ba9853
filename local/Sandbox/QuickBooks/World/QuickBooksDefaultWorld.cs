using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.World;

/// <summary>The people of the Xero sandbox, and companies with the books that it gives the organisations of the same seeds.</summary>
public static class QuickBooksDefaultWorld
{
    public static QuickBooksState Create(QuickBooksOptions options, DateTime now)
    {
        var state = new QuickBooksState { Switches = options.Switches, Limits = options.Limits };
        state.Apps[options.ClientId] = App(options);
        if (!options.DefaultWorld)
            return state;
        foreach (var person in DefaultWorld.People)
            state.People[person.Id] = person;
        foreach (var company in new[]
        {
            Company(1, "Birch & Ash Ltd", BooksSpec.SmallRecords, [DefaultWorld.Ada, DefaultWorld.Ben], now) with { Users = [DefaultWorld.Cleo] },
            Company(2, "Harbour Trading Ltd", BooksSpec.MediumRecords, [DefaultWorld.Ada], now),
            Company(3, "Northwind Wholesale Ltd", BooksSpec.LargeRecords, [DefaultWorld.Ada], now),
            Company(4, "Sandbox Company_US_1", BooksSpec.SmallRecords, [DefaultWorld.Ben, DefaultWorld.Ada], now, "US"),
            Company(5, "Lantern Books Ltd", BooksSpec.SmallRecords, [DefaultWorld.Ben], now, multiCurrency: false),
        })
            state.Companies[company.RealmId] = company;
        return state;
    }

    public static QuickBooksApp App(QuickBooksOptions options) => new()
    {
        ClientId = options.ClientId,
        ClientSecret = options.ClientSecret,
        Name = options.AppName,
        RedirectUris = options.RedirectUris,
    };

    private static RealmCompany Company(int number, string name, int records, IReadOnlyList<Guid> members, DateTime now, string country = "GB", bool multiCurrency = true) => new()
    {
        RealmId = "913035770000000" + number,
        Books = new BooksSpec { Seed = (ulong)number, Name = name, Records = records, Country = country, MultiCurrency = multiCurrency },
        Members = members,
        CreatedUtc = now,
    };
}
