using System.Runtime.CompilerServices;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Mapped;

/// <summary>One reading of what is kept: bodies are fetched and unpacked some ahead of whoever reads, so that the checks of one go on beside the reading of the next. Holds those few and what changed.</summary>
internal sealed class MappedReading : IRecordReading
{
    private const int Ahead = 3;

    private readonly MappedPass _pass;
    private readonly Dictionary<Dataset, MappedPlan> _plans;
    private readonly CancellationTokenSource _stop;
    private readonly Queue<string> _bodies;
    private readonly Queue<(string Name, Task<List<(string Id, LedgerRecord[] Records)>> Body)> _ahead = new();

    public MappedReading(MappedPass pass, IReadOnlyList<MappedPlan> order, CancellationToken cancellationToken)
    {
        _pass = pass;
        _plans = order.Distinct().ToDictionary(plan => plan.Dataset);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _bodies = new(order.SelectMany(plan => plan.Kept?.Bodies ?? []));
        Fill();
    }

    public async IAsyncEnumerable<LedgerRecord> RecordsAsync(Dataset dataset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = _plans[dataset];
        var keeping = plan.Kept is null || plan.Changed.Count > _pass.Limits.MostChanged ? _pass.Keeping(plan) : null;
        if (plan.Kept is null)
        {
            plan.IsReadWhole |= plan.State is not null;
            await foreach (var (id, records) in _pass.RowsAsync(dataset, cancellationToken))
            {
                if (keeping is not null)
                    await keeping.AddAsync(id, records, cancellationToken);
                foreach (var record in records)
                    yield return record;
            }
        }
        else
        {
            foreach (var name in plan.Kept.Bodies)
            {
                foreach (var (id, records) in await TakeAsync(name, cancellationToken))
                {
                    if (plan.Changed.ContainsKey(id))
                        continue;
                    if (keeping is not null)
                        await keeping.AddAsync(id, records, cancellationToken);
                    foreach (var record in records)
                        yield return record;
                }
            }
            foreach (var (id, records) in plan.Changed)
            {
                if (keeping is not null && records.Count > 0)
                    await keeping.AddAsync(id, records, cancellationToken);
                foreach (var record in records)
                    yield return record;
            }
        }
        if (keeping is not null)
            await keeping.EndAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Whoever stopped early has no use for them, nor for what went wrong with them.
        await ((Task)Task.WhenAll(_ahead.Select(one => one.Body))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<List<(string Id, LedgerRecord[] Records)>> TakeAsync(string name, CancellationToken cancellationToken)
    {
        if (!_ahead.TryPeek(out var next) || next.Name != name)
            return await _pass.BodyAsync(name, cancellationToken);
        _ahead.Dequeue();
        Fill();
        return await next.Body;
    }

    private void Fill()
    {
        while (_ahead.Count < Ahead && _bodies.TryDequeue(out var name))
            _ahead.Enqueue((name, Task.Run(() => _pass.BodyAsync(name, _stop.Token), _stop.Token)));
    }
}
