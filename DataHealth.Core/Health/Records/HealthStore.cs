using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Insights;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Records;

/// <summary>
/// Reads what recalculations left. A reader sees one version, whole: the head row names it, and where its bodies are swept while they are read, there is a newer head. Versions never change, so
/// those read lately are kept in memory.
/// </summary>
public sealed class HealthStore(AppStorage storage)
{
    private const int MostTries = 5;
    private readonly RecentHealth _recent = new();

    /// <summary>Everything but findings; null before the first recalculation.</summary>
    public async Task<HealthHead?> HeadAsync(ClientId client, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, HealthKeys.Head, cancellationToken: cancellationToken);
        return row.HasValue ? JsonSerializer.Deserialize(Ledger.Payload.Unpack(EntityBody.Read(row.Value!)).Span, HealthJson.Default.HealthHead) : null;
    }

    /// <summary>What the checks of the visible version remember of an organisation's books; nothing before the first recalculation, and of another organisation's.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> MemoryOfAsync(ClientId client, string? organisation, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await HeadAsync(client, cancellationToken) is not { } head || head.Organisation != organisation)
                return new Dictionary<string, string>();
            if (await MemoryAsync(client, head.Version, cancellationToken) is { } memory)
                return memory;
        }
        throw new InvalidDataException($"What checks remember of client {client} is incomplete.");
    }

    /// <summary>The visible version; null before the first recalculation.</summary>
    public async Task<KeptHealth?> FindAsync(ClientId client, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await HeadAsync(client, cancellationToken) is not { } head)
                return null;
            if (_recent.Find(head.Version) is { } known)
                return known;
            var (chunks, findings) = (0, new List<KeptFinding>());
            await foreach (var (_, json) in PackedJson.ReadAsync(await TableAsync(cancellationToken), client, HealthKeys.Findings(head.Version), cancellationToken))
            {
                chunks++;
                findings.AddRange(JsonSerializer.Deserialize(json.Span, HealthJson.Default.KeptFindingArray) ?? []);
            }
            if (chunks == head.Chunks)
                return _recent.Keep(new KeptHealth(head, findings));
        }
        throw new InvalidDataException($"The findings of client {client} are incomplete.");
    }

    /// <summary>All evidence of some findings of a version, by finding id; of a version that was swept meanwhile nothing.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Evidence>>> EvidenceAsync(ClientId client, KeptHealth health, IReadOnlyCollection<string> findings, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var evidence = new Dictionary<string, IReadOnlyList<Evidence>>(StringComparer.Ordinal);
        foreach (var chunk in findings.GroupBy(health.ChunkOf))
        {
            await foreach (var (_, json) in PackedJson.ReadAsync(table, client, HealthKeys.Chunk(HealthKeys.Evidence(health.Head.Version), chunk.Key), cancellationToken))
            {
                var all = JsonSerializer.Deserialize(json.Span, HealthJson.Default.DictionaryStringEvidenceArray) ?? [];
                foreach (var id in chunk.Where(all.ContainsKey))
                    evidence[id] = all[id];
            }
        }
        return evidence;
    }

    /// <summary>What checks remember of a version, by check key; null for one that was swept meanwhile.</summary>
    internal async Task<IReadOnlyDictionary<string, string>?> MemoryAsync(ClientId client, HealthVersion version, CancellationToken cancellationToken)
    {
        await foreach (var (_, json) in PackedJson.ReadAsync(await TableAsync(cancellationToken), client, HealthKeys.Memory(version), cancellationToken))
            return KeptMemory.Read(json.Span);
        return null;
    }

    /// <summary>The insights of a version; null for one that was swept meanwhile, or made before there were any.</summary>
    internal async Task<ClientInsights?> InsightsAsync(ClientId client, HealthVersion version, CancellationToken cancellationToken)
    {
        await foreach (var (_, json) in PackedJson.ReadAsync(await TableAsync(cancellationToken), client, HealthKeys.Insights(version), cancellationToken))
            return JsonSerializer.Deserialize(json.Span, InsightsJson.Default.ClientInsights);
        return null;
    }

    /// <summary>A recalculation as attribution needs it; null when it is no longer kept.</summary>
    internal async Task<KeptState?> StateAsync(ClientId client, HealthVersion version, CancellationToken cancellationToken)
    {
        await foreach (var (_, json) in PackedJson.ReadAsync(await TableAsync(cancellationToken), client, HealthKeys.State(version), cancellationToken))
            return JsonSerializer.Deserialize(json.Span, HealthJson.Default.KeptState);
        return null;
    }

    /// <summary>Points of history, oldest first.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="from">Made at that time or later.</param>
    /// <param name="to">And before that one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<ScorePoint> PointsAsync(
        ClientId client, DateTimeOffset from, DateTimeOffset to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var filter = $"PartitionKey eq '{client}' and RowKey ge '{HealthKeys.Points}{HealthVersion.From(from)}' and RowKey lt '{HealthKeys.Points}{HealthVersion.From(to)}'";
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return JsonSerializer.Deserialize(row.GetString("Body"), HealthJson.Default.ScorePoint) ?? throw new InvalidDataException("An empty point of history.");
    }

    internal Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(HealthKeys.Table, cancellationToken);
}
