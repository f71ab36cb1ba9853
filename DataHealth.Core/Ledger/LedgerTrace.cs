using System.Runtime.CompilerServices;
using System.Text.Json;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Ledger;

/// <summary>The copy of a client's books as something to erase and export. A partition's fence row goes first: the batches of a writer that is still at work are refused from then on.</summary>
public sealed class LedgerTrace(AppStorage storage, LedgerStore ledger) : IClientTrace
{
    // '}' is the letter after '|', so the range is everything that begins with the client and '|'.
    private readonly TableTrace _rows = new(
        storage, "ledger", LedgerKeys.Table, ErasureStage.Data, (scope, _) => new([$"PartitionKey ge '{scope.Client}|' and PartitionKey lt '{scope.Client}}}'"]))
    {
        FenceRow = FencedPartition.FenceKey,
    };

    /// <inheritdoc />
    public string Name => _rows.Name;

    /// <inheritdoc />
    public ErasureStage Stage => _rows.Stage;

    /// <inheritdoc />
    public bool IsVerbatim => true;

    /// <inheritdoc />
    public Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken) => _rows.CountAsync(scope, cancellationToken);

    /// <inheritdoc />
    public Task<bool> EraseAsync(ClientScope scope, int atMost, CancellationToken cancellationToken) => _rows.EraseAsync(scope, atMost, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var dataset in await ledger.CountsAsync(scope.Client, cancellationToken))
        {
            await foreach (var record in ledger.StreamAsync(scope.Client, dataset.Dataset, cancellationToken))
                yield return Line(dataset, record);
        }
    }

    private static ReadOnlyMemory<byte> Line(DatasetCount dataset, StoredRecord record)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("dataset", dataset.Dataset);
            if (dataset.Organisation is { } organisation)
                json.WriteString("organisation", organisation);
            json.WriteString("id", record.Id);
            if (record.UpdatedAt is { } updated)
                json.WriteString("updatedAt", updated.ToUniversalTime());
            json.WriteBoolean("isDeleted", record.IsDeleted);
            json.WritePropertyName("record");
            json.WriteRawValue(record.Json.Span);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
