using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Insights;
using DataHealth.Core.Ledger;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Records;

/// <summary>
/// Writes one version: its bodies first, then in one transaction the head that makes it visible and its point of history. Each batch is on condition that no other recalculation has taken the client's
/// partition over, and that the client is not being erased; so of two the later is seen, and never a part of either.
/// </summary>
internal sealed class HealthPublication
{
    /// <summary>Findings in one body: about 250 KB compressed.</summary>
    public const int FindingsInChunk = 5000;

    /// <summary>What attribution needs of a recalculation is kept for so long.</summary>
    public static readonly TimeSpan StatesFor = TimeSpan.FromDays(400);

    private readonly TableClient _table;
    private readonly FencedPartition _partition;
    private readonly ClientId _client;
    private readonly long _epoch;
    private readonly Func<HealthPlace, Task>? _reached;

    private HealthPublication(TableClient table, FencedPartition partition, ClientId client, long epoch, Func<HealthPlace, Task>? reached) =>
        (_table, _partition, _client, _epoch, _reached) = (table, partition, client, epoch, reached);

    /// <summary>Takes a client's partition over from whoever recalculates it.</summary>
    /// <exception cref="FencedOutException">Somebody else did at the same moment.</exception>
    public static async Task<HealthPublication> BeginAsync(TableClient table, ClientId client, Func<HealthPlace, Task>? reached, CancellationToken cancellationToken)
    {
        var epoch = await FencedPartition.EpochAsync(table, client.Value, cancellationToken) + 1;
        var begun = new HealthPublication(table, await FencedPartition.ClaimAsync(table, client.Value, epoch, cancellationToken), client, epoch, reached);
        await begun.AtAsync(HealthPlace.Claimed);
        return begun;
    }

    /// <summary>Nobody has taken it over since, and the client is not being erased.</summary>
    public async Task<bool> IsOursAsync(CancellationToken cancellationToken) =>
        await FencedPartition.EpochAsync(_table, _client.Value, cancellationToken) == _epoch;

    /// <summary>Takes nothing over after all: the client is being erased.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => _partition.LeaveAsync(cancellationToken);

    /// <summary>Writes everything of a version that nobody sees yet.</summary>
    /// <returns>In how many bodies its findings are.</returns>
    public async Task<int> WriteAsync(
        HealthVersion version, IReadOnlyList<KeptFinding> findings, KeptState state, IReadOnlyDictionary<string, string> memory, ClientInsights insights, CancellationToken cancellationToken)
    {
        await AtAsync(HealthPlace.Judged);
        var chunks = 0;
        foreach (var chunk in findings.Chunk(FindingsInChunk))
        {
            var narrow = Array.ConvertAll(chunk, kept => kept with { Finding = kept.Finding with { Evidence = [.. kept.Finding.Evidence.Take(1)] } });
            var evidence = chunk.Where(kept => kept.Finding.Evidence.Count > 1).ToDictionary(kept => kept.Finding.Id, kept => kept.Finding.Evidence.ToArray());
            await SubmitAsync(
                [
                    (HealthKeys.Chunk(HealthKeys.Findings(version), chunks), JsonSerializer.SerializeToUtf8Bytes(narrow, HealthJson.Default.KeptFindingArray)),
                    (HealthKeys.Chunk(HealthKeys.Evidence(version), chunks), JsonSerializer.SerializeToUtf8Bytes(evidence, HealthJson.Default.DictionaryStringEvidenceArray)),
                ], cancellationToken);
            chunks++;
        }
        await AtAsync(HealthPlace.PartWritten);
        await SubmitAsync(
            [
                (HealthKeys.State(version), JsonSerializer.SerializeToUtf8Bytes(state, HealthJson.Default.KeptState)),
                (HealthKeys.Memory(version), KeptMemory.Write(memory)),
                (HealthKeys.Insights(version), JsonSerializer.SerializeToUtf8Bytes(insights, InsightsJson.Default.ClientInsights)),
            ], cancellationToken);
        await AtAsync(HealthPlace.Written);
        return chunks;
    }

    /// <summary>Makes it visible.</summary>
    public async Task PublishAsync(HealthHead head, ScorePoint point, CancellationToken cancellationToken)
    {
        var stamp = await _table.GetEntityIfExistsAsync<TableEntity>(_client.Value, HealthKeys.Stamp, ["RowKey"], cancellationToken);
        var row = new TableEntity(_client.Value, HealthKeys.Head);
        EntityBody.Write(row, Payload.Pack(JsonSerializer.SerializeToUtf8Bytes(head, HealthJson.Default.HealthHead)));
        List<TableTransactionAction> batch =
        [
            new(TableTransactionActionType.UpsertReplace, row),
            new(TableTransactionActionType.Add, new TableEntity(_client.Value, HealthKeys.Point(head.Version)) { ["Body"] = JsonSerializer.Serialize(point, HealthJson.Default.ScorePoint) }),
        ];
        if (!stamp.HasValue)
            batch.Add(new(TableTransactionActionType.Add, NoteStore.NewStamp(_client)));
        await _partition.SubmitAsync(batch, cancellationToken);
        await AtAsync(HealthPlace.Published);
    }

    /// <summary>Takes away what no head names: the version before, and what crashes left. Readers that are at it find the new head.</summary>
    public async Task SweepAsync(HealthVersion visible, DateTimeOffset now, CancellationToken cancellationToken)
    {
        HashSet<string> published = new(StringComparer.Ordinal);
        await foreach (var row in _table.QueryAsync<TableEntity>(HealthKeys.Range(_client, HealthKeys.Points), select: ["RowKey"], cancellationToken: cancellationToken))
            published.Add(row.RowKey[HealthKeys.Points.Length..]);
        var oldest = HealthVersion.From(now - StatesFor);
        List<TableTransactionAction> batch = [];
        await foreach (var row in _table.QueryAsync<TableEntity>(HealthKeys.Range(_client, HealthKeys.Versions), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            var version = HealthKeys.VersionOf(row.RowKey);
            if (version == visible.Value || (HealthKeys.IsState(row.RowKey) && published.Contains(version) && string.CompareOrdinal(version, oldest) >= 0))
                continue;
            batch.Add(new(TableTransactionActionType.Delete, new TableEntity(_client.Value, row.RowKey), Azure.ETag.All));
            if (batch.Count < FencedPartition.BatchRows)
                continue;
            await _partition.SubmitAsync(batch, cancellationToken);
            batch.Clear();
        }
        if (batch.Count > 0)
            await _partition.SubmitAsync(batch, cancellationToken);
        await AtAsync(HealthPlace.Swept);
    }

    // Bodies are small as a rule: several go in one transaction.
    private async Task SubmitAsync(IEnumerable<(string Key, byte[] Json)> bodies, CancellationToken cancellationToken)
    {
        foreach (var rows in bodies.SelectMany(body => PackedJson.Pack(_client, body.Key, body.Json)).Chunk(PackedJson.RowsInBatch))
            await _partition.SubmitAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), cancellationToken);
    }

    private Task AtAsync(HealthPlace place) => _reached?.Invoke(place) ?? Task.CompletedTask;
}
