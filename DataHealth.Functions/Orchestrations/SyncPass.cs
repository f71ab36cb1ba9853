using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Activities;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>Why a pass stopped.</summary>
internal abstract record PassEnd
{
    private PassEnd()
    {
    }

    /// <summary>Nothing is left to read, or nothing more can be.</summary>
    public sealed record Over : PassEnd;

    /// <summary>A limit forbids calls until then.</summary>
    public sealed record Paused(DateTimeOffset Until, LimitKind Limit, bool IsEstimate) : PassEnd;

    /// <summary>A newer run has the client.</summary>
    public sealed record Superseded : PassEnd;

    /// <summary>The orchestration's history is long enough: go on in a new generation.</summary>
    public sealed record HistoryFull : PassEnd;
}

/// <summary>Reads the open datasets of a round, several side by side, until they are done or something stops all of them. Part of the orchestrator: deterministic.</summary>
internal sealed class SyncPass(TaskOrchestrationContext context, SyncRunInput input, SyncRound round) : IDisposable
{
    private const int MaxStepsInOneHistory = 150;

    // By default after half a minute, two, eight: what is not over then is tried again by the schedule.
    private const int MaxAttempts = 4;

    private readonly List<string> _open = [.. round.Open];
    private readonly Dictionary<string, SliceResult> _results = round.Results.ToDictionary(result => result.Dataset);
    private readonly Dictionary<string, int> _attempts = new(round.Attempts);
    private readonly CancellationTokenSource _stopping = new();
    private PassEnd? _end;

    /// <summary>Slices that ended in this generation.</summary>
    public int Steps { get; private set; }

    /// <summary>The round as it stands.</summary>
    public SyncRound Round => new(_open, round.SideBySide, [.. _results.Values], _attempts) { RetryDelay = round.RetryDelay };

    public async Task<PassEnd> ReadAsync()
    {
        List<Task<SliceResult?>> running = [];
        LinkedList<string> waiting = new(_open);
        while (true)
        {
            while (_end is null && running.Count < round.SideBySide && waiting.First is { } next)
            {
                waiting.RemoveFirst();
                running.Add(SliceAsync(next.Value));
            }
            if (running.Count == 0)
                return _end ?? new PassEnd.Over();
            var first = await Task.WhenAny(running);
            running.Remove(first);
            if (await first is not { } result || !Take(result))
                continue;
            // Of an organisation that is offline no dataset can be read: the others need not find that out as well.
            if (result.Fault?.Kind is FaultKind.OrganisationOffline)
                waiting.AddFirst(result.Dataset);
            else
                waiting.AddLast(result.Dataset);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<SliceResult?> SliceAsync(string dataset)
    {
        if (_attempts.GetValueOrDefault(dataset) is > 0 and var failures)
        {
            try
            {
                await context.CreateTimer(round.RetryDelay * Math.Pow(4, failures - 1), _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
        try
        {
            return await context.CallActivityAsync<SliceResult>(
                nameof(SyncActivities.ReadSlice), new SliceInput(input.ClientId, input.RunId, dataset), ActivityRetries.OwnStorage);
        }
        catch (TaskFailedException failure)
        {
            return new SliceResult
            {
                Dataset = dataset,
                State = SliceState.Failed,
                Fault = new ProviderFault(FaultKind.OurStorage, failure.FailureDetails.ErrorType),
                IsTransient = true,
            };
        }
    }

    /// <summary>Takes a result in; true when the dataset is to be asked again in this generation.</summary>
    private bool Take(SliceResult result)
    {
        Steps++;
        switch (result.State)
        {
            case SliceState.Completed:
                Close(result);
                return false;
            case SliceState.More:
                _attempts.Remove(result.Dataset);
                if (Steps >= MaxStepsInOneHistory)
                    Stop(new PassEnd.HistoryFull());
                return true;
            case SliceState.Paused:
                _attempts.Remove(result.Dataset);
                Stop(Later(_end, new PassEnd.Paused(result.Until ?? context.CurrentUtcDateTime.AddMinutes(1), result.Limit ?? LimitKind.Unknown, result.IsEstimate)));
                return true;
            case SliceState.Failed when result.IsTransient && _attempts.GetValueOrDefault(result.Dataset) < MaxAttempts - 1:
                _attempts[result.Dataset] = _attempts.GetValueOrDefault(result.Dataset) + 1;
                return true;
            case SliceState.Failed:
                Close(result);
                // No dataset can be read without our app's credentials, and none of an organisation that is offline and has stayed so, or whose subscription has lapsed.
                if (result.Fault?.Kind is FaultKind.ClientCredentialsWrong or FaultKind.NotConfigured or FaultKind.OrganisationOffline or FaultKind.SubscriptionLapsed)
                    Stop(new PassEnd.Over());
                return false;
            case SliceState.ConnectionLost:
                Close(result);
                Stop(new PassEnd.Over());
                return false;
            case SliceState.Superseded:
                Stop(new PassEnd.Superseded());
                return false;
            default:
                throw new InvalidOperationException($"{result.State} is not an outcome of a slice.");
        }
    }

    private void Close(SliceResult result)
    {
        _open.Remove(result.Dataset);
        _attempts.Remove(result.Dataset);
        _results[result.Dataset] = result;
    }

    private void Stop(PassEnd end)
    {
        _end = Weightier(_end, end);
        _stopping.Cancel();
    }

    // What several slices say at the same moment: a newer run beats a dead connection beats a limit beats a long history.
    private static PassEnd Weightier(PassEnd? before, PassEnd now) => (before, now) switch
    {
        (PassEnd.Superseded, _) => before,
        (PassEnd.Over, not PassEnd.Superseded) => before,
        (PassEnd.Paused, PassEnd.HistoryFull) => before,
        _ => now,
    };

    private static PassEnd.Paused Later(PassEnd? before, PassEnd.Paused now) => before is PassEnd.Paused earlier && earlier.Until > now.Until ? earlier : now;
}
