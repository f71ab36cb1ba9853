using DataHealth.Core.Clients.Overview;

namespace DataHealth.Functions.Http.Connections;

/// <summary>A client's connection for the person who looks after connections.</summary>
public sealed record ConnectionItem
{
    public required string ClientId { get; init; }

    public required string ClientName { get; init; }

    public required Standing Standing { get; init; }

    /// <summary>What is the matter, and who can do what.</summary>
    public required string Words { get; init; }

    public required MendingAction Action { get; init; }

    public string? Provider { get; init; }

    public string? OrganisationName { get; init; }

    public string? AuthorisedBy { get; init; }

    public string? AuthorisedById { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? LastSyncAt { get; init; }

    /// <summary>When the access ends unless it is used before, or the consent ends for good, whichever is sooner.</summary>
    public DateTimeOffset? EndsAt { get; init; }
}

/// <summary>A page of connections, and how many clients stand how in all.</summary>
public sealed record ConnectionListBody(IReadOnlyList<ConnectionItem> Items, string? Continuation);

/// <summary>How many clients stand how.</summary>
public sealed record StandingCountsBody(IReadOnlyDictionary<string, int> Clients, bool IsComplete);
