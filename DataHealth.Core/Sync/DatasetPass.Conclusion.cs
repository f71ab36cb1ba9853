using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <content>All pages are read: what the pass proves, what it did not bring, and what follows.</content>
internal sealed partial class DatasetPass
{
    /// <summary>All pages are read: proves the pass, sweeps what is absent, and ends it or begins the one that follows. Null to go on.</summary>
    private async Task<SliceOutcome?> ConcludeAsync(CancellationToken cancellationToken)
    {
        if (TracksSeen)
            _seen ??= await _writer!.SeenAsync(Pass.Id, cancellationToken);
        var distinct = _seen?.Count ?? (Pass.InsertOnly ? State.Listed + Pass.LeftOut : Pass.Records);
        // One page is all there is; but into an empty copy a page that was cut short may have brought what this one did not.
        var isProven = Pass.Pages <= 1 ? !Pass.InsertOnly || distinct == Pass.Records : !Pass.HasMoved && (Pass.ItemCount is null || Pass.ItemCount == distinct);
        if (isProven && TracksSeen)
        {
            switch (await SweepAsync(cancellationToken))
            {
                case { } outcome:
                    return outcome;
                case null when Pass.SweepBucket < State.Buckets:
                    isProven = false;
                    break;
            }
        }
        if (!isProven && !Pass.IsRepeat)
        {
            await BeginAsync(State, Pass.Mode, Pass.Reason, true, Pass.CountedBefore, cancellationToken, rereadSince: RereadSince);
            return null;
        }
        await At(SlicePlace.Concluding);
        return Pass.Mode == PassMode.Full ? await EndFullAsync(isProven, cancellationToken) : await EndIncrementalAsync(isProven, cancellationToken);
    }

    /// <summary>Marks what the pass did not bring. Ends early (the bucket not reached its end) when absence is not proven; an outcome when a call was refused or the budget ended.</summary>
    private async Task<SliceOutcome?> SweepAsync(CancellationToken cancellationToken)
    {
        while (Pass.SweepBucket < State.Buckets)
        {
            var absent = new List<RecordRow>();
            int listed = 0, held = 0;
            await foreach (var row in _writer!.HeadsAsync(Pass.SweepBucket, cancellationToken))
            {
                if (_seen!.Contains(row.Id))
                {
                    listed++;
                    held += row.Deletion == Deletion.None ? 1 : 0;
                }
                else if (row.Deletion != Deletion.ByAbsence)
                {
                    absent.Add(row);
                }
            }
            if (absent.Count > 0 && Pass.Pages > 1 && !Pass.IsProven && !dataset.HasStablePages)
            {
                var (isQuiet, outcome) = await IsQuietAsync(cancellationToken);
                if (outcome is not null)
                    return outcome;
                if (!isQuiet)
                    return null;
                await checkpoint.SaveAsync(State with { Pass = Pass with { IsProven = true } }, cancellationToken);
            }
            var counts = await _writer.MarkAbsentAsync(Pass.SweepBucket, absent, run.RunId.Value, cancellationToken);
            await At(SlicePlace.BucketSwept);
            await checkpoint.SaveAsync(Counted(counts, CallCost.None, 0) with
            {
                Pass = Pass with { SweepBucket = Pass.SweepBucket + 1, SweepListed = Pass.SweepListed + listed, SweepHeld = Pass.SweepHeld + held },
            }, cancellationToken);
            if (Pass.SweepBucket < State.Buckets && IsSpent)
                return new SliceOutcome.More();
        }
        return null;
    }

    /// <summary>
    /// Nothing appeared or changed while the pass was read, so with a steady count nothing moved between its pages. Where that cannot be asked, a second pass is the proof.
    /// </summary>
    private async Task<(bool IsQuiet, SliceOutcome? Outcome)> IsQuietAsync(CancellationToken cancellationToken)
    {
        if (!dataset.IsIncremental)
            return (Pass.IsRepeat, null);
        _calls++;
        var outcome = await reader.ReadPageAsync(connected.Books, dataset, new PageRequest(1, Pass.From!.Value.AddSeconds(-1), run.Priority), cancellationToken);
        if (outcome is not PageOutcome.Page page)
            return (false, await StopAsync(outcome, cancellationToken));
        using (page)
        {
            await checkpoint.SaveAsync(Counted(new WriteCounts(), page.Cost, 0), cancellationToken);
            return (page.Records.Count == 0, null);
        }
    }

