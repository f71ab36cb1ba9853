using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Backup;

/// <summary>Writes a backup's tables, each as it has to come back.</summary>
internal sealed class RestoreRows(AppStorage storage, TimeProvider time, IBackupPlace place, BackupManifest manifest, Tombstones tombstones)
{
    private readonly OpenRunIndex _open = new(storage, time);
    private readonly DueClients _due = new(storage, time);

    public int OpenRuns { get; private set; }

    public int PassesBegunAnew { get; private set; }

    public async Task WriteAsync(BackupTable table, CancellationToken cancellationToken)
    {
        var writer = await OpenAsync(table.Name, cancellationToken);
        switch (table.Name)
        {
            case Checkpoints.Table:
                await WriteStatesAsync(writer, table, cancellationToken);
                break;
            case RunRows.Table:
                await WriteRunsAsync(writer, table, cancellationToken);
                break;
            case DueClients.Table:
                await WriteDueAsync(writer, table, cancellationToken);
                break;
            case "grants":
                await WriteGrantsAsync(writer, table, cancellationToken);
                break;
            case DeletionStore.Table:
                foreach (var row in tombstones.Rows())
                    await writer.AddAsync(row);
                break;
            default:
                await foreach (var row in RowsAsync(table.File, cancellationToken))
                {
                    if (table.Name == ClientStore.Table)
                        tombstones.Mark(row);
                    if (table.Name == MemberStore.Table && !tombstones.MayComeBack(row))
                        continue;
                    await writer.AddAsync(row);
                }
                break;
        }
        await writer.EndAsync();
    }

    /// <summary>Makes connected clients due that the timetable does not name: their place was being moved when it was read, or they were connected in that moment.</summary>
    public async Task<int> MakeDueAsync(CancellationToken cancellationToken)
    {
        var made = 0;
        await foreach (var row in RowsAsync(ConnectionStore.Table, cancellationToken))
        {
            var client = new ClientId(row.PartitionKey);
            if (row.GetString("State") != nameof(ConnectionState.Connected) || tombstones.IsMarked(client.Value) || await _due.FindAsync(client, cancellationToken) is not null)
                continue;
            await _due.SetAsync(client, time.GetUtcNow(), cancellationToken);
            made++;
        }
        return made;
    }

    // What a full pass has seen goes when the pass ends. Where it had ended by the time the books were copied, the checkpoint that is still in it would take what it cannot remember for deleted.
    private async Task WriteStatesAsync(RowWriter writer, BackupTable table, CancellationToken cancellationToken)
    {
        Dictionary<(string, string), string> later = [];
        await foreach (var row in RowsAsync(BackupTables.StateAfter, cancellationToken))
        {
            if (StateOf(row).Pass is { } pass)
                later[(row.PartitionKey, row.RowKey)] = pass.Id;
        }
        await foreach (var row in RowsAsync(table.File, cancellationToken))
        {
            var state = StateOf(row);
            if (state.Pass is { Mode: PassMode.Full } pass && later.GetValueOrDefault((row.PartitionKey, row.RowKey)) != pass.Id)
            {
                row["Body"] = JsonSerializer.Serialize(state with { Pass = null, NeedsFull = true }, SyncJson.Default.DatasetState);
                PassesBegunAnew++;
            }
            await writer.AddAsync(row);
        }
    }

    private async Task WriteRunsAsync(RowWriter writer, BackupTable table, CancellationToken cancellationToken)
    {
        await foreach (var row in RowsAsync(table.File, cancellationToken))
        {
            await writer.AddAsync(row);
            if (row.RowKey != RunRows.Current || RunRows.Read(row) is not { } run || OpenRun.StateOf(run) is null)
                continue;
            await _open.NoteAsync(run, cancellationToken);
            OpenRuns++;
        }
    }

    // The timetable is made from what each client's own row says.
    private async Task WriteDueAsync(RowWriter writer, BackupTable table, CancellationToken cancellationToken)
    {
        await foreach (var row in RowsAsync(table.File, cancellationToken))
        {
            if (!row.RowKey.StartsWith(DueClients.ClientPrefix, StringComparison.Ordinal))
                continue;
            await writer.AddAsync(row);
            await writer.AddAsync(new TableEntity(DueClients.Index, row.GetString("Place")));
        }
    }

    // A grant that no day names would never be refreshed while it is idle.
    private async Task WriteGrantsAsync(RowWriter writer, BackupTable table, CancellationToken cancellationToken)
    {
        var days = await OpenAsync("grantsdue", cancellationToken);
        await foreach (var row in RowsAsync(table.File, cancellationToken))
        {
            await writer.AddAsync(row);
            if (GrantStore.DayEntryOf(row) is { } entry)
                await days.AddAsync(entry);
        }
        await days.EndAsync();
    }

    private static DatasetState StateOf(TableEntity row) =>
        JsonSerializer.Deserialize(row.GetString("Body"), SyncJson.Default.DatasetState) ?? throw new BackupException("The backup holds an empty checkpoint.");

    private async Task<RowWriter> OpenAsync(string table, CancellationToken cancellationToken) => new(await storage.TableAsync(table, cancellationToken), cancellationToken);

    private IAsyncEnumerable<TableEntity> RowsAsync(string file, CancellationToken cancellationToken) => BackupFileReader.RowsAsync(place, manifest.Find(file)!, cancellationToken);
}
