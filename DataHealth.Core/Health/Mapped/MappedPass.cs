using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Mapped;

/// <summary>
/// One recalculation's use of what is kept of a client's books. It decides for each dataset whether what is kept still fits, reads what changed since, serves the pass from both, and at the end writes
/// back: bodies under names of their own first, then the index that names them, on the partition's fence. Killed anywhere it leaves the index of before, whose bodies are all there.
/// </summary>
internal sealed class MappedPass : IRecordSource
{
    private const int DatasetsAtOnce = 6;

    private readonly MappedWriter _writer;
    private readonly TableClient _table;
    private readonly LedgerStoreReader _books;
    private readonly string _build;
    private readonly Dictionary<string, MappedPlan> _plans = new(StringComparer.Ordinal);

    public MappedPass(MappedWriter writer, TableClient table, LedgerStoreReader books, string build, int mostChanged)
    {
        (_writer, _table, _books, _build, MostChanged) = (writer, table, books, build, mostChanged);
        Books = books.From(this);
    }

    /// <summary>See <see cref="MappedBooks.MostChanged"/>.</summary>
    public int MostChanged { get; }

    /// <summary>The client's books, as far as possible from what is kept.</summary>
    public LedgerStoreReader Books { get; }

    /// <summary>Some of what is kept is in use: where it turns out to be damaged, <see cref="Forget"/> it and read again.</summary>
    public bool IsInUse => _plans.Values.Any(plan => plan.Kept is not null);

    /// <summary>The datasets whose rows are read as a whole, by name.</summary>
    public IEnumerable<string> ReadWhole => _plans.Values.Where(plan => plan.Kept is null && plan.State is not null).Select(plan => plan.Dataset.Name).Order(StringComparer.Ordinal);

    /// <summary>Keeps nothing after all: the client is being erased.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => _writer.LeaveAsync(cancellationToken);

    /// <summary>Looks at what is kept, and reads what changed since.</summary>
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
        await Parallel.ForEachAsync(
            _plans.Values.Where(plan => plan.Kept is not null), new ParallelOptions { MaxDegreeOfParallelism = DatasetsAtOnce, CancellationToken = cancellationToken }, async (plan, stop) => await FollowAsync(plan, stop));
    }

    /// <summary>From now on what is read is kept: the pass begins.</summary>
    public void Keep() => _writer.IsOpen = true;

    /// <summary>Takes nothing from what is kept any more: every dataset is read whole, and kept anew.</summary>
    public void Forget()
    {
        foreach (var plan in _plans.Values)
            plan.Forget();
    }

    /// <inheritdoc />
    public IRecordReading Begin(IReadOnlyList<Dataset> order, CancellationToken cancellationToken) => new MappedReading(this, [.. order.Select(dataset => _plans[dataset.Name])], cancellationToken);

    /// <summary>Makes what was read count, where anything of it is new.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var (datasets, isNew) = (new List<MappedDataset>(), false);
        foreach (var plan in _plans.Values)
        {
            if (plan.Written is null && plan.Kept is { } kept && plan.IsMoved && plan.Changed.Count <= 2 * MostChanged)
                plan.Written = plan.Describe(kept.Bodies) with { Delta = await _writer.WriteAsync(plan.Changed, cancellationToken), Changed = plan.Changed.Count };
            isNew |= plan.Written is not null;
            // One that moved on so far while no check asked for it is read whole when one does.
            if ((plan.Written ?? (plan.IsMoved ? null : plan.Kept)) is { } dataset)
                datasets.Add(dataset);
        }
        if (isNew)
            await _writer.PublishAsync(new MappedIndex { Build = _build, Provider = _books.Provider.Key, Datasets = datasets }, cancellationToken);
    }

    /// <summary>What a body holds.</summary>
    /// <exception cref="InvalidDataException">It is damaged or gone.</exception>
    internal async Task<List<(string Id, LedgerRecord[] Records)>> BodyAsync(string name, CancellationToken cancellationToken)
    {
        await foreach (var (_, body) in PackedJson.ReadAsync(_table, _books.Client, name, cancellationToken))
            return RecordPack.Read(body);
        throw new InvalidDataException($"A kept body of client {_books.Client} is gone.");
    }

    /// <summary>Begins to write a dataset's bodies; null where nothing is kept of it this time.</summary>
    internal MappedBodies? Keeping(MappedPlan plan) => _writer.IsOpen && plan is { Written: null, State.Buckets: > 0 } ? new MappedBodies(_writer, plan) : null;

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

    // What changed since the bodies were written, and since what is kept of that.
    private async Task FollowAsync(MappedPlan plan, CancellationToken cancellationToken)
    {
        var (kept, state) = (plan.Kept!, plan.State!);
        try
        {
            if (kept.Delta is { } delta)
            {
                foreach (var (id, records) in await BodyAsync(delta, cancellationToken))
                    plan.Changed[id] = records;
            }
        }
        catch (InvalidDataException)
        {
            plan.Forget();
            return;
        }
        if (state.Sequence == kept.Sequence)
            return;
        if (await _books.Ledger.ChangedIdsAsync(_books.Client, plan.Dataset.Name, kept.Sequence, state.Sequence, MostChanged, cancellationToken) is not { } ids)
        {
            plan.Forget();
            return;
        }
        // One that is not there was named by a page that was cut short before it was written.
        foreach (var id in ids)
            plan.Changed[id] = [];
        foreach (var stored in await _books.Ledger.FindAsync(_books.Client, state, ids, cancellationToken))
            plan.Changed[stored.Id] = _books.Map(plan.Dataset, stored);
        plan.IsMoved = true;
    }
}
