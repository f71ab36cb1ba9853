using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.Records;

/// <summary>
/// What people noted on findings: a row for each, written together with the stamp row on its ETag. The stamp is there from the first recalculation on and goes with the client, so nothing is noted of a
/// client that is gone; and whoever has read notes under a stamp need not read them again.
/// </summary>
public sealed class NoteStore(AppStorage storage)
{
    private const int RowsInBatch = 99;
    private const int MostTries = 50;

    // Notes that a process keeps, about 300 bytes each.
    private const int MostKept = 100_000;
    private readonly ConcurrentDictionary<ClientId, FindingNotes> _recent = new();

    /// <summary>All notes of a client: one request where they have not changed since they were last read.</summary>
    public async Task<FindingNotes> AllAsync(ClientId client, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        if (await StampAsync(table, client, cancellationToken) is not { } stamp)
            return new FindingNotes(null, new Dictionary<string, Dismissal>(), new Dictionary<string, FindingLabel>());
        // The stamp is read first: notes that come while the others are read have a later one, and are read again.
        if (_recent.TryGetValue(client, out var known) && known.Stamp == stamp.GetString("Body"))
            return known;
        var (dismissals, labels) = (new Dictionary<string, Dismissal>(StringComparer.Ordinal), new Dictionary<string, FindingLabel>(StringComparer.Ordinal));
        await foreach (var row in table.QueryAsync<TableEntity>(HealthKeys.Range(client, "n|"), cancellationToken: cancellationToken))
        {
            if (row.RowKey.StartsWith(HealthKeys.Dismissals, StringComparison.Ordinal) && JsonSerializer.Deserialize(row.GetString("Body"), HealthJson.Default.Dismissal) is { } dismissal)
                dismissals[dismissal.Finding] = dismissal;
            else if (row.RowKey.StartsWith(HealthKeys.Labels, StringComparison.Ordinal) && JsonSerializer.Deserialize(row.GetString("Body"), HealthJson.Default.FindingLabel) is { } label)
                labels[label.Finding] = label;
        }
        var notes = new FindingNotes(stamp.GetString("Body"), dismissals, labels);
        if (_recent.Values.Sum(kept => 1 + kept.Dismissals.Count + kept.Labels.Count) + dismissals.Count + labels.Count > MostKept)
            _recent.Clear();
        return _recent[client] = notes;
    }

    /// <summary>Writes dismissals over those that are there.</summary>
    /// <returns>False when the client has no findings (any more).</returns>
    internal Task<bool> DismissAsync(ClientId client, IEnumerable<Dismissal> dismissals, CancellationToken cancellationToken) => WriteAsync(
        client,
        dismissals.Select(dismissal => new TableTransactionAction(
            TableTransactionActionType.UpsertReplace, new TableEntity(client.Value, HealthKeys.Dismissals + dismissal.Finding) { ["Body"] = JsonSerializer.Serialize(dismissal, HealthJson.Default.Dismissal) })),
        cancellationToken);

    /// <summary>Takes dismissals away. Those that are gone already are no fault.</summary>
    internal async Task<bool> RestoreAsync(ClientId client, IReadOnlyCollection<string> findings, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var there = (await AllAsync(client, cancellationToken)).Dismissals;
            try
            {
                return await WriteAsync(
                    client, findings.Where(there.ContainsKey).Select(id => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(client.Value, HealthKeys.Dismissals + id), ETag.All)), cancellationToken);
            }
            catch (TableTransactionFailedException gone) when (gone.Status is 404 && attempt < MostTries)
            {
                // Somebody else restored one of them meanwhile; the stamp has moved on, and the next look knows.
            }
        }
    }

    /// <summary>Changes a finding's label: read and written on one stamp, so that of two changes at once neither is lost.</summary>
    /// <returns>Null when the client has no findings (any more).</returns>
    internal async Task<FindingLabel?> LabelAsync(ClientId client, string finding, Func<FindingLabel, FindingLabel> change, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (await StampAsync(table, client, cancellationToken) is not { } stamp)
                return null;
            var held = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, HealthKeys.Labels + finding, cancellationToken: cancellationToken);
            var label = change((held.HasValue ? JsonSerializer.Deserialize(held.Value!.GetString("Body"), HealthJson.Default.FindingLabel) : null) ?? new FindingLabel(finding, [], null));
            var row = new TableEntity(client.Value, HealthKeys.Labels + finding) { ["Body"] = JsonSerializer.Serialize(label, HealthJson.Default.FindingLabel) };
            try
            {
                await table.SubmitTransactionAsync(
                    [new TableTransactionAction(TableTransactionActionType.UpdateReplace, NewStamp(client), stamp.ETag), new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)], cancellationToken);
                return label;
            }
            catch (RequestFailedException faster) when (faster.Status is 412 && attempt < MostTries)
            {
                // Somebody else noted something at the same moment.
            }
        }
    }

    internal static TableEntity NewStamp(ClientId client) => new(client.Value, HealthKeys.Stamp) { ["Body"] = Guid.NewGuid().ToString("N") };

    private async Task<bool> WriteAsync(ClientId client, IEnumerable<TableTransactionAction> rows, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        ETag? stamp = null;
        foreach (var batch in rows.Chunk(RowsInBatch))
        {
            stamp = await SubmitAsync(table, client, batch, stamp, cancellationToken);
            if (stamp is null)
                return false;
        }
        return true;
    }

    // Gives the stamp as it was left, for the next batch; null when there is none (any more).
    private static async Task<ETag?> SubmitAsync(TableClient table, ClientId client, TableTransactionAction[] rows, ETag? stamp, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            stamp ??= (await StampAsync(table, client, cancellationToken))?.ETag;
            if (stamp is not { } condition)
                return null;
            try
            {
                var answers = await table.SubmitTransactionAsync([new TableTransactionAction(TableTransactionActionType.UpdateReplace, NewStamp(client), condition), .. rows], cancellationToken);
                return answers.Value[0].Headers.ETag;
            }
            catch (RequestFailedException faster) when (faster.Status is 412 && attempt < MostTries)
            {
                // Somebody else noted something at the same moment.
                stamp = null;
            }
        }
    }

    private static async Task<TableEntity?> StampAsync(TableClient table, ClientId client, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(client.Value, HealthKeys.Stamp, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(HealthKeys.Table, cancellationToken);
}
