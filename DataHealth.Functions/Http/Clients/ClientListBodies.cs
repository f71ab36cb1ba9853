using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using DataHealth.Core.Notices;
using DataHealth.Core.Providers;

namespace DataHealth.Functions.Http.Clients;

/// <summary>A client in a list.</summary>
public sealed record ClientListItem(
    string Id, string Name, DateTimeOffset CreatedAt, string? AccountManager, bool IsFavourite, ClientConnectionItem Connection, ClientSyncItem Sync, IReadOnlyList<NoticeKind> Notices)
{
    public static ClientListItem Of(ClientSummary client, bool isFavourite, DateTimeOffset now) => new(
        client.Client.Value, client.Name, client.CreatedAt.ToUniversalTime(), client.Manager?.Value, isFavourite,
        new ClientConnectionItem(client.StateAt(now), client.Organisation?.Provider, client.OrganisationName, client.AuthorisedByName, client.IsMismatch),
        new ClientSyncItem(
            client.IsPaused ? ClientSync.Paused : client.Run switch
            {
                null => ClientSync.Never,
                not Core.Sync.RunState.Finished => ClientSync.Running,
                _ => client.IsFailed ? ClientSync.Failed : ClientSync.Idle,
            },
            client.LastSyncAt?.ToUniversalTime(), client.FailingSince?.ToUniversalTime(), client.PausedUntil?.ToUniversalTime(), client.PausedBy, client.ErrorCode),
        [.. client.Notices.Select(notice => notice.Kind)]);
}

/// <summary>Where the client's connection stands, in short.</summary>
public sealed record ClientConnectionItem(ConnectionState State, string? Provider, string? OrganisationName, string? AuthorisedBy, bool IsMismatch);

/// <summary>Where the client's sync stands, in short.</summary>
public sealed record ClientSyncItem(ClientSync State, DateTimeOffset? LastSyncAt, DateTimeOffset? FailingSince, DateTimeOffset? PausedUntil, LimitKind? PausedBy, string? Error);

/// <summary>What a client's sync is doing.</summary>
public enum ClientSync
{
    /// <summary>It was never synced.</summary>
    Never,

    /// <summary>Nothing now; the latest run ended.</summary>
    Idle,

    /// <summary>A run is at work.</summary>
    Running,

    /// <summary>A run waits for a limit.</summary>
    Paused,

    /// <summary>The latest run failed.</summary>
    Failed,
}

/// <summary>A page of a list of clients.</summary>
public sealed record ClientListBody(IReadOnlyList<ClientListItem> Items, string? Continuation);
