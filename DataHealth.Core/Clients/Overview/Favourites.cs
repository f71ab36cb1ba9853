using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Overview;

/// <summary>The clients that a member keeps at hand: table <c>favourites</c>, a partition for each member. Each member's own; not part of the practice's record of changes.</summary>
public sealed class Favourites(AppStorage storage)
{
    /// <summary>The most favourites of one member: what one storage request reads.</summary>
    public const int Most = 500;

    /// <summary>The member's favourites: one storage request.</summary>
    public async Task<IReadOnlySet<ClientId>> OfAsync(Actor actor, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        HashSet<ClientId> own = [];
        await foreach (var page in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Key(actor)}"), 1000, ["RowKey"], cancellationToken).AsPages())
        {
            own.UnionWith(page.Values.Select(row => new ClientId(row.RowKey)));
            break;
        }
        return own;
    }

    /// <summary>Makes a client a favourite of the member. False when there is no room for one more.</summary>
    public async Task<bool> AddAsync(Actor actor, ClientId client, CancellationToken cancellationToken)
    {
        var own = await OfAsync(actor, cancellationToken);
        if (own.Contains(client))
            return true;
        if (own.Count >= Most)
            return false;
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(new TableEntity(Key(actor), client.Value), TableUpdateMode.Replace, cancellationToken);
        return true;
    }

    /// <summary>It no longer is one.</summary>
    public async Task RemoveAsync(Actor actor, ClientId client, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(Key(actor), client.Value, ETag.All, cancellationToken);

    /// <summary>Whoever's favourite a client is.</summary>
    internal static string OfClient(PracticeId practice, ClientId client) =>
        TableClient.CreateQueryFilter($"PartitionKey gt {practice.Value + "|"} and PartitionKey lt {practice.Value + "}"} and RowKey eq {client.Value}");

    private static string Key(Actor actor) => $"{actor.Practice}|{TableKey.Escape(actor.Member.Value)}";

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync("favourites", cancellationToken);
}
