using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Health.Mapped;

/// <summary>
/// One recalculation's use of what is kept of a client's books. It decides for each dataset whether what is kept still fits, reads what changed since, serves the pass from both, and at the end writes
/// back: bodies under names of their own first, then the index that names them, on the partition's fence. Killed anywhere it leaves the index of before, whose bodies are all there.
/// </summary>
internal sealed class MappedPass : IRecordSource, IAsyncDisposable
{
    // Whoever reads waits until the dataset is followed that comes next. With many at once its requests would stand in line behind those of datasets that are needed later.
    private const int DatasetsAtOnce = 2;
    private const int LooksBetweenCounts = 200;

    private readonly MappedWriter _writer;
    private readonly TableClient _table;
    private readonly LedgerStoreReader _books;
    private readonly string _build;
    private readonly Dictionary<string, MappedPlan> _plans = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _stop;

    public MappedPass(MappedWriter writer, TableClient table, LedgerStoreReader books, string build, MappedLimits limits)
    {
        (_writer, _table, _books, _build, Limits) = (writer, table, books, build, limits);
        Books = books.From(this);
    }

    /// <summary>How much at once.</summary>
    public MappedLimits Limits { get; }

    /// <summary>How many rows of a dataset's change feed stay when a sync is complete.</summary>
    public required int ChangeRowsKept { get; init; }

    /// <summary>Called at named places; tests write there.</summary>
    public Func<HealthPlace, Task>? Reached { get; init; }

    /// <summary>The client's books, as far as possible from what is kept.</summary>
    public LedgerStoreReader Books { get; }

    /// <summary>Some of what is kept is in use: where it turns out to be damaged, <see cref="ForgetAsync"/> it and read again.</summary>
    public bool IsInUse => _plans.Values.Any(plan => plan.Kept is not null);

    /// <summary>The datasets whose rows were read as a whole so far, by name.</summary>
    public IEnumerable<string> ReadWhole => _plans.Values.Where(plan => plan.IsReadWhole).Select(plan => plan.Dataset.Name).Order(StringComparer.Ordinal);

    /// <summary>Keeps nothing after all: the client is being erased.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => _writer.LeaveAsync(cancellationToken);

