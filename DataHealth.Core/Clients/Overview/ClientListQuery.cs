using Azure.Data.Tables;
using DataHealth.Core.Connections;

namespace DataHealth.Core.Clients.Overview;

/// <summary>Which clients a list asks for. Every condition given must hold.</summary>
public sealed record ClientListQuery
{
    /// <summary>In which order.</summary>
    public SummaryOrder Order { get; init; } = SummaryOrder.ByName;

    /// <summary>Words of the name, each from its beginning, in any order and spelling of case and accents.</summary>
    public string? Search { get; init; }

    /// <summary>Where the connection stands.</summary>
    public ConnectionState? State { get; init; }

    /// <summary>The last good sync is older than that; clients that were never synced count.</summary>
    public DateTimeOffset? LastSyncBefore { get; init; }

    /// <summary>The latest sync failed, or not.</summary>
    public bool? IsFailed { get; init; }

    /// <summary>The sync waits for a limit, or not.</summary>
    public bool? IsPaused { get; init; }

    /// <summary>The names of client and organisation differ, or not.</summary>
    public bool? IsMismatch { get; init; }

    /// <summary>Who looks after it.</summary>
    public MemberId? Manager { get; init; }

    /// <summary>Who authorised the connection.</summary>
    public MemberId? AuthorisedBy { get; init; }

    /// <summary>Only the member's own favourites.</summary>
    public bool OnlyFavourites { get; init; }

    /// <summary>A further condition, which the table cannot look at.</summary>
    public Func<ClientSummary, bool>? Also { get; init; }

    /// <summary>The part of the conditions that the table itself looks at. It lets through at least what <see cref="Matches"/> does.</summary>
    internal string Filter(PracticeId practice, string after, DateTimeOffset now)
    {
        List<string> parts = [TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and RowKey gt {after} and RowKey lt {Order.Range.Last}")];
        if (State is { } state && state is not (ConnectionState.Connecting or ConnectionState.NotConnected or ConnectionState.Disconnected))
            parts.Add(TableClient.CreateQueryFilter($"State eq {state.ToString()}"));
        else if (State is not null)
            parts.Add(TableClient.CreateQueryFilter($"(State eq {nameof(ConnectionState.NotConnected)} or State eq {nameof(ConnectionState.Disconnected)})"));
        if (LastSyncBefore is { } before)
            parts.Add(TableClient.CreateQueryFilter($"LastSync lt {before}"));
        if (IsFailed is { } failed)
            parts.Add(TableClient.CreateQueryFilter($"IsFailed eq {failed}"));
        if (IsPaused is { } paused)
            parts.Add(TableClient.CreateQueryFilter($"IsPaused eq {paused}"));
        if (IsMismatch is { } mismatch)
            parts.Add(TableClient.CreateQueryFilter($"IsMismatch eq {mismatch}"));
        if (Manager is { } manager)
            parts.Add(TableClient.CreateQueryFilter($"Manager eq {manager.Value}"));
        if (AuthorisedBy is { } member)
            parts.Add(TableClient.CreateQueryFilter($"AuthorisedBy eq {member.Value}"));
        return string.Join(" and ", parts);
    }

    /// <summary>True when a client is asked for, favourites and the member's access apart.</summary>
    internal bool Matches(ClientSummary client, DateTimeOffset now) =>
        (State is null || client.StateAt(now) == State)
        && (LastSyncBefore is null || (client.LastSyncAt ?? SummaryRows.Never) < LastSyncBefore)
        && (IsFailed is null || client.IsFailed == IsFailed)
        && (IsPaused is null || client.IsPaused == IsPaused)
        && (IsMismatch is null || client.IsMismatch == IsMismatch)
        && (Manager is null || client.Manager == Manager)
        && (AuthorisedBy is null || client.AuthorisedBy == AuthorisedBy)
        && (Search is null || Finds(Search, client.Name))
        && (Also is null || Also(client));

    /// <summary>True when the table's own filter tells less than all: rows must be looked at one by one.</summary>
    internal bool LooksAtRows => Search is not null || Also is not null || OnlyFavourites || State is ConnectionState.Connecting or ConnectionState.NotConnected or ConnectionState.Disconnected;

    private static bool Finds(string search, string name)
    {
        var words = BusinessName.Order(name).Split(' ');
        return BusinessName.Order(search).Split(' ', StringSplitOptions.RemoveEmptyEntries).All(part => words.Any(word => word.StartsWith(part, StringComparison.Ordinal)));
    }
}

/// <summary>A page of a list.</summary>
/// <param name="Clients">In the order asked for; may be fewer than asked for, even none, while <paramref name="Continuation"/> says that there is more to look through.</param>
/// <param name="Favourites">Which clients are the member's favourites.</param>
/// <param name="Continuation">Give it back for the next page; null when this was the last. Opaque.</param>
/// <param name="Requests">How many storage requests the page took.</param>
public sealed record ClientListPage(IReadOnlyList<ClientSummary> Clients, IReadOnlySet<ClientId> Favourites, string? Continuation, int Requests);
