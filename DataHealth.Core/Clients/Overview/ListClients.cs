using System.Buffers.Text;
using System.Text;
using Azure.Data.Tables;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Overview;

/// <summary>
/// Reads lists of clients from their summaries: along the order's own rows, so that a page goes on where the one before ended, whatever has changed meanwhile. A page takes at most six
/// storage requests however few of the clients are asked for; it may then come short, with a continuation.
/// </summary>
public sealed class ListClients(AppStorage storage, Favourites favourites, TimeProvider time)
{
    /// <summary>The most storage requests of a page.</summary>
    public const int MostRequests = 6;

    private const int LargestRead = 1000;
    private readonly SummaryRows _rows = new(storage);

    /// <summary>Reads a page of the clients that exist for the actor.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="query">Which clients.</param>
    /// <param name="take">1 to 999.</param>
    /// <param name="continuation">From the page before, of the same order; null for the first.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<ClientListPage> ExecuteAsync(Actor actor, ClientListQuery query, int take, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(take, LargestRead);
        var own = await favourites.OfAsync(actor, cancellationToken);
        var requests = 1;
        var now = time.GetUtcNow();
        var after = continuation is not null && TryRead(query.Order, continuation, out var last) ? last : query.Order.Range.First;
        var isPicky = query.LooksAtRows || !actor.Clients.IsAll;
        List<ClientSummary> clients = [];
        var rows = (await _rows.TableAsync(cancellationToken))
            .QueryAsync<TableEntity>(query.Filter(actor.Practice, after, now), isPicky ? LargestRead : take + 1, ["RowKey", "Body"], cancellationToken);
        await foreach (var read in rows.AsPages())
        {
            requests++;
            foreach (var row in read.Values)
            {
                // One more than asked for shows that there is a next page.
                if (clients.Count == take)
                    return new ClientListPage(clients, own, Write(after), requests);
                after = row.RowKey;
                var client = SummaryRows.Read(row);
                if (actor.MaySee(client.Client) && (!query.OnlyFavourites || own.Contains(client.Client)) && query.Matches(client, now))
                    clients.Add(client);
            }
            if (read.ContinuationToken is null)
                break;
            if (requests == MostRequests)
                return new ClientListPage(clients, own, Write(after), requests);
        }
        return new ClientListPage(clients, own, null, requests);
    }

    /// <summary>Every client that exists for the actor, by name; a request for each thousand. For work that looks at all of them, never for a page.</summary>
    public async Task<IReadOnlyList<ClientSummary>> AllAsync(Actor actor, CancellationToken cancellationToken) => await AllAsync(actor, new ClientListQuery(), cancellationToken);

    /// <summary>Every client that exists for the actor and is asked for.</summary>
    internal async Task<IReadOnlyList<ClientSummary>> AllAsync(Actor actor, ClientListQuery query, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<ClientSummary> clients = [];
        var rows = (await _rows.TableAsync(cancellationToken))
            .QueryAsync<TableEntity>(query.Filter(actor.Practice, query.Order.Range.First, now), LargestRead, ["Body"], cancellationToken);
        await foreach (var row in rows)
        {
            var client = SummaryRows.Read(row);
            if (actor.MaySee(client.Client) && query.Matches(client, now))
                clients.Add(client);
        }
        return clients;
    }

    /// <summary>True when a continuation is one of that order.</summary>
    public static bool IsContinuation(SummaryOrder order, string continuation) => TryRead(order, continuation, out _);

    private static string Write(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    private static bool TryRead(SummaryOrder order, string continuation, out string key)
    {
        key = "";
        if (continuation.Length > 2048 || !Base64Url.IsValid(continuation))
            return false;
        key = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(continuation));
        return order.Owns(key) && !key.AsSpan().ContainsAnyInRange('\0', '\u001f');
    }
}
