using System.IO.Compression;
using System.Text.Json;
using DataHealth.Core.Audit;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>Writes everything that is held about a client: a zip of JSON Lines, one file a place (<see cref="IClientTrace.Name"/>), in memory that does not grow with the client. No secrets.</summary>
public sealed class ExportClient(IEnumerable<IClientTrace> traces, IClientDeparture departure, AuditTrail audit)
{
    /// <summary>The last file of an export that is whole: how many lines each of the others has.</summary>
    public const string Manifest = "complete.json";

    private static readonly byte[] LineEnd = [(byte)'\n'];

    /// <summary>Notes that a member takes it out.</summary>
    /// <exception cref="UnauthorizedAccessException">The member may not export.</exception>
    public async Task BeginAsync(Actor actor, Client client)
    {
        actor.Demand(Permissions.ExportData);
        await audit.RecordAsync(actor, AuditAction.ClientExported, client.Id);
    }

    /// <summary>Writes it.</summary>
    /// <param name="client">Of whom; the caller has asked whether the member may.</param>
    /// <param name="into">Need not seek.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public async Task WriteAsync(Client client, Stream into, CancellationToken cancellationToken)
    {
        var scope = await departure.ReadScopeAsync(client.Id, client.Practice, cancellationToken);
        var asynchronously = new AsyncWrites(into);
        await using (var zip = await ZipArchive.CreateAsync(asynchronously, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
            await WriteAsync(scope, zip, cancellationToken);
        await asynchronously.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(ClientScope scope, ZipArchive zip, CancellationToken cancellationToken)
    {
        SortedDictionary<string, long> lines = new(StringComparer.Ordinal);
        foreach (var place in traces.GroupBy(trace => trace.Name, StringComparer.Ordinal))
        {
            Stream? file = null;
            try
            {
                foreach (var trace in place)
                {
                    await foreach (var line in trace.ExportAsync(scope, cancellationToken))
                    {
                        file ??= await zip.CreateEntry($"{place.Key}.jsonl", CompressionLevel.Fastest).OpenAsync(cancellationToken);
                        await file.WriteAsync(line, cancellationToken);
                        await file.WriteAsync(LineEnd, cancellationToken);
                        lines[place.Key] = lines.GetValueOrDefault(place.Key) + 1;
                    }
                }
            }
            finally
            {
                if (file is not null)
                    await file.DisposeAsync();
            }
        }
        await using var manifest = await zip.CreateEntry(Manifest).OpenAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(manifest, lines, ExportJson.Default.SortedDictionaryStringInt64, cancellationToken);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(SortedDictionary<string, long>))]
internal sealed partial class ExportJson : System.Text.Json.Serialization.JsonSerializerContext;
