using Azure.Data.Tables;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Sync;

/// <summary>The work of one slice: goes on with a dataset's pass where its checkpoint stands. Here it is begun and read; how it is proven and ended stands beside it.</summary>
internal sealed partial class DatasetPass(
    TableClient ledger, IBooksReader reader, ConnectedClient connected, Dataset dataset, RunRecord run, Checkpoint checkpoint, SyncOptions options, LeftOut leftOut, TimeProvider time,
    TimeSpan maxDuration, int maxCalls, Func<SlicePlace, Task>? reached)
{
    // Where nobody says how many records there are: few for a small dataset, and enough for one that turns out to be large.
    private const int UnknownBuckets = 4;

    // Books in which a pass loses its place this often are not going to be read today.
    private const int MostRestarts = 3;
    private readonly long _began = time.GetTimestamp();
    private readonly LedgerScope _scope = new(connected.Client, dataset.Name, options.Writers, checkpoint.State.Listed);
    private LedgerWriter? _writer;
    private SeenIds? _seen;
    private int _calls;

    private DatasetState State => checkpoint.State;

    private Pass Pass => checkpoint.State.Pass!;

    private bool IsSpent => _calls >= maxCalls || time.GetElapsedTime(_began) >= maxDuration;

    private bool TracksSeen => Pass.Mode == PassMode.Full && (dataset.AbsenceMeansDeleted || Pass.IsOtherBooks) && !Pass.InsertOnly;

    // A pass that is begun anew reads the same once more.
    private DateTimeOffset? RereadSince => Pass.IsReread ? Pass.Since : null;

    // The client was reconnected to another organisation since this dataset was last read.
    private bool IsOtherBooks => State.Organisation is { } copied && copied != connected.Books.Organisation.ToString();

    public async Task<SliceOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (State.Buckets > 0)
            await OpenAsync(State, cancellationToken);
        await At(SlicePlace.Claimed);
        var planned = run.Plan.FirstOrDefault(part => part.Name == dataset.Name)?.Mode ?? PassMode.Full;
        if (IsOtherBooks || State.Pass is null || (run is { IsFromStart: true, Round: 1 } && Pass.BegunBy != run.RunId.Value) || (planned == PassMode.Full && Pass.Mode == PassMode.Incremental))
        {
            var isFull = IsOtherBooks || planned == PassMode.Full || State.NeedsFull || State.Watermark is null || !dataset.IsIncremental;
            await BeginAsync(State, isFull ? PassMode.Full : PassMode.Incremental, State.NeedsFull ? PassReason.Confirm : PassReason.Routine, false, null, cancellationToken);
        }
        // Each turn ends the slice or moves the pass on: a pass is begun anew at most once, one over changes is followed by one that reads the former's again at most, and a full pass by none.
        while (true)
        {
            var outcome = Pass.NextPage is not null ? await ReadAsync(cancellationToken) : await ConcludeAsync(cancellationToken);
            if (outcome is not null)
                return outcome;
            if (IsSpent)
                return new SliceOutcome.More();
        }
    }

    private async Task OpenAsync(DatasetState state, CancellationToken cancellationToken)
    {
        var writer = await LedgerWriter.OpenAsync(ledger, _scope, state.Buckets, state.Epoch, state.Sequence, cancellationToken);
        try
        {
            // Still ours after the partitions are: a client that is erased loses its checkpoints first, so nothing is written behind the erasure.
            await checkpoint.SaveAsync(Counted(writer.Settled, CallCost.None, 0) with { Sequence = writer.Sequence }, cancellationToken);
        }
        catch (FencedOutException)
        {
            await writer.LeaveAsync(cancellationToken);
            throw;
        }
        _writer = writer;
    }

    private async Task BeginAsync(DatasetState state, PassMode mode, PassReason reason, bool isRepeat, int? counted, CancellationToken cancellationToken, int restarts = 0, DateTimeOffset? rereadSince = null)
    {
        _seen = null;
        await checkpoint.SaveAsync(state with
        {
            Run = state.Run.With(state.Pass),
            NeedsFull = mode == PassMode.Incremental && state.NeedsFull,
            Organisation = connected.Books.Organisation.ToString(),
            Watermark = IsOtherBooks ? null : state.Watermark,
            ConfirmsLeft = mode == PassMode.Incremental || isRepeat ? state.ConfirmsLeft : reason switch { PassReason.Routine => 1, PassReason.Confirm => 0, _ => state.ConfirmsLeft },
            Pass = new Pass
            {
                Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
                Mode = mode,
                BegunBy = run.RunId.Value,
                Reason = reason,
                IsOtherBooks = IsOtherBooks || state.Pass is { IsOtherBooks: true },
                Since = mode == PassMode.Incremental ? rereadSince ?? (state.Watermark - options.WatermarkOverlap) : null,
                IsReread = rereadSince is not null,
                InsertOnly = mode == PassMode.Full && state is { Listed: 0, Sequence: 0 },
                Sequence = state.Sequence,
                IsRepeat = isRepeat,
                CountedBefore = counted,
                Restarts = restarts,
            },
        }, cancellationToken);
    }

    /// <summary>Reads on, one page ahead of what is being written. Null when all is read.</summary>
    private async Task<SliceOutcome?> ReadAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<PageOutcome>? ahead = null;
        try
        {
            while (Pass.NextPage is { } number)
            {
                if (ahead is null && IsSpent)
                    return new SliceOutcome.More();
                var outcome = await (ahead ?? CallAsync(number, Pass.Cursor, stop.Token));
                ahead = null;
                if (outcome is PageOutcome.OrderRefused refused)
                {
                    if (Pass.Restarts == MostRestarts)
                    {
                        await checkpoint.SaveAsync(State with { Pass = null }, cancellationToken);
                        return await StopAsync(new PageOutcome.Failed(refused.Fault) { Cost = refused.Cost }, cancellationToken);
                    }
                    await BeginAsync(Counted(new WriteCounts(), outcome.Cost, 0), Pass.Mode, Pass.Reason, Pass.IsRepeat, Pass.CountedBefore, cancellationToken, Pass.Restarts + 1, RereadSince);
                    continue;
                }
                if (outcome is not PageOutcome.Page page)
                    return await StopAsync(outcome, cancellationToken);
                using (page)
                {
                    if (page.NextPage <= number)
                        return await StopAsync(new PageOutcome.Failed(new ProviderFault(FaultKind.BadAnswer, $"Page {number} names {page.NextPage} as the next.")) { Cost = page.Cost }, cancellationToken);
                    if (await leftOut.PoisonOfAsync(page.Records, cancellationToken) is { } poison)
                        return await StopAsync(new PageOutcome.Failed(Fault(poison, page)) { Cost = page.Cost }, cancellationToken);
                    if (page.NextPage is { } next && !IsSpent)
                        ahead = CallAsync(next, page.Cursor, stop.Token);
                    await At(SlicePlace.PageRead);
                    await StoreAsync(page, number, cancellationToken);
                }
            }
            return null;
        }
        finally
        {
            if (ahead is not null)
            {
                await stop.CancelAsync();
                await ahead.ContinueWith(static read => (read.IsCompletedSuccessfully ? read.Result as IDisposable : null)?.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private ProviderFault Fault(SourceRecord poison, PageOutcome.Page page) =>
        new(FaultKind.BadAnswer, $"{dataset.Name}, record {poison.Id}: {poison.Unreadable}", page.CorrelationId) { RecordId = poison.Id };

    private Task<PageOutcome> CallAsync(int page, string? cursor, CancellationToken cancellationToken)
    {
        _calls++;
        return reader.ReadPageAsync(connected.Books, dataset, new PageRequest(page, Pass.Since, run.Priority) { Cursor = cursor, Flight = RunSlice.DoneBy(run) }, cancellationToken);
    }

    private async Task StoreAsync(PageOutcome.Page page, int number, CancellationToken cancellationToken)
    {
        if (_writer is null)
        {
            // The number of partitions is settled for good before any of them is touched.
            var records = page.ItemCount ?? (page.NextPage is null ? page.Records.Count : UnknownBuckets * options.RecordsPerBucket);
            await checkpoint.SaveAsync(State with { Buckets = Math.Clamp((Math.Max(records, page.Records.Count) + options.RecordsPerBucket - 1) / options.RecordsPerBucket, 1, options.MaxBuckets) }, cancellationToken);
            await OpenAsync(State, cancellationToken);
        }
        var pass = Pass;
        var window = pass.Mode == PassMode.Incremental ? State.Window : null;
        var counts = await _writer!.WriteAsync(page.Records, new PageWrite(run.RunId.Value, number, pass.InsertOnly, TracksSeen ? pass.Id : null, window), cancellationToken);
        await At(SlicePlace.PageWritten);
        await leftOut.MendAsync(page.Records, cancellationToken);
        await checkpoint.SaveAsync(Counted(counts, page.Cost, 1) with
        {
            Pass = pass with
            {
                NextPage = page.NextPage,
                Cursor = page.Cursor,
                HidesDeletions = pass.HidesDeletions || page.HidesDeletions,
                From = pass.From ?? page.ProviderTime,
                To = page.ProviderTime > pass.To ? page.ProviderTime : pass.To ?? page.ProviderTime,
                Pages = pass.Pages + 1,
                Records = pass.Records + page.Records.Count,
                LeftOut = pass.LeftOut + page.Records.Count(record => record.Unreadable is not null),
                ItemCount = page.ItemCount ?? pass.ItemCount,
                HasMoved = pass.HasMoved || (pass.ItemCount is { } before && page.ItemCount is { } after && before != after),
                Appeared = pass.Appeared + counts.Appeared,
                Entered = pass.Entered + counts.Entered,
            },
        }, cancellationToken);
        await At(SlicePlace.PageCommitted);
    }

    private DatasetState Counted(WriteCounts counts, CallCost cost, int pages) => State with
    {
        Sequence = _writer?.Sequence ?? State.Sequence,
        Held = State.Held + counts.Held,
        Listed = State.Listed + counts.Listed,
        Run = State.Run with
        {
            New = State.Run.New + counts.New,
            Changed = State.Run.Changed + counts.Changed,
            Unchanged = State.Run.Unchanged + counts.Unchanged,
            Deleted = State.Run.Deleted + counts.Deleted,
            Skipped = State.Run.Skipped + counts.Skipped,
            Calls = State.Run.Calls + cost.Calls,
            Bytes = State.Run.Bytes + cost.Bytes,
            Pages = State.Run.Pages + pages,
        },
    };

    private async Task<SliceOutcome> StopAsync(PageOutcome outcome, CancellationToken cancellationToken)
    {
        var state = Counted(new WriteCounts(), outcome.Cost, 0);
        // Saved first: who has lost the claim stops here and tells nobody that a connection is lost.
        if (outcome is PageOutcome.Failed { Fault: { Kind: FaultKind.ScopeMissing or FaultKind.UserRightMissing or FaultKind.NotInPlan } refusal } && dataset.IsOptional)
        {
            await checkpoint.SaveAsync(state with { Unavailable = refusal, DoneBy = RunSlice.DoneBy(run), NextSlowPass = time.GetUtcNow() + options.SlowPassInterval }, cancellationToken);
            return new SliceOutcome.Completed(refusal);
        }
        await checkpoint.SaveAsync(state, cancellationToken);
        return outcome switch
        {
            PageOutcome.Limited limited => new SliceOutcome.Paused(limited.Until, limited.Limit, limited.IsEstimate),
            PageOutcome.ConnectionLost lost => new SliceOutcome.ConnectionLost(lost.Fault),
            PageOutcome.Failed failed => new SliceOutcome.Failed(failed.Fault),
            _ => throw new InvalidOperationException($"Unexpected outcome {outcome.GetType().Name}."),
        };
    }

    private Task At(SlicePlace place) => reached?.Invoke(place) ?? Task.CompletedTask;
}