    private async Task<SliceOutcome?> EndFullAsync(bool isProven, CancellationToken cancellationToken)
    {
        var pass = Pass;
        var now = time.GetUtcNow();
        var state = State;
        if (isProven && _seen is { } seen)
            await leftOut.ForgetAbsentAsync(seen, cancellationToken);
        if (TracksSeen && isProven)
            state = state with { Listed = pass.SweepListed, Held = pass.SweepHeld };
        var calls = Math.Max(1, pass.Pages);
        var intervals = (calls + options.SlowPassCalls - 1) / options.SlowPassCalls;
        var isFirst = state.LastFullPass is null;
        await CompleteAsync(state with
        {
            Watermark = pass.From,
            LastFullPass = now,
            NextSlowPass = Next(now, options.SlowPassInterval, intervals, isFirst),
            NextCount = pass.Pages > 1 ? null : Next(now, options.DriftCountInterval, 1, isFirst),
            NeedsFull = !isProven && state.ConfirmsLeft > 0,
            Window = pass.Pages > 1 && dataset is { IsIncremental: true, HasStablePages: false } ? new PassWindow(pass.From!.Value, pass.To!.Value, pass.Sequence + 1, state.Watermark) : null,
            ProviderCount = pass.ItemCount,
            KnownDifference = isProven && pass.CountedBefore is { } counted ? counted - state.Listed : state.KnownDifference,
            Run = state.Run with { ProviderCount = pass.ItemCount ?? (pass.Pages == 1 && !dataset.IsPaged ? pass.Records : null) },
        }, TracksSeen, cancellationToken);
        return new SliceOutcome.Completed(null);
    }

    private async Task<SliceOutcome?> EndIncrementalAsync(bool isProven, CancellationToken cancellationToken)
    {
        var pass = Pass;
        var state = State with
        {
            // Not proven: the next one reaches back to the same time again. One that read the former's changes once more proves nothing newer than the one before it.
            Watermark = isProven && !pass.IsReread ? pass.From : State.Watermark,
            Window = pass.Pages > 1 && !pass.IsReread && !dataset.HasStablePages ? new PassWindow(pass.From!.Value, pass.To!.Value, pass.Sequence + 1, pass.Since, IsOfChanges: true) : null,
        };
        if (pass.Appeared > 0 && state.ConfirmsLeft > 0)
        {
            await BeginAsync(state, PassMode.Full, PassReason.Confirm, false, null, cancellationToken);
            return null;
        }
        if (pass.Entered > 0 && State.Window?.Since is { } since && since < pass.Since)
        {
            // The list moved while the pass before read it, and a deletion may have hidden that in the counts: what slipped past is among the changes of that time.
            await BeginAsync(state, PassMode.Incremental, pass.Reason, pass.IsRepeat, pass.CountedBefore, cancellationToken, rereadSince: since);
            return null;
        }
        if (pass.HidesDeletions && dataset is { IsCountable: false, AbsenceMeansDeleted: true })
        {
            await BeginAsync(state, PassMode.Full, PassReason.Drift, false, null, cancellationToken);
            return null;
        }
        if (dataset.IsCountable && (pass.HidesDeletions || pass.Reason == PassReason.Drift || state.NextCount is null || state.NextCount <= time.GetUtcNow()))
        {
            _calls++;
            var outcome = await reader.CountAsync(connected.Books, dataset, run.Priority, cancellationToken);
            if (outcome is not PageOutcome.Page page)
                return await StopAsync(outcome, cancellationToken);
            using (page)
            {
                var costs = Counted(new WriteCounts(), page.Cost, 0).Run;
                state = state with { ProviderCount = page.ItemCount, Run = costs with { ProviderCount = page.ItemCount } };
                if (page.ItemCount is { } count && count - state.Listed != state.KnownDifference)
                {
                    // A record made since the last answer explains it as well: one more incremental pass is cheaper than all.
                    await BeginAsync(state, pass.IsRepeat ? PassMode.Full : PassMode.Incremental, PassReason.Drift, !pass.IsRepeat, count, cancellationToken);
                    return null;
                }
            }
            state = state with { NextCount = Next(time.GetUtcNow(), options.DriftCountInterval, 1, false) };
        }
        await CompleteAsync(state, false, cancellationToken);
        return new SliceOutcome.Completed(null);
    }

    private async Task CompleteAsync(DatasetState state, bool hasSeen, CancellationToken cancellationToken)
    {
        var floor = state.Sequence - options.ChangeRowsKept;
        var trims = floor > state.FeedFloor + (options.ChangeRowsKept / 10);
        await checkpoint.SaveAsync(state with
        {
            Run = state.Run.With(state.Pass),
            Pass = null,
            DoneBy = RunSlice.DoneBy(run),
            CompletedAt = time.GetUtcNow(),
            Unavailable = null,
            FeedFloor = trims ? floor : state.FeedFloor,
        }, cancellationToken);
        if (trims || hasSeen)
            await _writer!.TrimAsync(State.FeedFloor, cancellationToken);
    }

    /// <summary>The next time of something slow; the first is spread over the interval by client and dataset, so that a day carries its share only.</summary>
    private DateTimeOffset Next(DateTimeOffset now, TimeSpan interval, int intervals, bool isFirst) =>
        now + ((intervals - (isFirst ? (double)(LedgerKeys.IdHash($"{connected.Client}|{dataset.Name}") % 1000) / 1000 : 0)) * interval);
}
