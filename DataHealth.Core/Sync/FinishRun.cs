using System.Diagnostics;
using DataHealth.Core.Clients;
using DataHealth.Core.Costs;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Ends a run with its receipt, or sends it round once more when somebody asked meanwhile.</summary>
public sealed partial class FinishRun(
    AppStorage storage, RunStore runs, IConnectedBooks connections, ProviderCatalog providers, DueClients due, IOptions<SyncOptions> options, IClientWatch watch,
    ICostMeter costs, SkippedRecords skipped, SyncMetrics metrics, TimeProvider time, ILogger<FinishRun> logger)
{
    private const string Finished = "finished";

    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Ends it. Repeated, it answers the same.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="run">Which.</param>
    /// <param name="results">The last result of each dataset of the plan.</param>
    /// <param name="fault">What ended the run from outside the slices (the orchestration itself failed); else null.</param>
    /// <param name="health">What became of the recalculation; null where none was tried.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<FinishResult> ExecuteAsync(
        ClientId client, RunId run, IReadOnlyList<SliceResult> results, ProviderFault? fault, HealthStep? health, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new RunScope(client, run));
        var connected = await connections.FindAsync(client, cancellationToken);
        var states = await _checkpoints.AllAsync(client, cancellationToken);
        var receipt = Receipts.Of(run, states, await skipped.AllAsync(client, cancellationToken)) with { Health = health };
        // Before the run ends: told again after a crash, it counts the same.
        if (await _rows.CurrentAsync(client, cancellationToken) is { } mine && mine.Run.RunId == run)
            await costs.RecordAsync(client, mine.Run, new RunCost(receipt.Calls, receipt.Bytes), cancellationToken);
        var mark = await watch.ChangingAsync(client, cancellationToken);
        var isTold = false;
        var saved = await _rows.ChangeAsync(client, run, current =>
        {
            // Told again, after a crash before the answer: the pass that was promised is still to be made.
            isTold = fault is null && current.PlannedRound != 0 && current.Round > current.PlannedRound;
            if (isTold)
                return current;
            var (outcome, error) = Judge(current, results, fault, connected is not null, ProviderName(current, connected), states);
            // Whoever asks from now on meets either the flag still up, or a run that has ended: the row's ETag decides.
            return current.IsMoreRequested && (outcome is RunOutcome.Succeeded or RunOutcome.SucceededWithGaps)
                ? current with { IsMoreRequested = false, Round = current.Round + 1 }
                : Remember(current, outcome) with
                {
                    State = RunState.Finished,
                    Pause = null,
                    FinishedAt = time.GetUtcNow(),
                    Outcome = outcome,
                    Error = error,
                    Receipt = receipt,
                    NextDueAt = NextDue(current, outcome),
                };
        }, cancellationToken);
        await watch.ChangedAsync(mark);
        if (saved is null)
        {
            var former = await runs.FindAsync(client, run, cancellationToken);
            if (former is not { State: RunState.Finished })
                return new FinishResult(FinishState.Superseded, null);
            // Told again, after a crash that may have come before what follows an end.
            var isNewest = former.Receipt is not null && await _rows.CurrentAsync(client, cancellationToken) is { } newest && newest.Run.RunId == run;
            if (isNewest && former.Outcome is not RunOutcome.Ended && !(await _events.ReadAsync(client, run, cancellationToken)).Any(line => line.Kind == Finished))
                await FollowUpAsync(former, cancellationToken);
            return new FinishResult(FinishState.Finished, former.Outcome);
        }
        if (saved.State != RunState.Finished)
        {
            if (!isTold)
                await _events.AppendAsync(client, run, "one-more-pass", null, "Somebody asked for a sync meanwhile: one more pass.", cancellationToken);
            return new FinishResult(FinishState.OneMorePass, null);
        }
        metrics.Ended(saved);
        Show(saved);
        await FollowUpAsync(saved, cancellationToken);
        Log.Finished(logger, client, run, saved.Outcome!.Value, receipt.Calls, receipt.Bytes);
        return new FinishResult(FinishState.Finished, saved.Outcome);
    }

    // The run as one span, told when it is over: it may have taken days and several processes. It stands beside its steps, below what asked for it.
    private static void Show(RunRecord run)
    {
        if (!Tracing.Source.HasListeners() || run.FinishedAt is not { } end)
            return;
        var isKnown = ActivityContext.TryParse(run.TraceParent, null, isRemote: true, out var asked);
        var here = Activity.Current?.Context;
        using var span = Tracing.Source.StartActivity(
            "sync.run", ActivityKind.Internal, isKnown ? asked : here ?? default, links: here is { } step ? [new(step)] : null, startTime: run.RequestedAt);
        span?.SetTag(TagName.Client, run.ClientId.Value).SetTag(TagName.Run, run.RunId.Value).SetTag(TagName.Provider, run.Provider).SetTag(TagName.Trigger, TagName.Of(run.Trigger))
            .SetTag(TagName.Outcome, TagName.Of(run.Outcome!.Value)).SetTag(TagName.Calls, run.Receipt!.Calls).SetTag(TagName.Bytes, run.Receipt.Bytes);
        if (run.Error is { } error)
            span.Fail(error.Code);
        span?.SetEndTime(end.UtcDateTime);
    }

    private async Task FollowUpAsync(RunRecord run, CancellationToken cancellationToken)
    {
        if (run.NextDueAt is { } next)
            await due.SetAsync(run.ClientId, next, cancellationToken);
        else
            await due.RemoveAsync(run.ClientId, cancellationToken);
        var receipt = run.Receipt!;
        await _events.AppendAsync(run.ClientId, run.RunId, Finished, null, run.Error?.Title ?? $"Done: {receipt.Calls} calls, {receipt.Datasets.Sum(part => part.New)} new, {receipt.Datasets.Sum(part => part.Changed)} changed, {receipt.Datasets.Sum(part => part.Deleted)} deleted.", cancellationToken);
    }

    // Who has lost the connection is still told which provider it was.
    private string ProviderName(RunRecord run, ConnectedClient? connected) =>
        (connected?.Books.Organisation.Provider ?? run.Provider) is { } key ? providers.Find(key)?.Name ?? key : "the provider";

    private static (RunOutcome Outcome, RunError? Error) Judge(RunRecord run, IReadOnlyList<SliceResult> results, ProviderFault? fault, bool isConnected, string provider, IReadOnlyDictionary<string, DatasetState> states)
    {
        var lost = results.FirstOrDefault(result => result is { State: SliceState.ConnectionLost, Fault.Kind: not FaultKind.ConnectionEnded });
        if (lost is not null)
            return (RunOutcome.ConnectionLost, Words(lost.Fault!, provider, lost.Dataset));
        if (fault is not null)
            return (RunOutcome.Failed, Words(fault, provider, null));
        // Nothing went wrong with the run, and nobody has to look after it: what became of the connection is told by the connection.
        if (!isConnected)
            return (RunOutcome.Ended, Words(new ProviderFault(FaultKind.ConnectionEnded, "The client has no live connection."), provider, null));
        if (results.FirstOrDefault(result => result.State == SliceState.Failed) is { } failed)
            return (RunOutcome.Failed, Words(failed.Fault!, provider, failed.Dataset));
        var done = results.Where(result => result.State == SliceState.Completed).Select(result => result.Dataset).ToHashSet(StringComparer.Ordinal);
        if (run.PlannedRound != run.Round || run.Plan.Any(part => !done.Contains(part.Name)))
            return (RunOutcome.Failed, Words(new ProviderFault(FaultKind.RequestRefused, "The run ended before all of its plan was read."), provider, null));
        return (states.Values.Any(state => state.Unavailable is not null) ? RunOutcome.SucceededWithGaps : RunOutcome.Succeeded, null);
    }

    private static RunError Words(ProviderFault fault, string provider, string? dataset)
    {
        var words = FaultWords.For(fault.Kind, provider);
        return new RunError(words.Code, words.Title, words.Detail, words.ReconnectMends, dataset, fault.Technical, fault.CorrelationId) { RecordId = fault.RecordId };
    }

    // Handed on from run to run, so that the current run alone tells for how long there has been no good one. A lost connection is told by itself.
    private RunRecord Remember(RunRecord run, RunOutcome outcome)
    {
        var now = time.GetUtcNow();
        return outcome switch
        {
            RunOutcome.Succeeded or RunOutcome.SucceededWithGaps => run with { LastSuccessAt = now, FailingSince = null, LastFailureAt = null, FailedDays = 0 },
            RunOutcome.Failed => run with
            {
                FailingSince = run.FailingSince ?? now,
                LastFailureAt = now,
                FailedDays = run.FailedDays + (run.LastFailureAt?.UtcDateTime.Date == now.UtcDateTime.Date ? 0 : 1),
            },
            _ => run,
        };
    }

    // Anchored at the request, so that a client's hour does not creep; a run that took most of the interval counts from its end.
    private DateTimeOffset? NextDue(RunRecord run, RunOutcome outcome)
    {
        var now = time.GetUtcNow();
        var interval = options.Value.Interval;
        var anchored = run.RequestedAt + interval;
        return outcome switch
        {
            RunOutcome.Succeeded or RunOutcome.SucceededWithGaps => anchored > now + (interval / 2) ? anchored : now + interval,
            RunOutcome.Failed => now + options.Value.RetryFailedAfter,
            _ => null,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Client {Client}: run {Run} ended as {Outcome} after {Calls} calls and {Bytes} bytes")]
        public static partial void Finished(ILogger logger, ClientId client, RunId run, RunOutcome outcome, int calls, long bytes);
    }
}

/// <summary>What finishing came to.</summary>
/// <param name="State">Whether the run ended.</param>
/// <param name="Outcome">How; null when it goes round again.</param>
public sealed record FinishResult(FinishState State, RunOutcome? Outcome);

/// <summary>Whether a run ended.</summary>
public enum FinishState
{
    /// <summary>It ended.</summary>
    Finished,

    /// <summary>Plan again: somebody asked during the run.</summary>
    OneMorePass,

    /// <summary>A newer run has the client; nothing was written.</summary>
    Superseded,
}
