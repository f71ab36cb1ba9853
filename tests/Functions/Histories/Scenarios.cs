using DataHealth.Core.Health.History;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Activities;
using DataHealth.Functions.Orchestrations;

namespace DataHealth.Functions.Tests.Histories;

/// <summary>The main ways of every orchestration.</summary>
internal static class Scenarios
{
    private const string Client = "c0ffee00c0ffee00c0ffee00c0ffee00";
    private const string Run = "019cb0000000700080000000000000aa";
    private const string Deletion = "0de1e7e0000000000000000000000001";
    private static readonly ScriptedFailure Broken = new();

    public static IReadOnlyList<Scenario> All { get; } = [.. Syncs(), .. Others(), .. Deletions()];

    private static IEnumerable<Scenario> Syncs()
    {
        yield return Sync("sync", call => Slice(call, SliceState.Completed));
        yield return Sync("sync-pause", call => call switch
        {
            { Nth: 2 } => Slice(call, SliceState.More),
            { Nth: 3 } => Slice(call, SliceState.Paused) with { Limit = LimitKind.Minute, Until = new DateTimeOffset(call.Now).AddSeconds(40) },
            _ => Slice(call, SliceState.Completed),
        });
        yield return Sync("sync-long-pause", call => call.Nth == 2
            ? Slice(call, SliceState.Paused) with { Limit = LimitKind.Day, IsEstimate = true, Until = new DateTimeOffset(call.Now).AddHours(22) }
            : Slice(call, SliceState.Completed));
        yield return Sync("sync-woken", call => call.Nth == 2
            ? Slice(call, SliceState.Paused) with { Limit = LimitKind.DayReserve, Until = new DateTimeOffset(call.Now).AddHours(9) }
            : Slice(call, SliceState.Completed)) with
        { Wakes = [SyncRun.WakeEvent] };
        yield return Sync("sync-second-pass", call => Slice(call, SliceState.Completed), call => call is { Activity: nameof(SyncActivities.FinishSync), Nth: 1 }
            ? new FinishResult(FinishState.OneMorePass, null)
            : null);
        yield return Sync("sync-failed-dataset", call => call.Is(nameof(SyncActivities.ReadSlice), "contacts")
            ? Slice(call, SliceState.Failed) with { IsTransient = true, Fault = new(FaultKind.ProviderUnavailable, "503", "abc") }
            : Slice(call, SliceState.Completed));
        yield return Sync("sync-connection-lost", call => call.Nth == 2
            ? Slice(call, SliceState.ConnectionLost) with { Fault = new(FaultKind.GrantInvalid, "invalid_grant") }
            : Slice(call, SliceState.More));
        yield return Sync("sync-superseded", call => Slice(call, call.Nth == 2 ? SliceState.Superseded : SliceState.More));
        yield return Sync("sync-long", call => Slice(call, call.Nth > 160 ? SliceState.Completed : SliceState.More));
        yield return Sync("sync-storage-away", call => Slice(call, SliceState.Completed), call => call.Activity == nameof(SyncActivities.PlanSync) ? Broken : null);
        yield return Sync("sync-score-fails", call => Slice(call, SliceState.Completed), call => call.Activity == nameof(HealthActivities.Recalculate) ? Broken : null);
    }

    private static IEnumerable<Scenario> Others()
    {
        yield return new("recalculation", nameof(Recalculation), $"health-{Client}", new RecalculationInput(Client), _ => HealthStep.Recalculated);
        yield return new("recalculation-again", nameof(Recalculation), $"health-{Client}", new RecalculationInput(Client), call => call.Nth == 1 ? Broken : HealthStep.Recalculated)
        {
            RaisedMeanwhile = call => call.Nth == 2 ? "again" : null,
        };
        var pressed = new RecalculationInput(Client) { IsWish = true };
        yield return new("recalculation-wish", nameof(Recalculation), $"health-{Client}", pressed, call => call.Activity == nameof(HealthActivities.IsRecalculationAsked) ? call.Nth == 1 : HealthStep.Recalculated);
        var recompute = new HistoryRecomputationInput(Client);
        yield return new("history-recomputation", nameof(HistoryRecomputation), $"health-{Client}", recompute, call => new RecomputationProgress(call.Nth == 3 ? RecomputationStep.Over : RecomputationStep.More, false));
        // A sync works at first; a press comes during the second month, and one more at the end.
        yield return new("history-recomputation-interrupted", nameof(HistoryRecomputation), $"health-{Client}", recompute, call => call switch
        {
            { Activity: nameof(HealthActivities.Recalculate) } => HealthStep.Recalculated,
            { Nth: < 3 } => new RecomputationProgress(RecomputationStep.Wait, false),
            { Nth: 4 } => new RecomputationProgress(RecomputationStep.More, true),
            { Nth: 5 } => new RecomputationProgress(RecomputationStep.Over, true),
            _ => new RecomputationProgress(RecomputationStep.More, false),
        });
        // A sync that works all day and a recalculation that fails: over several histories, then given up.
        yield return new("history-recomputation-long", nameof(HistoryRecomputation), $"health-{Client}", recompute with { Waits = 2_790 }, call => call switch
        {
            { Activity: nameof(HealthActivities.Recalculate) } => Broken,
            { Activity: nameof(HealthActivities.GiveUpRecomputation) } => null,
            _ => new RecomputationProgress(RecomputationStep.Wait, true),
        });
        yield return new("history-recomputation-fails", nameof(HistoryRecomputation), $"health-{Client}", recompute, call => call.Activity == nameof(HealthActivities.RecomputeMonth) ? Broken : null);
        yield return new("fan-out", nameof(FanOut), FanOut.InstanceId, null, call => call switch
        {
            { Activity: nameof(DueActivities.TakeDue), Nth: 1 } => Clients(20),
            { Activity: nameof(DueActivities.TakeDue) } => Clients(3),
            { Activity: nameof(DueActivities.PostponeDue) } => DueStart.Postponed,
            _ when call.Is(nameof(DueActivities.StartDueSync), "client-07") => Broken,
            _ when call.Is(nameof(DueActivities.StartDueSync), "client-05") => DueStart.Dropped,
            _ => DueStart.Started,
        });
        yield return new("fan-out-limited", nameof(FanOut), FanOut.InstanceId, null, call => call.Activity == nameof(DueActivities.TakeDue) ? Clients(20) : DueStart.AppLimited);
        yield return new("bulk-replay", nameof(BulkReplay), BulkReplay.InstanceId("b1"), new BulkReplayRunInput("b1", 12), call => call.Nth > 3 ? 0 : 2);
        yield return new("bulk-replay-long", nameof(BulkReplay), BulkReplay.InstanceId("b2"), new BulkReplayRunInput("b2", 120), call => call.Nth > 110 ? 0 : 20);
    }

