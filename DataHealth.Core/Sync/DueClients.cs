using System.Globalization;
using System.Net;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>
/// Which clients are due for a sync: an index by time, one row a client, and beside it a row by client that names its place in the index. One partition:
/// a hundred thousand clients a day are about four writes a second, of its two thousand.
/// </summary>
public sealed class DueClients(AppStorage storage, TimeProvider time)
{
    internal const string Table = "due";
    internal const string Index = "due";
    internal const string ClientPrefix = "~client|";

    /// <summary>How soon one that was connected is due. The schedule finds it even if the process ends right after connecting it, and does not come before its connection's row is written.</summary>
    internal static readonly TimeSpan FirstDue = TimeSpan.FromMinutes(1);

    /// <summary>Those due now, oldest first. A client leaves the head of the index when its run is claimed; asked again before, it comes again.</summary>
    public async Task<IReadOnlyList<DueClient>> TakeAsync(int take, CancellationToken cancellationToken) =>
        await ReadAsync($"RowKey lt '{Ticks(time.GetUtcNow().AddTicks(1))}'", take, cancellationToken);

    /// <summary>Sets when a client is due next.</summary>
    public Task SetAsync(ClientId client, DateTimeOffset due, CancellationToken cancellationToken) => MoveAsync(client, _ => due, cancellationToken);

    /// <summary>Brings a client's time forward. One that is due sooner, or is not scheduled at all, stays as it is.</summary>
    /// <returns>True when it was brought forward.</returns>
    public async Task<bool> HastenAsync(ClientId client, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var isSooner = false;
        await MoveAsync(client, former => (isSooner = due < former) ? due : former, cancellationToken);
        return isSooner;
    }

    /// <summary>Takes a client out (disconnected, deleted, waiting for a reconnect).</summary>
    public Task RemoveAsync(ClientId client, CancellationToken cancellationToken) => MoveAsync(client, _ => null, cancellationToken);

    /// <summary>Takes a client out that is not connected. One that is connected again in this moment stays in: whoever connects it looks here once more after that.</summary>
    internal async Task LeaveAsync(ClientId client, IConnectedBooks connections, CancellationToken cancellationToken)
    {
        await RemoveAsync(client, cancellationToken);
        if (await connections.FindAsync(client, cancellationToken) is not null)
            await ReturnAsync(client, cancellationToken);
    }

    /// <summary>Puts a client that is connected (again) in, soon; one that is in stays where it is.</summary>
    internal Task ReturnAsync(ClientId client, CancellationToken cancellationToken) => MoveAsync(client, former => former ?? time.GetUtcNow() + FirstDue, cancellationToken);

    /// <summary>When a client is due next; null when it is not scheduled.</summary>
    public async Task<DateTimeOffset?> FindAsync(ClientId client, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Index, ClientPrefix + client, cancellationToken: cancellationToken);
        return row.HasValue ? At(row.Value!.GetString("Place")) : null;
    }

    /// <summary>The time of the oldest due client, to be watched: hours in the past mean that the timers do not fire. Null without clients.</summary>
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) =>
        (await ReadAsync($"RowKey lt '{ClientPrefix}'", 1, cancellationToken)) is [var oldest] ? oldest.Due : null;

    private async Task<List<DueClient>> ReadAsync(string filter, int take, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var clients = new List<DueClient>();
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{Index}' and {filter}", Math.Clamp(take, 1, 1000), ["RowKey"], cancellationToken))
        {
            clients.Add(new DueClient(new ClientId(row.RowKey[(row.RowKey.IndexOf('|', StringComparison.Ordinal) + 1)..]), At(row.RowKey)));
            // Here and not at the next row, which would be asked for in one more request.
            if (clients.Count >= take)
                break;
        }
        return clients;
    }

    // Both rows are of one partition and change together, on the ETag of the client's.
    private async Task MoveAsync(ClientId client, Func<DateTimeOffset?, DateTimeOffset?> choose, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(Index, ClientPrefix + client, cancellationToken: cancellationToken);
            var former = row.HasValue ? row.Value!.GetString("Place") : null;
            var place = choose(former is null ? null : At(former)) is { } at ? $"{Ticks(at)}|{client}" : null;
            if (former == place)
                return;
            var batch = new List<TableTransactionAction>(3);
            var pointer = new TableEntity(Index, ClientPrefix + client) { ["Place"] = place };
            if (former is null)
                batch.Add(new TableTransactionAction(TableTransactionActionType.Add, pointer));
            else
                batch.Add(new TableTransactionAction(place is null ? TableTransactionActionType.Delete : TableTransactionActionType.UpdateReplace, pointer, row.Value!.ETag));
            if (former is not null)
                batch.Add(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(Index, former), ETag.All));
            if (place is not null)
                batch.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(Index, place)));
            try
            {
                await table.SubmitTransactionAsync(batch, cancellationToken);
                return;
            }
            catch (RequestFailedException changed) when (changed.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
            {
                // Moved by somebody else; look again.
            }
        }
        throw new InvalidOperationException($"The due time of client {client} is being fought over.");
    }

    private static string Ticks(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    internal static DateTimeOffset At(string place) => new(long.Parse(place.AsSpan(0, 19), CultureInfo.InvariantCulture), TimeSpan.Zero);
}

/// <summary>A client's place in the index of due clients, as something to erase: both of its rows together.</summary>
public sealed class DueTrace(AppStorage storage, DueClients due) : IClientTrace
{
    private readonly TableTrace _pointer = new(
        storage, "schedule", DueClients.Table, ErasureStage.Data, (scope, _) => new([$"PartitionKey eq '{DueClients.Index}' and RowKey eq '{DueClients.ClientPrefix}{scope.Client}'"]))
    {
        Told = row => new TableEntity(row.PartitionKey, row.RowKey) { ["DueAt"] = DueClients.At(row.GetString("Place")) },
    };

    /// <inheritdoc />
    public string Name => _pointer.Name;

    /// <inheritdoc />
    public ErasureStage Stage => _pointer.Stage;

    /// <inheritdoc />
    public Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken) => _pointer.CountAsync(scope, cancellationToken);

    /// <inheritdoc />
    public async Task<bool> EraseAsync(ClientScope scope, int atMost, CancellationToken cancellationToken)
    {
        await due.RemoveAsync(scope.Client, cancellationToken);
        return true;
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, CancellationToken cancellationToken) => _pointer.ExportAsync(scope, cancellationToken);
}

/// <summary>A client that is due.</summary>
/// <param name="Client">The client.</param>
/// <param name="Due">Since when.</param>
public readonly record struct DueClient(ClientId Client, DateTimeOffset Due);
