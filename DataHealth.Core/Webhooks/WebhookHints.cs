using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Connections;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Webhooks;

/// <summary>
/// Hints that nobody has acted on yet: one row an organisation and kind, however often it is told. Repeated or out of order, a hint says the same. Posts that come at the same
/// moment share one write, and none is answered before a write that began after it: a thousand in a second cost a few writes, and lose none.
/// </summary>
public sealed class WebhookHints(AppStorage storage, TimeProvider time)
{
    internal const string Table = "webhookhints";

    // A write that hangs must not hang the posts that joined it for longer than the provider waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly Dictionary<OrganisationId, Writer> _writers = [];

    /// <summary>Keeps hints. When it returns they are stored.</summary>
    /// <exception cref="RequestFailedException">Our storage refused or did not answer.</exception>
    public Task AddAsync(IEnumerable<ChangeHint> hints, CancellationToken cancellationToken) =>
        Task.WhenAll(hints.GroupBy(hint => hint.Organisation, hint => hint.Kind).Select(group => Join(group.Key, group))).WaitAsync(cancellationToken);

    /// <summary>What is to be acted on, organisation by organisation. Reads pending rows only, page by page.</summary>
    public async IAsyncEnumerable<PendingHints> PendingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        List<TableEntity> rows = [];
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            if (rows.Count > 0 && rows[0].PartitionKey != row.PartitionKey)
            {
                yield return new PendingHints(rows);
                rows = [];
            }
            rows.Add(row);
        }
        if (rows.Count > 0)
            yield return new PendingHints(rows);
    }

    /// <summary>Takes away what was acted on. A hint that came since stays: it may tell of something newer.</summary>
    public async Task RemoveAsync(PendingHints pending, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        foreach (var row in pending.Rows)
        {
            try
            {
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
            }
            catch (RequestFailedException written) when (written.Status == (int)HttpStatusCode.PreconditionFailed)
            {
                // Told again meanwhile.
            }
        }
    }

    private Task Join(OrganisationId organisation, IEnumerable<string> kinds)
    {
        lock (_gate)
        {
            var isFirst = !_writers.TryGetValue(organisation, out var writer);
            if (isFirst)
                _writers[organisation] = writer = new Writer();
            writer!.Next.Kinds.UnionWith(kinds);
            var stored = writer.Next.Stored.Task;
            if (isFirst)
                _ = WriteAsync(organisation, writer);
            return stored;
        }
    }

    // Never throws: each batch's end is told to those who wait for it.
    private async Task WriteAsync(OrganisationId organisation, Writer writer)
    {
        await Task.Yield();
        while (true)
        {
            Batch batch;
            lock (_gate)
            {
                batch = writer.Next;
                if (batch.Kinds.Count == 0)
                {
                    _writers.Remove(organisation);
                    return;
                }
                writer.Next = new Batch();
            }
            try
            {
                using var patience = new CancellationTokenSource(Patience, time);
                await StoreAsync(organisation, batch.Kinds, patience.Token);
                batch.Stored.SetResult();
            }
            catch (OperationCanceledException)
            {
                batch.Stored.SetException(new RequestFailedException("Our storage did not answer in time."));
            }
            catch (Exception exception)
            {
                batch.Stored.SetException(exception);
            }
        }
    }

    private async Task StoreAsync(OrganisationId organisation, IEnumerable<string> kinds, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var seen = time.GetUtcNow();
        await table.SubmitTransactionAsync(
            kinds.Select(kind => new TableTransactionAction(
                TableTransactionActionType.UpsertReplace,
                new TableEntity(StorageKeys.Of(organisation), kind) { ["Provider"] = organisation.Provider, ["Organisation"] = organisation.Id, ["SeenAt"] = seen })),
            cancellationToken);
    }

    private sealed class Writer
    {
        public Batch Next { get; set; } = new();
    }

    private sealed class Batch
    {
        public HashSet<string> Kinds { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The hints of one organisation, as they were read.</summary>
public sealed class PendingHints
{
    internal PendingHints(IReadOnlyList<TableEntity> rows)
    {
        Rows = rows;
        Organisation = new OrganisationId(rows[0].GetString("Provider"), rows[0].GetString("Organisation"));
        SeenAt = rows.Max(row => row.GetDateTimeOffset("SeenAt")) ?? default;
    }

    /// <summary>Whose books changed.</summary>
    public OrganisationId Organisation { get; }

    /// <summary>When we were last told.</summary>
    public DateTimeOffset SeenAt { get; }

    /// <summary>What changed.</summary>
    public IEnumerable<string> Kinds => Rows.Select(row => row.RowKey);

    internal IReadOnlyList<TableEntity> Rows { get; }
}
