using System.IO.Compression;
using System.Text.Json;
using DataHealth.Core.Audit;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>
/// Writes everything that is held about a client: a zip of JSON Lines, one file a place (<see cref="IClientTrace.Name"/>), in memory that does not grow with the client, with a page in front
/// that says what is what. No secrets.
/// </summary>
public sealed class ExportClient(IEnumerable<IClientTrace> traces, IClientDeparture departure, AuditTrail audit, TimeProvider time)
{
    /// <summary>The last file of an export that is whole: how many lines each of the others has.</summary>
    public const string Manifest = "complete.json";

    /// <summary>The first file: what the others are, in words.</summary>
    public const string ReadMe = "README.txt";

    private static readonly byte[] LineEnd = [(byte)'\n'];

    private const string AuditFile = "audit";

    /// <summary>Notes that a member takes it out.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of whom; the caller has asked whether the member may see it.</param>
    /// <param name="cancellationToken">Cancels before the note of it.</param>
    /// <returns>Where to look.</returns>
    /// <exception cref="UnauthorizedAccessException">The member may not export.</exception>
    public async Task<ClientScope> BeginAsync(Actor actor, Client client, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ExportData);
        var scope = await departure.ReadScopeAsync(client.Id, client.Practice, cancellationToken);
        await audit.RecordAsync(actor, AuditAction.ClientExported, client.Id);
        return scope;
    }

    /// <summary>Writes it.</summary>
    /// <param name="scope">From <see cref="BeginAsync"/>.</param>
    /// <param name="into">Need not seek.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public async Task WriteAsync(ClientScope scope, Stream into, CancellationToken cancellationToken)
    {
        var asynchronously = new AsyncWrites(into);
        await using (var zip = await ZipArchive.CreateAsync(asynchronously, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
            await WriteAsync(scope, zip, cancellationToken);
        await asynchronously.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(ClientScope scope, ZipArchive zip, CancellationToken cancellationToken)
    {
        SortedDictionary<string, long> lines = new(StringComparer.Ordinal);
        await using (var page = new StreamWriter(await zip.CreateEntry(ReadMe).OpenAsync(cancellationToken)))
            await page.WriteAsync(ExportWords.Page(scope.Client, time.GetUtcNow()).AsMemory(), cancellationToken);
        foreach (var place in traces.GroupBy(trace => trace.Name, StringComparer.Ordinal))
        {
            var items = place.ToAsyncEnumerable().SelectMany(trace => trace.IsVerbatim
                ? trace.ExportAsync(scope, cancellationToken)
                : trace.ExportAsync(scope, cancellationToken).Select(line => RowJson.Write(line)));
            await FileAsync(zip, place.Key, items, lines, cancellationToken);
        }
        // No trace, since it outlives the client; but what people did with it is held about it.
        await FileAsync(
            zip, AuditFile, audit.ReadAsync(scope.Practice, scope.Client, cancellationToken).Select(entry => RowJson.Write((ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(entry, ExportJson.Default.AuditEntry))),
            lines, cancellationToken);
        await using var manifest = await zip.CreateEntry(Manifest).OpenAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(manifest, lines, ExportJson.Default.SortedDictionaryStringInt64, cancellationToken);
    }

    // A place that holds nothing makes no file.
    private static async Task FileAsync(ZipArchive zip, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> items, SortedDictionary<string, long> lines, CancellationToken cancellationToken)
    {
        Stream? file = null;
        try
        {
            await foreach (var item in items)
            {
                file ??= await zip.CreateEntry($"{name}.jsonl", CompressionLevel.Fastest).OpenAsync(cancellationToken);
                await file.WriteAsync(item, cancellationToken);
                await file.WriteAsync(LineEnd, cancellationToken);
                lines[name] = lines.GetValueOrDefault(name) + 1;
            }
        }
        finally
        {
            if (file is not null)
                await file.DisposeAsync();
        }
    }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(AuditEntry))]
[System.Text.Json.Serialization.JsonSerializable(typeof(SortedDictionary<string, long>))]
internal sealed partial class ExportJson : System.Text.Json.Serialization.JsonSerializerContext;
