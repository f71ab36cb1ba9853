using DataHealth.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class OrchestratorRulesSpec(AzuriteFixture azurite) : DurableSpec(azurite)
{
    [Fact]
    public async Task Awaiting_a_delay_fails_the_instance_and_says_what_was_awaited_and_where()
    {
        Functions.Orchestrator("Main", WaitTheWrongWay);

        var ended = await RunAsync("Main");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.SerializedOutput!.ShouldContain("Orchestrator 'Main' awaited Task.Delay in OrchestratorRulesSpec.WaitTheWrongWay, which is not durable");
    }

    [Fact]
    public async Task Awaiting_work_on_another_thread_without_its_context_fails_the_instance_too()
    {
        Functions.Activity<int, int>("Echo", n => n).Orchestrator("Main", async context =>
        {
            await context.CallActivityAsync<int>("Echo", 1);
            await Task.Run(() => Thread.Sleep(50), CancellationToken.None).ConfigureAwait(false);
            return await context.CallActivityAsync<int>("Echo", 2);
        });

        var ended = await RunAsync("Main");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.SerializedOutput!.ShouldContain("not durable");
        ended.SerializedOutput!.ShouldContain("after it had asked for activity 'Echo'");
    }

    [Fact]
    public async Task Yielding_and_continuing_on_the_orchestrators_own_thread_is_allowed()
    {
        Functions.Activity<int, int>("Echo", n => n).Orchestrator("Main", async context =>
        {
            await Task.Yield();
            var two = await Task.Factory.StartNew(() => 2, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
            var one = await context.CallActivityAsync<int>("Echo", 1);
            return one + two + await context.CallActivityAsync<int>("Echo", 3);
        });

        var ended = await RunAsync("Main");

        ended.SerializedOutput.ShouldBe("6");
    }

    [Fact]
    public async Task A_replay_that_asks_for_something_else_fails_the_instance_and_says_what_was_expected_and_what_was_asked()
    {
        var first = true;
        Functions.Activity<int, int>("One", n => n).Activity<int, int>("Two", n => n).Orchestrator("Main", async context =>
        {
            var name = first ? "One" : "Two";
            first = false;
            return await context.CallActivityAsync<int>(name, 1);
        });

        var ended = await RunAsync("Main");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.SerializedOutput!.ShouldContain("as action 0 its history holds activity 'One', but the replayed code asked for activity 'Two'");
    }

    [Fact]
    public async Task A_replay_that_asks_for_less_or_for_more_fails_the_instance()
    {
        var replays = 0;
        Functions.Activity<int, int>("One", n => n)
            .Orchestrator("Less", async context => Interlocked.Increment(ref replays) > 1 ? 0 : await context.CallActivityAsync<int>("One", 1));

        var less = await RunAsync("Less");

        less.SerializedOutput!.ShouldContain("its history holds activity 'One', but the replayed code asked for nothing");
    }

    [Fact]
    public async Task The_clock_stands_still_between_awaits_and_guids_are_the_same_on_every_replay()
    {
        var guids = new HashSet<Guid>();
        var times = new List<(DateTime First, DateTime Second)>();
        Functions.Activity<int, int>("Echo", n =>
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            return n;
        }).Orchestrator("Main", async context =>
        {
            guids.Add(context.NewGuid());
            var before = context.CurrentUtcDateTime;
            times.Add((before, context.CurrentUtcDateTime));
            await context.CallActivityAsync<int>("Echo", 1);
            return context.CurrentUtcDateTime - before;
        });

        var ended = await RunAsync("Main");

        ended.ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.FromMinutes(1));
        guids.ShouldHaveSingleItem().Version.ShouldBe(5);
        times.Count.ShouldBe(2);
        times.ShouldAllBe(time => time.First == time.Second && time.First == times[0].First);
    }

    [Fact]
    public async Task The_custom_status_survives_the_end_and_names_are_written_as_they_are()
    {
        Functions.Orchestrator("Main", context =>
        {
            context.SetCustomStatus(new { Done = 3 });
            return Task.FromResult(1);
        });

        var ended = await RunAsync("Main");

        ended.SerializedCustomStatus.ShouldBe("{\"Done\":3}");
    }

    private static async Task<int> WaitTheWrongWay(TaskOrchestrationContext context)
    {
        await Task.Delay(50, CancellationToken.None);
        return 1;
    }
}
