using System.Net;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Notices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Overview;

/// <summary>
/// Table <c>overview</c>, a partition for each practice: the client's own row, a copy of it in every order in which lists are read, and its notices. They change together in one
/// transaction on the ETag of the client's own row, so that no reader sees half of it and no crash leaves half of it.
/// </summary>
internal sealed class SummaryRows(AppStorage storage)
{
    /// <summary>The first column of a row; begins every key of a client's own row.</summary>
    public const string OwnPrefix = "c|";

    private const string Table = "overview";
    private const string Body = "Body";

    /// <summary>What stands for "never" in the column of the last sync, so that one comparison finds clients that were never synced, too.</summary>
    public static DateTimeOffset Never { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);

    /// <summary>Every row of a client.</summary>
    public static string OfClient(PracticeId practice, ClientId client) => TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and Client eq {client.Value}");

    /// <summary>The rows of a client that was never written.</summary>
    internal static IEnumerable<TableEntity> New(ClientSummary summary)
    {
        var columns = Columns(summary);
        return [Row(summary, OwnPrefix + summary.Client, columns), .. SummaryOrder.All.Select(order => Row(summary, order.Key(summary), columns))];
    }

    public async Task<(ClientSummary Summary, ETag ETag)?> FindAsync(PracticeId practice, ClientId client, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, OwnPrefix + client, cancellationToken: cancellationToken);
        return row.HasValue ? (Read(row.Value!), row.Value!.ETag) : null;
    }

    /// <summary>Writes a summary over the one that was read (none: the first). False when someone else wrote it meanwhile.</summary>
    public async Task<bool> TryWriteAsync(ClientSummary summary, (ClientSummary Summary, ETag ETag)? former, CancellationToken cancellationToken)
    {
        var columns = Columns(summary);
        var own = Row(summary, OwnPrefix + summary.Client, columns);
        List<TableTransactionAction> batch =
        [
            former is { ETag: var condition }
                ? new(TableTransactionActionType.UpdateReplace, own, condition)
                : new(TableTransactionActionType.Add, own),
        ];
        foreach (var order in SummaryOrder.All)
        {
            var key = order.Key(summary);
            batch.Add(new(TableTransactionActionType.UpsertReplace, Row(summary, key, columns)));
            if (former is { Summary: var before } && order.Key(before) is var old && old != key)
                batch.Add(new(TableTransactionActionType.Delete, new TableEntity(summary.Practice.Value, old), ETag.All));
        }
        batch.AddRange(NoticeRows.Changes(former?.Summary, summary));
        return await SubmitAsync(batch, cancellationToken);
    }

    /// <summary>Takes a client that is gone off all lists. False when someone else wrote it meanwhile.</summary>
    public Task<bool> TryRemoveAsync(ClientSummary summary, ETag condition, CancellationToken cancellationToken) => SubmitAsync(
        [
            new(TableTransactionActionType.Delete, new TableEntity(summary.Practice.Value, OwnPrefix + summary.Client), condition),
            .. SummaryOrder.All.Select(order => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(summary.Practice.Value, order.Key(summary)), ETag.All)),
            .. NoticeRows.Removals(summary),
        ],
        cancellationToken);

    public static string Write(ClientSummary summary) => JsonSerializer.Serialize(summary, SummaryJson.Default.ClientSummary);

    public static ClientSummary Read(TableEntity row) =>
        JsonSerializer.Deserialize(row.GetString(Body), SummaryJson.Default.ClientSummary) ?? throw new InvalidDataException("An empty summary row.");

    private async Task<bool> SubmitAsync(List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        try
        {
            await (await TableAsync(cancellationToken)).SubmitTransactionAsync(batch, cancellationToken);
            return true;
        }
        catch (RequestFailedException faster) when (faster.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    // What the table itself filters by; everything else is in the body.
    private static Dictionary<string, object?> Columns(ClientSummary summary) => new()
    {
        [Body] = Write(summary),
        ["Client"] = summary.Client.Value,
        ["State"] = summary.State.ToString(),
        ["LastSync"] = summary.LastSyncAt ?? Never,
        ["IsFailed"] = summary.IsFailed,
        ["IsPaused"] = summary.IsPaused,
        ["IsMismatch"] = summary.IsMismatch,
        ["Manager"] = summary.Manager?.Value ?? "",
        ["AuthorisedBy"] = summary.AuthorisedBy?.Value ?? "",
    };

    private static TableEntity Row(ClientSummary summary, string key, Dictionary<string, object?> columns) => new(columns) { PartitionKey = summary.Practice.Value, RowKey = key };
}
