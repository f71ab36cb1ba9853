using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Limits;
using DataHealth.Local.Sandbox.QuickBooks.Webhooks;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.World;

/// <summary>All that the QuickBooks sandbox remembers, as it is kept in its data folder. Edits of books are kept beside it.</summary>
public sealed class QuickBooksState
{
    public Dictionary<string, QuickBooksApp> Apps { get; init; } = [];

    public Dictionary<Guid, Person> People { get; init; } = [];

    public Dictionary<string, RealmCompany> Companies { get; init; } = [];

    public Dictionary<string, RealmGrant> Grants { get; init; } = [];

    public Dictionary<string, RealmCode> Codes { get; init; } = [];

    public Dictionary<string, RealmWebhook> Webhooks { get; init; } = [];

    public QuickBooksSwitches Switches { get; set; } = new();

    public RealmLimitSettings Limits { get; set; } = new();

    public TimeSpan ClockOffset { get; set; }

    /// <summary>The grant that a refresh token belongs to, current or previous.</summary>
    public RealmGrant? GrantOf(string refreshToken) => Grants.Values.FirstOrDefault(grant => grant.RefreshToken == refreshToken || grant.Previous == refreshToken);
}

public sealed class QuickBooksWorld(QuickBooksState state, SandboxClock clock, WorldFolder? folder) : KeptState<QuickBooksState>(state, clock, folder)
{
    public QuickBooksSwitches Switches => Read(world => world.Switches);

    public RealmCompany Company(string realmId) => Read(world => world.Companies.GetValueOrDefault(realmId)) ?? throw new KeyNotFoundException("There is no such company.");
}

/// <summary>A company in QuickBooks Online.</summary>
public sealed record RealmCompany
{
    public required string RealmId { get; init; }

    /// <summary>The name under which the Xero sandbox knows the same thing, so that both are turned alike.</summary>
    public string TenantId => RealmId;

    public required BooksSpec Books { get; init; }

    public string Name => Books.Name;

    /// <summary>Company admins: who may connect apps.</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];

    /// <summary>Users without admin right: they see the company, and cannot connect an app to it.</summary>
    public IReadOnlyList<Guid> Users { get; init; } = [];

    /// <summary>The subscription is cancelled or has lapsed.</summary>
    public bool SubscriptionEnded { get; init; }

    /// <summary>Closed for good: in no list any more.</summary>
    public bool Closed { get; init; }

    public DateTime CreatedUtc { get; init; }
}

/// <summary>An app as registered with Intuit's developer portal.</summary>
public sealed record QuickBooksApp
{
    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public string Name { get; init; } = "Sandbox app";

    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Read calls of a month over all companies; null is without end.</summary>
    public int? MonthLimit { get; init; } = 500_000;
}
