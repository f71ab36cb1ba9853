using System.Runtime.CompilerServices;
using System.Text.Json;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Insights;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Records;

/// <summary>What Health keeps of a client as something to erase and export. The fence row goes first: a recalculation that is still at work is refused from then on.</summary>
public sealed class HealthTrace(AppStorage storage, HealthStore health, RecomputationStore recomputations, NoteStore notes, SettingStore settings) : IClientTrace
{
    private readonly TableTrace _rows = new(storage, "health", HealthKeys.Table, ErasureStage.Data, (scope, _) => new([$"PartitionKey eq '{scope.Client}'"])) { FenceRow = FencedPartition.FenceKey };

    /// <inheritdoc />
    public string Name => _rows.Name;

    /// <inheritdoc />
    public ErasureStage Stage => _rows.Stage;

    /// <inheritdoc />
    public Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken) => _rows.CountAsync(scope, cancellationToken);

    /// <inheritdoc />
    public Task<bool> EraseAsync(ClientScope scope, int atMost, CancellationToken cancellationToken) => _rows.EraseAsync(scope, atMost, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (check, json) in await settings.AllAsync(scope.Client, cancellationToken))
            yield return Line("settings", writer => { writer.WriteString("check", check); writer.WritePropertyName("value"); writer.WriteRawValue(json); });
        if (await settings.OfInsightsAsync(scope.Client, cancellationToken) is var told && told != InsightSettings.Default)
            yield return Line("insight-settings", JsonSerializer.SerializeToUtf8Bytes(told, InsightsJson.Default.InsightSettings));
        await foreach (var point in health.PointsAsync(scope.Client, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, cancellationToken))
            yield return Line("point", JsonSerializer.SerializeToUtf8Bytes(point, HealthJson.Default.ScorePoint));
        if (await recomputations.FindAsync(scope.Client, cancellationToken) is { } asked)
            yield return Line("recomputation", JsonSerializer.SerializeToUtf8Bytes(asked, HealthJson.Default.Recomputation));
        await foreach (var point in recomputations.PointsAsync(scope.Client, DateOnly.MinValue, DateOnly.MaxValue, cancellationToken))
            yield return Line("recomputed-point", JsonSerializer.SerializeToUtf8Bytes(point, HealthJson.Default.RecomputedPoint));
        var noted = await notes.AllAsync(scope.Client, cancellationToken);
        foreach (var dismissal in noted.Dismissals.Values)
            yield return Line("dismissal", JsonSerializer.SerializeToUtf8Bytes(dismissal, HealthJson.Default.Dismissal));
        foreach (var label in noted.Labels.Values)
            yield return Line("label", JsonSerializer.SerializeToUtf8Bytes(label, HealthJson.Default.FindingLabel));
        if (await health.FindAsync(scope.Client, cancellationToken) is not { } kept)
            yield break;
        yield return Line("health", JsonSerializer.SerializeToUtf8Bytes(kept.Head, HealthJson.Default.HealthHead));
        foreach (var (check, json) in await health.MemoryAsync(scope.Client, kept.Head.Version, cancellationToken) ?? new Dictionary<string, string>())
            yield return Line("memory", writer => { writer.WriteString("check", check); writer.WritePropertyName("value"); writer.WriteRawValue(json); });
        if (await health.InsightsAsync(scope.Client, kept.Head.Version, cancellationToken) is { } insights)
            yield return Line("insights", JsonSerializer.SerializeToUtf8Bytes(insights, InsightsJson.Default.ClientInsights));
        foreach (var chunk in kept.Findings.Chunk(HealthPublication.FindingsInChunk))
        {
            var evidence = await health.EvidenceAsync(scope.Client, kept, [.. chunk.Where(one => one.Finding.EvidenceCount > 1).Select(one => one.Finding.Id)], cancellationToken);
            foreach (var finding in chunk)
            {
                var whole = evidence.TryGetValue(finding.Finding.Id, out var all) ? finding with { Finding = finding.Finding with { Evidence = all } } : finding;
                yield return Line("finding", JsonSerializer.SerializeToUtf8Bytes([whole], HealthJson.Default.KeptFindingArray));
            }
        }
    }

    private static ReadOnlyMemory<byte> Line(string kind, byte[] value) => Line(kind, writer => { writer.WritePropertyName("value"); writer.WriteRawValue(value); });

    private static ReadOnlyMemory<byte> Line(string kind, Action<Utf8JsonWriter> rest)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            rest(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
