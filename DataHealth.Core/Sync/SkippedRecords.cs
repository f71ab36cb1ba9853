using System.Net;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>
/// Records that cannot be read and that our support lets syncs leave out, so that the rest of the books is copied. Table <c>skippedrecords</c> (partition: client, row: dataset and id).
/// Each stands in the receipt of every run until it comes readable or is gone at the provider.
/// </summary>
public sealed class SkippedRecords(AppStorage storage, TimeProvider time)
{
    /// <summary>At most so many of a client: more than that is no poisoned record but a fault of ours to mend.</summary>
    public const int Most = 50;

    /// <summary>The longest reason.</summary>
    public const int LongestReason = 150;

    internal const string Table = "skippedrecords";

    /// <summary>Leaves a record out from now on. Repeated, the first reason stays.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="dataset">Of which dataset.</param>
    /// <param name="id">The provider's id of it, 1 to 150 characters.</param>
    /// <param name="reason">Why; stands in receipts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when the client has <see cref="Most"/> already.</returns>
    public async Task<bool> SkipAsync(ClientId client, string dataset, string id, string reason, CancellationToken cancellationToken)
    {
        var there = await AllAsync(client, cancellationToken);
        if (there.Any(record => record.Dataset == dataset && record.Id == id))
            return true;
        if (there.Count >= Most)
            return false;
        var row = new TableEntity(client.Value, Key(dataset, id)) { ["Dataset"] = dataset, ["Id"] = id, ["Reason"] = reason, ["Since"] = time.GetUtcNow() };
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(row, TableUpdateMode.Replace, CancellationToken.None);
        return true;
    }

    /// <summary>Reads a record again that was left out; false when it was not.</summary>
    public async Task<bool> ReadAgainAsync(ClientId client, string dataset, string id, CancellationToken cancellationToken)
    {
        using var answer = await (await TableAsync(cancellationToken)).DeleteEntityAsync(client.Value, Key(dataset, id), ETag.All, CancellationToken.None);
        return answer.Status != (int)HttpStatusCode.NotFound;
    }

    /// <summary>What is left out of a client's books, by dataset and id.</summary>
    public async Task<IReadOnlyList<SkippedRecord>> AllAsync(ClientId client, CancellationToken cancellationToken)
    {
        var records = new List<SkippedRecord>();
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>($"PartitionKey eq '{client}'", cancellationToken: cancellationToken))
            records.Add(new SkippedRecord(row.GetString("Dataset"), row.GetString("Id"), row.GetString("Reason"), row.GetDateTimeOffset("Since") ?? default));
        return records;
    }

    private static string Key(string dataset, string id) => $"{dataset}|{TableKey.Escape(id)}";

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}

/// <summary>A record that syncs leave out.</summary>
/// <param name="Dataset">Of which dataset.</param>
/// <param name="Id">The provider's id of it.</param>
/// <param name="Reason">Why, in our support's words.</param>
/// <param name="Since">Since when.</param>
public sealed record SkippedRecord(string Dataset, string Id, string Reason, DateTimeOffset Since);
