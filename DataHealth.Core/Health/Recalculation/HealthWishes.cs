using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Recalculation;

/// <summary>
/// What somebody pressed and nobody has carried out yet. Table <c>healthwishes</c>, one partition: a row for each client and kind, written before an orchestration is asked to start and taken away by the one that has done it, on
/// condition that nobody has pressed again. So a press is not lost between the last look of one that is at work and its end: the row stays, and the sweeper makes up for it.
/// </summary>
public sealed class HealthWishes(AppStorage storage, ClientStore clients, TimeProvider time)
{
    internal const string Table = "healthwishes";
    internal const string Partition = "open";

    // What failed so often is not tried again by itself: whoever presses next begins anew.
    private const int MostTries = 5;

    /// <summary>Called after a look, with what it saw; tests freeze there.</summary>
    internal Func<HealthWish?, Task>? Looked { get; set; }

    /// <summary>Notes that somebody has pressed, again where it is noted already. The caller has checked that the member may.</summary>
    public async Task AskAsync(ClientId client, HealthWishKind kind, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var row = new TableEntity(Partition, KeyOf(client, kind)) { ["At"] = time.GetUtcNow() };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        // A deletion that began meanwhile may have looked here already.
        if (await clients.FindAsync(client, CancellationToken.None) is not { ClearedBy: null })
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, CancellationToken.None);
    }

    /// <summary>What is open of that kind; null when nothing is.</summary>
    public async Task<HealthWish?> FindAsync(ClientId client, HealthWishKind kind, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(Partition, KeyOf(client, kind), cancellationToken: cancellationToken);
        var wish = row.HasValue ? Read(row.Value!) : null;
        await (Looked?.Invoke(wish) ?? Task.CompletedTask);
        return wish;
    }

    /// <summary>All that is open, of all clients.</summary>
    public async Task<IReadOnlyList<HealthWish>> AllAsync(CancellationToken cancellationToken) =>
        [.. await (await TableAsync(cancellationToken)).QueryAsync<TableEntity>($"PartitionKey eq '{Partition}'", cancellationToken: cancellationToken).Select(Read).ToListAsync(cancellationToken)];

    /// <summary>It is done, as it was when it was read.</summary>
    /// <returns>False where somebody has pressed again since: it stays open.</returns>
    public async Task<bool> FulfilAsync(HealthWish wish, CancellationToken cancellationToken)
    {
        try
        {
            await (await TableAsync(cancellationToken)).DeleteEntityAsync(Partition, KeyOf(wish.Client, wish.Kind), wish.Version, cancellationToken);
            return true;
        }
        catch (RequestFailedException again) when (again.Status is 412)
        {
            // What is asked for now may have come too late for what was done.
            return false;
        }
    }

    /// <summary>Counts a try to make up for one that was left behind.</summary>
    /// <returns>False when it was tried often enough, and is dropped.</returns>
    public async Task<bool> TryAgainAsync(HealthWish wish, CancellationToken cancellationToken)
    {
        if (wish.Tries >= MostTries)
            return !await FulfilAsync(wish, cancellationToken);
        try
        {
            await (await TableAsync(cancellationToken)).UpdateEntityAsync(
                new TableEntity(Partition, KeyOf(wish.Client, wish.Kind)) { ["At"] = wish.At, ["Tries"] = wish.Tries + 1 }, wish.Version, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException moved) when (moved.Status is 404 or 412)
        {
            // Done, or pressed again, in this moment; starting it once too often is harmless.
        }
        return true;
    }

    /// <summary>A client's rows.</summary>
    internal static string FilterOf(ClientId client) => $"PartitionKey eq '{Partition}' and RowKey ge '{client}|' and RowKey lt '{client}|~'";

    private static HealthWish Read(TableEntity row)
    {
        var key = row.RowKey.Split('|');
        return new HealthWish(new ClientId(key[0]), Enum.Parse<HealthWishKind>(key[1], ignoreCase: true), row.GetDateTimeOffset("At") ?? DateTimeOffset.MinValue, row.GetInt32("Tries") ?? 0, row.ETag);
    }

    private static string KeyOf(ClientId client, HealthWishKind kind) => $"{client}|{kind.ToString().ToLowerInvariant()}";

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}

/// <summary>What may be asked for.</summary>
public enum HealthWishKind
{
    /// <summary>The health of today.</summary>
    Recalculation,

    /// <summary>Points of the past under the rules of today.</summary>
    History,
}

/// <summary>Something that was asked for and is not done.</summary>
/// <param name="Client">Of which client.</param>
/// <param name="Kind">What.</param>
/// <param name="At">When it was asked for last.</param>
/// <param name="Tries">How often the sweeper has made up for it.</param>
/// <param name="Version">Moves on with each press.</param>
public sealed record HealthWish(ClientId Client, HealthWishKind Kind, DateTimeOffset At, int Tries, ETag Version);
