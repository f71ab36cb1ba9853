using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.World;

/// <summary>What is there when nobody configured anything: three people and six organisations with fixed ids.</summary>
public static class DefaultWorld
{
    public static Guid Ada { get; } = new("a0a00000-0000-4000-8000-000000000001");

    public static Guid Ben { get; } = new("a0a00000-0000-4000-8000-000000000002");

    public static Guid Cleo { get; } = new("a0a00000-0000-4000-8000-000000000003");

    internal static IReadOnlyList<Person> People { get; } =
    [
        new() { Id = Ada, Name = "Ada Birch", Email = "ada.birch@example.com" },
        new() { Id = Ben, Name = "Ben Okafor", Email = "ben.okafor@example.com" },
        new() { Id = Cleo, Name = "Cleo Marsh", Email = "cleo.marsh@example.com", CanSeeReports = false, CanSeeManualJournals = false, CanSeeBankDetails = false },
    ];

    public static WorldState Create(SandboxOptions options, DateTime now)
    {
        var state = new WorldState { Switches = options.Switches, Limits = options.Limits };
        state.Apps[options.ClientId] = new XeroApp
        {
            ClientId = options.ClientId,
            ClientSecret = options.ClientSecret,
            Name = options.AppName,
            RedirectUris = options.RedirectUris,
        };
        if (!options.DefaultWorld)
            return state;
        foreach (var person in People)
            state.People[person.Id] = person;
        foreach (var organisation in new[]
        {
            Company(1, "Birch & Ash Ltd", BooksSpec.SmallRecords, [Ada, Ben, Cleo], now),
            Company(2, "Harbour Trading Ltd", BooksSpec.MediumRecords, [Ada], now),
            Company(3, "Northwind Wholesale Ltd", BooksSpec.LargeRecords, [Ada], now),
            Company(4, "Kauri Joinery Limited", BooksSpec.SmallRecords, [Ben, Ada], now, "NZ"),
            Company(5, "Lantern Books Ltd", BooksSpec.SmallRecords, [Ben], now),
            Company(6, "Demo Company (UK)", BooksSpec.SmallRecords, [Ada, Ben], now, demo: true),
        })
            state.Organisations[organisation.TenantId] = organisation;
        return state;
    }

    private static Organisation Company(byte number, string name, int records, IReadOnlyList<Guid> members, DateTime now, string country = "GB", bool demo = false) => new()
    {
        TenantId = new Guid(0x0c0c0000, number, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, number),
        Books = new BooksSpec { Seed = number, Name = name, Records = records, Country = country, IsDemoCompany = demo },
        Members = members,
        CreatedUtc = now,
    };
}
