using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>The timelines of runs: our own, since a platform that reuses an instance id drops its history.</summary>
internal sealed class RunEvents(AppStorage storage, TimeProvider time)
{
    internal const string Table = "runevents";
    private const int MostLines = 1000;

    public async Task AppendAsync(ClientId client, RunId run, string kind, string? dataset, string text, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var table = await storage.TableAsync(Table, cancellationToken);
        var line = new RunEvent(now, kind, dataset, text);
        var row = new TableEntity(Key(client, run), string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:D19}|{kind}|{dataset}")) { ["Body"] = JsonSerializer.Serialize(line, SyncJson.Default.RunEvent) };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public async Task<IReadOnlyList<RunEvent>> ReadAsync(ClientId client, RunId run, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var lines = new List<RunEvent>();
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{Key(client, run)}'", cancellationToken: cancellationToken))
        {
            lines.Add(JsonSerializer.Deserialize(row.GetString("Body"), SyncJson.Default.RunEvent)!);
            if (lines.Count == MostLines)
                break;
        }
        return lines;
    }

    private static string Key(ClientId client, RunId run) => $"{client}|{run}";
}
