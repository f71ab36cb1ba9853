using System.Diagnostics;
using System.Text.Json;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>Carries out a slice: pages of one dataset until it is done or its budget ends.</summary>
public sealed partial class RunSlice(
    AppStorage storage, IConnectedBooks connections, ProviderCatalog providers, IOptions<SyncOptions> options, SkippedRecords skipped, TimeProvider time, ILogger<RunSlice> logger)
{
    private readonly RunRows _rows = new(storage, time);
    private readonly RunEvents _events = new(storage, time);
    private readonly Checkpoints _checkpoints = new(storage, time);

    /// <summary>Called at named places between the writes of a page; tests crash or freeze there.</summary>
    internal Func<SlicePlace, Task>? Reached { get; set; }

    /// <summary>Runs it. Expected ends are outcomes; storage failures throw and leave the checkpoint where it was.</summary>
    public async Task<SliceOutcome> ExecuteAsync(SliceRequest request, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new RunScope(request.ClientId, request.RunId));
        using var span = Tracing.Step("sync.slice", request.ClientId, request.RunId)?.SetTag(TagName.Dataset, request.Dataset);
        var outcome = await FencedAsync(request, span, cancellationToken);
        span?.SetTag(TagName.Outcome, TagWord(outcome));
        if (outcome is SliceOutcome.Failed or SliceOutcome.ConnectionLost)
            span.Fail(TagWord(outcome));
        return outcome;
    }

    private static string TagWord(SliceOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.GetType().Name);

    private async Task<SliceOutcome> FencedAsync(SliceRequest request, Activity? span, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await RunAsync(request, span, cancellationToken);
            Log.Ended(logger, request.ClientId, request.RunId, request.Dataset, outcome.GetType().Name);
            return outcome;
        }
        catch (FencedOutException)
        {
            // A second execution of the same slice (a redelivered message) may have taken over: then the run goes on, and one of the two carries it.
            var isCurrent = await IsCurrentAsync(request, cancellationToken);
            Log.Overtaken(logger, request.ClientId, request.RunId, request.Dataset, isCurrent);
            return isCurrent ? new SliceOutcome.More() : new SliceOutcome.Superseded();
        }
    }

    private async Task<SliceOutcome> RunAsync(SliceRequest request, Activity? span, CancellationToken cancellationToken)
    {
        if (await _rows.CurrentAsync(request.ClientId, cancellationToken) is not { } current || current.Run.RunId != request.RunId || current.Run.State == RunState.Finished)
            return new SliceOutcome.Superseded();
        if (await connections.FindAsync(request.ClientId, cancellationToken) is not { } connected)
            return new SliceOutcome.ConnectionLost(new ProviderFault(FaultKind.ConnectionEnded, "The client has no live connection."));
        var provider = providers.Get(connected.Books.Organisation.Provider);
        if (provider.Datasets.FirstOrDefault(dataset => dataset.Name == request.Dataset) is not { } dataset)
            return new SliceOutcome.Completed(null);

        var run = current.Run;
        span?.SetTag(TagName.Provider, provider.Key).LinkTo(run.TraceParent);
        var checkpoint = await _checkpoints.ClaimAsync(request.ClientId, dataset.Name, run, cancellationToken);
        // Only now: a run that was ended between the two looks, because its client is being deleted, must leave nothing behind.
        if (!await IsCurrentAsync(request, cancellationToken))
        {
            await checkpoint.UndoAsync(cancellationToken);
            return new SliceOutcome.Superseded();
        }
        if (checkpoint.State.DoneBy == DoneBy(run))
            return new SliceOutcome.Completed(checkpoint.State.Unavailable);

        var pass = new DatasetPass(
            await storage.TableAsync(Ledger.LedgerKeys.Table, cancellationToken), provider.Books, connected, dataset, run, checkpoint, options.Value, new LeftOut(skipped, _events, request.ClientId, run.RunId, dataset), time,
            request.MaxDuration ?? options.Value.SliceDuration, request.MaxCalls ?? options.Value.SliceCalls, Reached);
        var before = checkpoint.State.Run;
        var outcome = await pass.RunAsync(cancellationToken);
        var counts = checkpoint.State.Run;
        span?.SetTag(TagName.Calls, counts.Calls - before.Calls).SetTag(TagName.Bytes, counts.Bytes - before.Bytes);
        if (outcome is SliceOutcome.Failed or SliceOutcome.Completed && !await IsCurrentAsync(request, cancellationToken))
            return new SliceOutcome.Superseded();
        switch (outcome)
        {
            case SliceOutcome.ConnectionLost lost:
                await connections.LostAsync(request.ClientId, connected.Books, lost.Fault, cancellationToken);
                // Somebody took the connection over while this slice read by the former access: the books are the same, and the next slice reads by the new one.
                if (await connections.FindAsync(request.ClientId, cancellationToken) is { Books: var now } && now != connected.Books && now.Organisation == connected.Books.Organisation)
                    return new SliceOutcome.More();
                break;
            case SliceOutcome.Failed failed:
                Log.Failed(logger, request.ClientId, request.RunId, dataset.Name, failed.Fault.Kind, failed.Fault.Technical, failed.Fault.CorrelationId);
                await _events.AppendAsync(request.ClientId, request.RunId, "failed", dataset.Name, FaultWords.For(failed.Fault.Kind, provider.Name).Title, cancellationToken);
                break;
            case SliceOutcome.Completed { Unavailable: { } fault }:
                await _events.AppendAsync(request.ClientId, request.RunId, "dataset-unavailable", dataset.Name, FaultWords.For(fault.Kind, provider.Name).Title, cancellationToken);
                break;
            case SliceOutcome.Completed:
                await _events.AppendAsync(request.ClientId, request.RunId, "dataset-completed", dataset.Name,
                    $"{dataset.Title}: {counts.New} new, {counts.Changed} changed, {counts.Deleted} deleted, {checkpoint.State.Held} held; {counts.Calls} call{(counts.Calls == 1 ? "" : "s")}.", cancellationToken);
                break;
        }
        return outcome;
    }

    /// <summary>A run's round, as a dataset notes who completed it.</summary>
    internal static string DoneBy(RunRecord run) => $"{run.RunId}#{run.Round}";

    /// <summary>Whether any round of the run completed the dataset.</summary>
    internal static bool IsDoneBy(RunRecord run, DatasetState state) => state.DoneBy?.StartsWith($"{run.RunId}#", StringComparison.Ordinal) == true;

    private async Task<bool> IsCurrentAsync(SliceRequest request, CancellationToken cancellationToken) =>
        await _rows.CurrentAsync(request.ClientId, cancellationToken) is { } current && current.Run.RunId == request.RunId && current.Run.State != RunState.Finished;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Client {Client}, run {Run}: slice of {Dataset} ended as {Outcome}")]
        public static partial void Ended(ILogger logger, ClientId client, RunId run, string dataset, string outcome);

        [LoggerMessage(LogLevel.Warning, "Client {Client}, run {Run}: another writer took {Dataset} over; the run is still current: {IsCurrent}")]
        public static partial void Overtaken(ILogger logger, ClientId client, RunId run, string dataset, bool isCurrent);

        [LoggerMessage(LogLevel.Warning, "Client {Client}, run {Run}: {Dataset} failed with {Kind}: {Technical} (correlation {CorrelationId})")]
        public static partial void Failed(ILogger logger, ClientId client, RunId run, string dataset, FaultKind kind, string technical, string? correlationId);
    }
}

/// <summary>Places between the writes of a page.</summary>
internal enum SlicePlace
{
    /// <summary>The dataset is claimed, nothing read.</summary>
    Claimed,

    /// <summary>A page has arrived, nothing of it is written.</summary>
    PageRead,

    /// <summary>Its records are written, its checkpoint is not.</summary>
    PageWritten,

    /// <summary>Its checkpoint is written.</summary>
    PageCommitted,

    /// <summary>A bucket was swept and marked, not committed.</summary>
    BucketSwept,

    /// <summary>All is read and swept; the pass is not yet concluded.</summary>
    Concluding,
}
