using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>What one dataset's slice leaves out: read once a slice, at its first page.</summary>
internal sealed class LeftOut(SkippedRecords skipped, RunEvents events, ClientId client, RunId run, Dataset dataset)
{
    private HashSet<string>? _ids;

    /// <summary>The first record of a page that cannot be read and that nobody said to leave out.</summary>
    public async Task<SourceRecord?> PoisonOfAsync(IReadOnlyList<SourceRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            if (record.Unreadable is not null && !(await IdsAsync(cancellationToken)).Contains(record.Id))
                return record;
        }
        return null;
    }

    /// <summary>Forgets those that came readable. Called when they are written and before the page is committed: a crash in between brings the page again.</summary>
    public async Task MendAsync(IReadOnlyList<SourceRecord> records, CancellationToken cancellationToken)
    {
        var ids = await IdsAsync(cancellationToken);
        if (ids.Count == 0)
            return;
        foreach (var record in records.Where(record => record.Unreadable is null && ids.Contains(record.Id)))
            await ForgetAsync(record.Id, "came readable and is copied", cancellationToken);
    }

    /// <summary>Forgets those that a proven pass over everything did not bring.</summary>
    public async Task ForgetAbsentAsync(SeenIds seen, CancellationToken cancellationToken)
    {
        foreach (var id in (await IdsAsync(cancellationToken)).Where(id => !seen.Contains(id)).ToList())
            await ForgetAsync(id, "is gone at the provider", cancellationToken);
    }

    private async Task ForgetAsync(string id, string what, CancellationToken cancellationToken)
    {
        await skipped.ReadAgainAsync(client, dataset.Name, id, cancellationToken);
        _ids!.Remove(id);
        await events.AppendAsync(client, run, "record-mended", dataset.Name, $"{dataset.Title}: record {id}, which was left out, {what}.", cancellationToken);
    }

    private async Task<HashSet<string>> IdsAsync(CancellationToken cancellationToken) =>
        _ids ??= [.. (await skipped.AllAsync(client, cancellationToken)).Where(record => record.Dataset == dataset.Name).Select(record => record.Id)];
}
