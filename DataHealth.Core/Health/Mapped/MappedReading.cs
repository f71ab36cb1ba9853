using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Mapped;

/// <summary>
/// One reading of what is kept. Bodies are fetched some ahead, and unpacked a few records ahead of whoever reads, so that the checks go on beside both. Unpacked are few at a time: what a collection of
/// garbage finds alive it copies, and whole bodies made it a third of a recalculation. Holds those bodies as bytes, these few records, and what changed.
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
        _plans = order.Distinct().ToDictionary(plan => plan.Dataset);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<string> bodies = [.. order.SelectMany(plan => plan.Kept?.Bodies ?? [])];
        _unpacking = Task.Run(() => UnpackAsync(bodies), CancellationToken.None);
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

    // One body of those that come in the order of the datasets; nothing is the end of each.
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
        throw new InvalidOperationException("A dataset is asked for twice.");
    }

    // What goes wrong comes to whoever reads, at its place; one who stopped early has no use for it.
    private async Task UnpackAsync(List<string> bodies)
    {
        var ahead = new Queue<Task<ReadOnlyMemory<byte>>>();
        Exception? failure = null;
        try
        {
            var fetched = 0;
            foreach (var name in bodies)
            {
                for (; fetched < bodies.Count && ahead.Count < BodiesAhead; fetched++)
                {
                    var next = bodies[fetched];
                    ahead.Enqueue(Task.Run(() => _pass.BodyAsync(next, _stop.Token), _stop.Token));
                }
                foreach (var stored in RecordPack.Read(await ahead.Dequeue()).Chunk(StoredAtOnce))
                    await _unpacked.Writer.WriteAsync((name, stored), _stop.Token);
                await _unpacked.Writer.WriteAsync((name, []), _stop.Token);
            }
        }
        catch (Exception wrong)
        {
            failure = wrong;
            await _stop.CancelAsync();
        }
        await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _unpacked.Writer.Complete(failure);
    }
}
