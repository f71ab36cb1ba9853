using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Mapped;

/// <summary>
/// One reading of what is kept. Bodies are fetched some ahead, and unpacked some hundred records ahead of whoever reads, so that the checks go on beside both. No more are unpacked at a time: what a collection of
/// garbage finds alive it copies, and whole bodies made it a third of a recalculation. Holds up to four bodies as bytes, these records, and what changed.
/// </summary>
internal sealed class MappedReading : IRecordReading
{
    private const int BodiesAhead = 3;
    private const int StoredAtOnce = 100;
    private const int UnpackedAhead = 3;

    private readonly MappedPass _pass;
    private readonly Dictionary<Dataset, MappedPlan> _plans;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<(string Body, (string Id, LedgerRecord[] Records)[] Stored)> _unpacked =
        Channel.CreateBounded<(string, (string, LedgerRecord[])[])>(new BoundedChannelOptions(UnpackedAhead) { SingleReader = true, SingleWriter = true });

    private readonly Task _unpacking;

    public MappedReading(MappedPass pass, IReadOnlyList<MappedPlan> order, CancellationToken cancellationToken)
    {
        _pass = pass;
        _plans = order.ToDictionary(plan => plan.Dataset);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _unpacking = Task.Run(() => UnpackAsync(order), CancellationToken.None);
    }

    public async IAsyncEnumerable<LedgerRecord> RecordsAsync(Dataset dataset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = _plans[dataset];
        await plan.Following;
        var keeping = plan.Kept is null || plan.Changed.Count > _pass.Limits.MostChanged ? _pass.Keeping(plan) : null;
        if (plan.Kept is null)
        {
            plan.IsReadWhole |= plan.State is not null;
            // One that is not whole yet may become so before it is judged: then its rows count, not these.
            var few = plan is { Few: null, State.Watermark: not null } ? new List<(string, IReadOnlyList<LedgerRecord>)>() : null;
            await foreach (var (id, records) in plan.Few?.ToAsyncEnumerable() ?? _pass.RowsAsync(dataset, cancellationToken))
            {
                few?.Add((id, records));
                if (few?.Count > _pass.Limits.FewRecords)
                    few = null;
                if (keeping is not null)
                    await keeping.AddAsync(id, records, cancellationToken);
                foreach (var record in records)
                    yield return record;
            }
            plan.Few ??= few;
        }
        else
        {
            foreach (var name in plan.Kept.Bodies)
            {
                await foreach (var stored in TakeAsync(name, cancellationToken))
                {
                    foreach (var (id, records) in stored)
                    {
                        if (plan.Changed.ContainsKey(id))
                            continue;
                        if (keeping is not null)
                            await keeping.AddAsync(id, records, cancellationToken);
                        foreach (var record in records)
                            yield return record;
                    }
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
        await _unpacking;
        _stop.Dispose();
    }

    // One body of those that come in the order of the datasets; an empty array ends a body.
    private async IAsyncEnumerable<(string Id, LedgerRecord[] Records)[]> TakeAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _unpacked.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_unpacked.Reader.TryRead(out var next))
            {
                if (next.Body != name)
                    throw new InvalidOperationException("The datasets are not asked for in the order that was said.");
                if (next.Stored.Length == 0)
                    yield break;
                yield return next.Stored;
            }
        }
        throw new InvalidOperationException("A dataset is asked for twice, or was not named.");
    }

    private async IAsyncEnumerable<string> BodiesAsync(IEnumerable<MappedPlan> order)
    {
        var stop = _stop.Token;
        foreach (var plan in order)
        {
            await plan.Following.WaitAsync(stop);
            foreach (var name in plan.Kept?.Bodies ?? [])
                yield return name;
        }
    }

    // What goes wrong comes to whoever reads, at its place; one who stopped early has no use for it.
    private async Task UnpackAsync(IReadOnlyList<MappedPlan> order)
    {
        var ahead = new Queue<(string Name, Task<BorrowedBytes> Body)>();
        Exception? failure = null;
        try
        {
            // Never disposed of: it holds nothing, and where something fails it may still be waiting.
            var names = BodiesAsync(order).GetAsyncEnumerator();
            Task<bool>? isThereMore = null;
            while (true)
            {
                // A dataset whose changes are still looked up, or cannot be, holds back no body that is here.
                while (ahead.Count < BodiesAhead)
                {
                    isThereMore ??= names.MoveNextAsync().AsTask();
                    if ((ahead.Count > 0 && !isThereMore.IsCompletedSuccessfully) || !await isThereMore)
                        break;
                    var next = names.Current;
                    ahead.Enqueue((next, Task.Run(() => _pass.BodyAsync(next, _stop.Token), _stop.Token)));
                    isThereMore = null;
                }
                if (!ahead.TryDequeue(out var first))
                    break;
                using var body = await first.Body;
                foreach (var stored in RecordPack.Read(body.Bytes).Chunk(StoredAtOnce))
                    await _unpacked.Writer.WriteAsync((first.Name, stored), _stop.Token);
                await _unpacked.Writer.WriteAsync((first.Name, []), _stop.Token);
            }
        }
        catch (Exception wrong)
        {
            failure = wrong;
            await _stop.CancelAsync();
        }
        await ((Task)Task.WhenAll(ahead.Select(one => one.Body))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _unpacked.Writer.Complete(failure);
    }
}
