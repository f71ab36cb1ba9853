using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Sharing;

/// <summary>Keeps share links. Table <c>healthshares</c>, a partition for each client, a row for each link: who made it, how long it lasts, and the hash of its secret.</summary>
public sealed class ShareStore(AppStorage storage, ClientStore clients, TimeProvider time)
{
    internal const string Table = "healthshares";

    // The audit keeps who made it for longer.
    private static readonly TimeSpan KeptAfterItsEnd = TimeSpan.FromDays(30);

    internal async Task AddAsync(OverviewShare share, PracticeId practice, string hash)
    {
        var row = new TableEntity(share.Client.Value, share.Id.Value)
        {
            ["Practice"] = practice.Value,
            ["Hash"] = hash,
            ["CreatedAt"] = share.CreatedAt,
            ["CreatedBy"] = share.CreatedBy.Value,
            ["CreatedByName"] = share.CreatedByName,
            ["ExpiresAt"] = share.ExpiresAt,
        };
        var table = await TableAsync(CancellationToken.None);
        await table.AddEntityAsync(row, CancellationToken.None);
        // A deletion that began meanwhile may have looked here already.
        if (await clients.FindAsync(share.Client, CancellationToken.None) is not { ClearedBy: null })
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, CancellationToken.None);
    }

    /// <summary>Takes one back; false when there is none. Again is harmless, and the first time stays.</summary>
    internal async Task<bool> RevokeAsync(ClientId client, ShareId share, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, share.Value, cancellationToken: cancellationToken);
        if (!row.HasValue)
            return false;
        if (row.Value!.GetDateTimeOffset("RevokedAt") is not null)
            return true;
        row.Value["RevokedAt"] = time.GetUtcNow();
        try
        {
            await table.UpdateEntityAsync(row.Value, row.Value.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // A row changes once, when it is taken back, and goes once.
            return changed.Status == 412;
        }
    }

    /// <summary>A client's links, the latest first; those that ended long ago are swept on the way.</summary>
    internal async IAsyncEnumerable<OverviewShare> AllAsync(ClientId client, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        List<OverviewShare> shares = [];
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{client}'", cancellationToken: cancellationToken))
        {
            var share = Read(row);
            if ((share.RevokedAt ?? share.ExpiresAt) + KeptAfterItsEnd < time.GetUtcNow())
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
            else
                shares.Add(share);
        }
        foreach (var share in shares.OrderByDescending(share => share.Id.Value, StringComparer.Ordinal))
            yield return share;
    }

    /// <summary>The link of a code; null when there is none, or the code is not its own.</summary>
    internal async Task<(OverviewShare Share, PracticeId Practice)?> FindAsync(ShareCode code, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(code.Client.Value, code.Share.Value, cancellationToken: cancellationToken);
        return row.HasValue && code.Matches(row.Value!.GetString("Hash")) ? (Read(row.Value), new PracticeId(row.Value.GetString("Practice"))) : null;
    }

    private static OverviewShare Read(TableEntity row) => new(
        new ShareId(row.RowKey), new ClientId(row.PartitionKey), row.GetDateTimeOffset("CreatedAt")!.Value, new MemberId(row.GetString("CreatedBy")), row.GetString("CreatedByName"),
        row.GetDateTimeOffset("ExpiresAt")!.Value, row.GetDateTimeOffset("RevokedAt"));

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}
