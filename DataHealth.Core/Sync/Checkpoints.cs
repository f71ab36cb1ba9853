using System.Net;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>The state rows of clients' datasets: one partition a client, one row a dataset.</summary>
internal sealed class Checkpoints(AppStorage storage, TimeProvider time)
{
    internal const string Table = "syncstate";

    /// <summary>All datasets of a client that were ever begun: one query.</summary>
    public async Task<IReadOnlyDictionary<string, DatasetState>> AllAsync(ClientId client, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var states = new Dictionary<string, DatasetState>(StringComparer.Ordinal);
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{client}'", cancellationToken: cancellationToken))
        {
            var state = Read(row);
            states[state.Dataset] = state;
        }
        return states;
    }

    public async Task<DatasetState?> FindAsync(ClientId client, string dataset, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, dataset, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>Claims a dataset for one slice of a run.</summary>
    /// <exception cref="FencedOutException">A newer run has it.</exception>
    public async Task<Checkpoint> ClaimAsync(ClientId client, string dataset, RunRecord run, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, dataset, cancellationToken: cancellationToken);
            var state = row.HasValue ? Read(row.Value!) : new DatasetState { Dataset = dataset };
            if (state.RunFence > run.Fence)
                throw new FencedOutException($"{client}|{dataset}");
            state = state with
            {
                RunFence = run.Fence,
                Epoch = state.Epoch + 1,
                Run = state.Run.RunId == run.RunId.Value ? state.Run : new RunCounts { RunId = run.RunId.Value },
            };
            var checkpoint = new Checkpoint(table, client, state, row.HasValue ? row.Value!.ETag : null, time);
            try
            {
                await checkpoint.SaveAsync(state, cancellationToken);
                return checkpoint;
            }
            catch (FencedOutException)
            {
                // Somebody saved in between; look again.
            }
        }
        throw new FencedOutException($"{client}|{dataset}");
    }

    /// <summary>Takes every dataset away from whoever holds it, for good: no slice saves, or claims one again.</summary>
    public async Task CloseAsync(ClientId client, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{client}'", cancellationToken: cancellationToken))
        {
            var (state, etag) = (Read(row), row.ETag);
            for (var attempt = 0; state.RunFence != long.MaxValue; attempt++)
            {
                try
                {
                    await new Checkpoint(table, client, state, etag, time).SaveAsync(state with { RunFence = long.MaxValue, Epoch = state.Epoch + 1 }, cancellationToken);
                    break;
                }
                catch (FencedOutException) when (attempt < 20)
                {
                    // Its slice saved in this moment; look again.
                    var again = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, row.RowKey, cancellationToken: cancellationToken);
                    if (!again.HasValue)
                        break;
                    (state, etag) = (Read(again.Value!), again.Value!.ETag);
                }
            }
        }
    }

    private static DatasetState Read(TableEntity row) =>
        JsonSerializer.Deserialize(row.GetString("Body"), SyncJson.Default.DatasetState) ?? throw new InvalidDataException("An empty state row.");
}

/// <summary>A claimed state row. Each save is conditional on the one before: who has lost the claim saves nothing.</summary>
internal sealed class Checkpoint(TableClient table, ClientId client, DatasetState state, ETag? etag, TimeProvider time)
{
    private ETag? _etag = etag;

    public DatasetState State { get; private set; } = state;

    /// <exception cref="FencedOutException">Another slice has claimed it; nothing was saved.</exception>
    public async Task SaveAsync(DatasetState next, CancellationToken cancellationToken)
    {
        next = next with { TouchedAt = time.GetUtcNow() };
        var row = new TableEntity(client.Value, next.Dataset) { ["Body"] = JsonSerializer.Serialize(next, SyncJson.Default.DatasetState) };
        try
        {
            var answer = _etag is { } condition
                ? await table.UpdateEntityAsync(row, condition, TableUpdateMode.Replace, cancellationToken)
                : await table.AddEntityAsync(row, cancellationToken);
            _etag = answer.Headers.ETag!.Value;
            State = next;
        }
        catch (RequestFailedException refused) when (refused.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
        {
            throw new FencedOutException($"{client}|{next.Dataset}");
        }
    }

    /// <summary>Takes the row away again where this claim made it.</summary>
    public async Task UndoAsync(CancellationToken cancellationToken)
    {
        if (State is not { Epoch: 1, Pass: null } || _etag is not { } mine)
            return;
        try
        {
            await table.DeleteEntityAsync(client.Value, State.Dataset, mine, cancellationToken);
        }
        catch (RequestFailedException taken) when (taken.Status is (int)HttpStatusCode.PreconditionFailed)
        {
            // A newer claim has it.
        }
    }
}
