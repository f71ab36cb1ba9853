using DataHealth.Core.Health.Records;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Health.Mapped;

/// <summary>
/// Each client's records as the provider's mapping made them, packed: a recalculation reads them, and of the ledger only what changed since. Made of the ledger alone, so that losing it costs one whole
/// pass. Table <c>mappedbooks</c>, a partition for each client: <c>index</c> names what counts, <c>b|</c> bodies, and the fence of whoever writes. Decision 0802 has the arithmetic.
/// </summary>
public sealed partial class MappedBooks(AppStorage storage, IOptions<SyncOptions> sync, ILogger<MappedBooks> logger)
{
    internal const string Table = "mappedbooks";
    internal const string IndexKey = "index";
    internal const string Bodies = "b|";

    /// <summary>
    /// Names this build of the mapping, of the records and of the way in which they are packed: whatever of them changes, this does, and nobody has to think of it. The compiler makes it from what it
    /// compiles, so that all instances of one deployment agree.
    /// </summary>
    internal string Build { get; set; } = typeof(MappedBooks).Module.ModuleVersionId.ToString("N");

    /// <summary>How much at once.</summary>
    internal MappedLimits Limits { get; set; } = new();

    /// <summary>Takes a client's partition over from whoever writes it; null where somebody else did at the same moment or storage does not answer: then the ledger is read, and nothing is kept.</summary>
    internal async Task<MappedPass?> BeginAsync(LedgerStoreReader books, Func<HealthPlace, Task>? reached, CancellationToken cancellationToken)
    {
        try
        {
            var table = await storage.TableAsync(Table, cancellationToken);
            var partition = await FencedPartition.ClaimAsync(table, books.Client.Value, await FencedPartition.EpochAsync(table, books.Client.Value, cancellationToken) + 1, cancellationToken);
            var writer = new MappedWriter(table, partition, books.Client, Limits.BytesInBatch, reached, lost => Log.Lost(logger, lost, books.Client));
            return new MappedPass(writer, table, books, Build, Limits) { ChangeRowsKept = sync.Value.ChangeRowsKept, Reached = reached };
        }
        catch (Exception away) when (away is FencedOutException or Azure.RequestFailedException)
        {
            Log.Lost(logger, away, books.Client);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Client {Client}: the records as they are mapped are not kept this time; the next recalculation reads what it must")]
        public static partial void Lost(ILogger logger, Exception exception, ClientId client);
    }
}