    /// <summary>Looks at what is kept, and begins to read what changed since: in the order in which the pass will ask for it, so that the checks of one dataset go on beside the looking up of the next.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        // Before anything is read: what changes from now on is named by a later change of the feed.
        var states = await _books.Ledger.StatesAsync(_books.Client, cancellationToken);
        var index = await IndexAsync(cancellationToken);
        foreach (var dataset in _books.Provider.Datasets.Where(dataset => dataset.Parts.Count > 0))
        {
            var state = states.GetValueOrDefault(dataset.Name);
            var kept = index?.Datasets.FirstOrDefault(one => one.Name == dataset.Name);
            _plans[dataset.Name] = new MappedPlan(dataset, state) { Kept = kept is not null && state is not null && MappedPlan.Fits(kept, state) ? kept : null };
        }
        if (Reached is not null)
            await Reached(HealthPlace.StatesTaken);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _left.Token);
        var turns = LedgerStoreReader.InTurn(_plans.Values.Select(plan => plan.Dataset)).Select(dataset => _plans[dataset.Name]).Where(plan => plan.Kept is not null).ToList();
        for (var turn = 0; turn < turns.Count; turn++)
            turns[turn].Following = FollowAfterAsync(turn < DatasetsAtOnce ? Task.CompletedTask : turns[turn - DatasetsAtOnce].Following, turns[turn], _stop.Token);
    }

    /// <summary>From now on what is read is kept: the pass begins.</summary>
    public void Keep() => _writer.IsOpen = true;

    /// <summary>Takes nothing from what is kept any more: every dataset is read whole, and kept anew.</summary>
    public async Task ForgetAsync()
    {
        await FollowedAsync();
        foreach (var plan in _plans.Values)
        {
            plan.Forget();
            // What went wrong with looking up is no matter where the rows are read.
            plan.Following = Task.CompletedTask;
        }
    }

    /// <summary>Nobody looks anything up any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await FollowedAsync();
        _stop?.Dispose();
        _left.Dispose();
    }

    /// <inheritdoc />
    public IRecordReading Begin(IReadOnlyList<Dataset> order, CancellationToken cancellationToken) => new MappedReading(this, [.. order.Select(dataset => _plans[dataset.Name])], cancellationToken);

    /// <summary>Makes what was read count, where anything of it is new.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        await FollowedAsync();
        var (datasets, isNew) = (new List<MappedDataset>(), false);
        // One that nobody asked for and that could not be followed is read whole when somebody does.
        foreach (var plan in _plans.Values.Where(plan => plan.Following.IsCompletedSuccessfully))
        {
            if (plan.Written is null && plan.Kept is { } kept && plan.IsMoved && plan.Changed.Count <= 2 * Limits.MostChanged)
                plan.Written = plan.Describe(kept.Bodies) with { Delta = await _writer.WriteAsync(plan.Changed, cancellationToken), Changed = plan.Changed.Count };
            isNew |= plan.Written is not null;
            // One that moved on so far while no check asked for it is read whole when one does.
            if ((plan.Written ?? (plan.IsMoved ? null : plan.Kept)) is { } dataset)
                datasets.Add(dataset);
        }
        if (isNew)
            await _writer.PublishAsync(new MappedIndex { Build = _build, Provider = _books.Provider.Key, Datasets = datasets }, cancellationToken);
    }

    /// <summary>A body, for <see cref="RecordPack.Read"/>.</summary>
    /// <exception cref="DamagedBodyException">It cannot be unpacked or is gone. Damage within shows when its records are read.</exception>
    internal async Task<BorrowedBytes> BodyAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await PackedJson.BorrowAsync(_table, _books.Client, name, cancellationToken) ?? throw new DamagedBodyException($"A kept body of client {_books.Client} is gone.");
        }
        catch (InvalidDataException damaged)
        {
            throw new DamagedBodyException($"A kept body of client {_books.Client} cannot be unpacked.", damaged);
        }
    }

    /// <summary>Begins to write a dataset's bodies; null where nothing is kept of it this time.</summary>
    internal MappedBodies? Keeping(MappedPlan plan) => _writer.IsOpen && plan is { Written: null, State.Buckets: > 0 } ? new MappedBodies(_writer, plan, Limits) : null;

    /// <summary>The rows of a dataset, mapped.</summary>
    internal IAsyncEnumerable<(string Id, IReadOnlyList<LedgerRecord> Records)> RowsAsync(Dataset dataset, CancellationToken cancellationToken) => _books.RowsAsync(dataset, cancellationToken);

    // What cannot be used is as if it were not there.
    private async Task<MappedIndex?> IndexAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (_, json) in PackedJson.ReadAsync(_table, _books.Client, MappedBooks.IndexKey, cancellationToken))
            {
                var index = JsonSerializer.Deserialize(json.Span, MappedJson.Default.MappedIndex);
                return index?.Build == _build && index.Provider == _books.Provider.Key ? index : null;
            }
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidDataException)
        {
            // Of another build perhaps.
        }
        return null;
    }

    private async Task FollowedAsync() => await ((Task)Task.WhenAll(_plans.Values.Select(plan => plan.Following))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task FollowAfterAsync(Task other, MappedPlan plan, CancellationToken cancellationToken)
    {
        await other.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await FollowAsync(plan, cancellationToken);
    }

    // What changed since the bodies were written, and since what is kept of that.
    private async Task FollowAsync(MappedPlan plan, CancellationToken cancellationToken)
    {
        var (kept, state) = (plan.Kept!, plan.State!);
        // While a pass of the sync is under way rows may be written that no checkpoint counts yet, and a slice that was killed leaves them so. Whoever reads the rows sees them.
        var isStill = state.Sequence == kept.Sequence && state.Pass is null;
        if ((!isStill && state.Listed <= Limits.FewRecords) || !await IsFollowedAsync(plan, kept, state, isStill, cancellationToken))
            plan.Forget();
    }

    private async Task<bool> IsFollowedAsync(MappedPlan plan, MappedDataset kept, DatasetState state, bool isStill, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<string> ids = [];
        if (!isStill)
        {
            // The ids of rows above the checkpoint come again in the next pass, which begins at the checkpoint.
            if (await _books.Ledger.ChangedIdsAsync(_books.Client, plan.Dataset.Name, kept.Sequence, state.Pass is null ? state.Sequence : LedgerKeys.LastChange, Limits.MostChanged, cancellationToken) is not { } changed)
                return false;
            if (IsCheaperWhole(changed.Count, state) || await IsFeedCutAsync(kept, state, cancellationToken))
                return false;
            ids = changed;
        }
        try
        {
            if (kept.Delta is { } delta)
            {
                using var body = await BodyAsync(delta, cancellationToken);
                foreach (var (id, records) in RecordPack.Read(body.Bytes))
                    plan.Changed[id] = records;
            }
        }
        catch (DamagedBodyException)
        {
            return false;
        }
        // One that is not there was named by a page that was cut short before it was written.
        foreach (var id in ids)
            plan.Changed[id] = [];
        foreach (var some in ids.Chunk(LooksBetweenCounts))
        {
            foreach (var (id, records) in await _books.Ledger.FindAsync(_books.Client, state, some, stored => (stored.Id, _books.Map(plan.Dataset, stored)), cancellationToken))
                plan.Changed[id] = records;
            if (plan.Lines > Limits.MostLines)
                return false;
        }
        plan.IsMoved = state.Sequence != kept.Sequence;
        return true;
    }

    // A request brings a thousand rows of a bucket, or one record; rows that nobody asked for are read and mapped in vain.
    private bool IsCheaperWhole(int changed, DatasetState state) => state.Buckets + (state.Listed / 1000) <= changed && state.Listed <= (long)changed * Limits.RecordsPerLook;

    // A sync that ended meanwhile may have taken rows away before they were read. It leaves so many that this can only meet whoever is far behind.
    private async Task<bool> IsFeedCutAsync(MappedDataset kept, DatasetState state, CancellationToken cancellationToken) =>
        state.Sequence - kept.Sequence > ChangeRowsKept / 2 && (await _books.Ledger.StateAsync(_books.Client, state.Dataset, cancellationToken) is not { } now || now.FeedFloor > kept.Sequence);
}