    private static IEnumerable<Scenario> Deletions()
    {
        yield return Erasure("client-erasure", call => call switch
        {
            // A run still ends, the copy takes two slices, the provider is away once, and the scan finds something left.
            { Activity: nameof(DeletionActivities.StopClient), Nth: 1 } => ClientStopState.Stopping,
            { Activity: nameof(DeletionActivities.EraseSlice), Nth: 2 } => false,
            { Activity: nameof(DeletionActivities.LeaveProvider), Nth: 1 } => false,
            { Activity: nameof(DeletionActivities.PurgeHistories), Nth: 1 } => false,
            { Activity: nameof(DeletionActivities.VerifyDeletion), Nth: 1 } => false,
            _ => null,
        });
        yield return Erasure("client-erasure-large", call => call.Is(nameof(DeletionActivities.EraseSlice)) && call.Nth is > 1 and < 105 ? false : null);
        yield return Erasure("client-erasure-nothing", call => call.Activity == nameof(DeletionActivities.StopClient) ? ClientStopState.Nothing : null);
        yield return new("practice-erasure", nameof(PracticeErasure), "practice-deletion-p1", new PracticeErasureInput("p1"), call => call switch
        {
            { Activity: nameof(PracticeDeletionActivities.DeleteNextClients) } => call.Nth <= 2 || call.Nth == 4,
            { Activity: nameof(PracticeDeletionActivities.RemovePracticeMembers) } => TimeSpan.FromSeconds(60),
            { Activity: nameof(PracticeDeletionActivities.ErasePracticeRows) } => call.Nth == 2,
            { Activity: nameof(PracticeDeletionActivities.BeginPracticeDeletion) } => true,
            _ => null,
        });
    }

    private static Scenario Sync(string name, Func<ScriptedCall, SliceResult> slice, Func<ScriptedCall, object?>? otherwise = null) => new(
        name, nameof(SyncRun), $"sync-{Client}", new SyncRunInput(Client, Run), call => otherwise?.Invoke(call) ?? call.Activity switch
        {
            nameof(SyncActivities.PlanSync) => new RunPlan(PlanState.Ready, ["accounts", "contacts", "invoices"], 2) { RetryDelay = TimeSpan.FromSeconds(30) },
            nameof(SyncActivities.ReadSlice) => slice(call),
            nameof(SyncActivities.PauseSync) or nameof(SyncActivities.ContinueSync) => true,
            nameof(HealthActivities.Recalculate) => HealthStep.Recalculated,
            _ => new FinishResult(FinishState.Finished, RunOutcome.Succeeded),
        });

    private static Scenario Erasure(string name, Func<ScriptedCall, object?> otherwise) => new(
        name, nameof(ClientErasure), $"deletion-{Deletion}", new ErasureInput(Deletion), call => otherwise(call) ?? call.Activity switch
        {
            nameof(DeletionActivities.StopClient) => ClientStopState.Stopped,
            nameof(DeletionActivities.CountTraces) or nameof(DeletionActivities.CompleteDeletion) => null,
            _ => true,
        });

    private static SliceResult Slice(ScriptedCall call, SliceState state) => new()
    {
        Dataset = ((string[])["accounts", "contacts", "invoices"]).Single(dataset => call.Input.Contains($"\"{dataset}\"", StringComparison.Ordinal)),
        State = state,
    };

    private static string[] Clients(int count) => [.. Enumerable.Range(1, count).Select(n => $"client-{n:D2}")];
}
