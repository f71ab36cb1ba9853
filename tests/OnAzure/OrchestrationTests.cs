using DataHealth.Core.Sync;
using DataHealth.Functions.Orchestrations;
using DataHealth.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Azure.Tests;

public sealed class OrchestrationTests(AzuriteFixture azurite)
{
    private readonly CancellationToken _patience = new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;

    [Fact]
    public async Task A_run_reads_its_datasets_side_by_side_and_finishes()
    {
        var script = new ScriptedSync().Dataset("a", ScriptedSync.More, ScriptedSync.More).Dataset("b").Dataset("c");

        var ended = await RunAsync(script);

        ended.ReadCustomStatusAs<string>().ShouldBe(nameof(FinishState.Finished));
        script.Calls.ShouldBe(["plan", "read a", "read a", "read a", "read b", "read c", "finish"], ignoreOrder: true);
        script.Finished.Select(result => result.Dataset).ShouldBe(["a", "b", "c"], ignoreOrder: true);
        script.Health.ShouldBe(HealthStep.Recalculated);
    }

    [Fact]
    public async Task A_recalculation_that_fails_does_not_fail_the_run()
    {
        var script = new ScriptedSync { IsHealthBroken = true }.Dataset("a");

        var ended = await RunAsync(script);

        ended.ReadCustomStatusAs<string>().ShouldBe(nameof(FinishState.Finished));
        script.Health.ShouldBe(HealthStep.Failed);
    }

    [Fact]
    public async Task Books_of_which_a_dataset_failed_are_judged_on_what_there_is()
    {
        var script = new ScriptedSync().Dataset("a", ScriptedSync.Refused).Dataset("b");

        await RunAsync(script);

        script.Finished.ShouldContain(result => result.State == SliceState.Failed);
        script.Health.ShouldBe(HealthStep.Recalculated);
    }

    [Fact]
    public async Task A_failed_slice_is_tried_again_after_a_durable_timer()
    {
        var script = new ScriptedSync().Dataset("a", ScriptedSync.Transient, ScriptedSync.Transient).Dataset("b");

        await RunAsync(script);

        script.Calls.ShouldBe(["plan", "read a", "read a", "read a", "read b", "finish"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_lost_connection_cuts_the_wait_of_another_dataset_short()
    {
        var script = new ScriptedSync()
            .Dataset("a", ScriptedSync.Transient, ScriptedSync.Transient, ScriptedSync.Transient)
            .Dataset("b", ScriptedSync.More, ScriptedSync.Lost);

        await RunAsync(script);

        script.Calls[^1].ShouldBe("finish");
        script.Finished.ShouldContain(result => result.State == SliceState.ConnectionLost);
        script.Health.ShouldBeNull("of a connection that is lost nothing new is said");
    }

    [Fact]
    public async Task A_pause_goes_on_by_itself_in_a_new_generation()
    {
        var script = new ScriptedSync().Dataset("a", ScriptedSync.PausedFor(TimeSpan.FromSeconds(4)));

        var ended = await RunAsync(script);

        script.Calls.ShouldBe(["plan", "read a", "pause by Day", "continue", "read a", "finish"]);
        ended.ReadInputAs<SyncRunInput>()!.Steps.ShouldBe(2);
    }

    [Fact]
    public async Task A_paused_run_is_woken()
    {
        var script = new ScriptedSync().Dataset("a", ScriptedSync.PausedFor(TimeSpan.FromDays(8)));

        await RunAsync(script, async (client, id) =>
        {
            while (!script.Calls.Contains("pause by Day"))
                await Task.Delay(50, _patience);
            await client.RaiseEventAsync(id, SyncRun.WakeEvent, "wake", _patience);
        });

        script.Calls.ShouldBe(["plan", "read a", "pause by Day", "continue", "read a", "finish"]);
    }

    [Fact]
    public async Task One_more_pass_plans_again()
    {
        var script = new ScriptedSync().Dataset("a").Finish(FinishState.OneMorePass, FinishState.OneMorePass);

        await RunAsync(script);

        script.Calls.ShouldBe(["plan", "read a", "finish", "plan", "read a", "finish", "plan", "read a", "finish"]);
    }

    [Fact]
    public async Task A_long_run_goes_on_in_a_new_generation_where_it_stood()
    {
        var script = new ScriptedSync().Dataset("a", [.. Enumerable.Repeat(ScriptedSync.More, 160)]);

        var ended = await RunAsync(script);

        script.Calls.Count(call => call == "read a").ShouldBe(161);
        script.Calls.Count(call => call == "plan").ShouldBe(1);
        ended.ReadInputAs<SyncRunInput>()!.Steps.ShouldBe(150);
    }

    [Fact]
    public async Task The_fan_out_starts_what_is_due_and_tries_a_failed_start_again()
    {
        var script = new ScriptedSync();
        await using var engine = await RealEngine.StartAsync(azurite, script.Register);

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(nameof(FanOut), new StartOrchestrationOptions(FanOut.InstanceId), _patience);
        var ended = await engine.Client.WaitForInstanceCompletionAsync(id, true, _patience);

        ended.ReadOutputAs<int>().ShouldBe(3);
        script.Calls.ShouldBe(["take 20", "start a", "start b", "start bad"], ignoreOrder: true);
    }

    private async Task<OrchestrationMetadata> RunAsync(ScriptedSync script, Func<DurableTaskClient, string, Task>? meanwhile = null)
    {
        await using var engine = await RealEngine.StartAsync(azurite, script.Register);
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(SyncRun), new SyncRunInput("client", "run"), new StartOrchestrationOptions("sync-client"), _patience);
        if (meanwhile is not null)
            await meanwhile(engine.Client, id);
        var ended = await engine.Client.WaitForInstanceCompletionAsync(id, true, _patience);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, ended.SerializedOutput);
        return ended;
    }
}
