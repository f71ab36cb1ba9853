using System.Collections.Concurrent;
using DataHealth.Local.Runtime.Durable;
using DataHealth.Local.Runtime.Durable.Storage;
using DataHealth.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class TwoProcessesSpec(AzuriteFixture azurite) : DurableSpec(azurite)
{
    [Fact]
    public async Task Two_processes_on_one_hub_run_no_activity_twice()
    {
        var runs = new ConcurrentDictionary<string, int>();
        Functions.Activity<string, int>("Work", name => runs.AddOrUpdate(name, 1, (_, n) => n + 1)).Orchestrator("Main", async context =>
        {
            for (var step = 0; step < 5; step++)
                await context.CallActivityAsync<int>("Work", $"{context.InstanceId}-{step}");
            await context.WaitForExternalEvent<string>("end");
            return await context.CallActivityAsync<int>("Work", $"{context.InstanceId}-last");
        });
        var (one, two) = (await StartAsync(), await StartAsync());

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            (n % 2 == 0 ? one : two).Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience)));
        await Task.WhenAll(ids.Select((id, n) => (n % 3 == 0 ? one : two).Client.RaiseEventAsync(id, "end", "now", Patience)));
        var ended = await Task.WhenAll(ids.Select(id => one.Client.WaitForInstanceCompletionAsync(id, true, Patience)));

        ended.ShouldAllBe(instance => instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed);
        runs.Count.ShouldBe(20 * 6);
        runs.Values.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public async Task A_process_frozen_past_its_lease_and_woken_again_commits_nothing()
    {
        using var frozenGoesOn = new SemaphoreSlim(0);
        var began = new TaskCompletionSource();
        TestFunctions With(Func<Task<string>> work) => new TestFunctions().Activity<string, string>("Work", (_, _) => work())
            .Orchestrator("Main", context => context.CallActivityAsync<string>("Work", "x"));
        var disaster = new Disaster(int.MaxValue, false);
        var frozen = await StartAsync(leaseSeconds: 1, observer: disaster, functions: With(async () =>
        {
            began.SetResult();
            await frozenGoesOn.WaitAsync(CancellationToken.None);
            return "the frozen one";
        }));
        var id = await frozen.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await began.Task;

        disaster.Freeze();
        var other = await StartAsync(leaseSeconds: 1, functions: With(() => Task.FromResult("the other one")));
        var ended = await other.Client.WaitForInstanceCompletionAsync(id, true, Patience);
        var before = disaster.Requests;
        frozenGoesOn.Release();
        disaster.Thaw();
        await UntilAsync(() => disaster.Requests > before + 2, "the frozen process deals with its storage again");

        ended.ReadOutputAs<string>().ShouldBe("the other one");
        var state = (await other.Get<InstanceStore>().LoadAsync(id))!;
        state.History.OfType<ActionCompleted>().ShouldHaveSingleItem().Data.ShouldBe("\"the other one\"");
        (await other.Client.GetInstanceAsync(id, true, Patience))!.ReadOutputAs<string>().ShouldBe("the other one");
    }

    [Fact]
    public async Task While_its_owner_answers_for_it_an_instance_stays_with_its_owner()
    {
        using var goesOn = new SemaphoreSlim(0);
        var runs = 0;
        Functions.Activity<string, int>("Long", async (_, stop) =>
        {
            var run = Interlocked.Increment(ref runs);
            await goesOn.WaitAsync(stop);
            return run;
        }).Orchestrator("Main", context => context.CallActivityAsync<int>("Long", "x"));
        // Long enough that a busy machine renews it in time.
        var one = await StartAsync(leaseSeconds: 6);
        var id = await one.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await UntilAsync(() => runs == 1, "the activity runs");
        var two = await StartAsync(leaseSeconds: 6);

        var row = (await two.Get<InstanceStore>().FindAsync(id, Patience))!;
        await UntilAsync(async () => (await two.Get<InstanceStore>().FindAsync(id, Patience))!.LeaseUntil > row.LeaseUntil.AddSeconds(1.5), "the lease was renewed");
        await UntilAsync(() => TimeProvider.System.GetUtcNow() > row.LeaseUntil.AddSeconds(1.5), "the other one has looked after the end of the first lease");
        goesOn.Release();
        var ended = await two.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.ReadOutputAs<int>().ShouldBe(1);
        runs.ShouldBe(1);
    }

    [Fact]
    public async Task An_instance_whose_creator_dies_after_writing_it_runs_also_when_another_process_looked_at_its_place_just_before()
    {
        var places = 0;
        Functions.Orchestrator("Main", context => Task.FromResult(context.GetInput<int>()));
        var looking = new Watcher(request => places += request.Contains("main", StringComparison.Ordinal) && request.StartsWith("GET", StringComparison.Ordinal) ? 1 : 0);
        var one = await StartAsync(observer: looking);
        await one.Client.ScheduleNewOrchestrationInstanceAsync("Main", 1, new StartOrchestrationOptions("main"));
        await one.Client.WaitForInstanceCompletionAsync("main", Patience);
        await UntilAsync(async () => await one.Get<WorkIndex>().FindAsync("main") is null, "the first is over");

        // The creator is a process without an engine: it cannot wake what it made, as if it had died. It halts between the index and the instance.
        using var creates = new SemaphoreSlim(0);
        var creator = await DurableHost.StartAsync(Connection, Hub, Functions, Clock, onlyClient: true,
            observer: new Watcher(request => request.Contains("$batch", StringComparison.Ordinal) ? creates.WaitAsync(Patience) : Task.CompletedTask));
        var created = creator.Client.ScheduleNewOrchestrationInstanceAsync("Main", 2, new StartOrchestrationOptions("main"));
        await UntilAsync(async () => await one.Get<WorkIndex>().FindAsync("main") is not null, "it is in the index");
        var before = places;
        await UntilAsync(() => places >= before + 2, "the other one has looked at it");
        creates.Release();
        await created;

        await UntilAsync(async () => (await one.Client.GetInstanceAsync("main", true, Patience))!.ReadOutputAs<int>() == 2, "the second is over");
    }

    [Fact]
    public async Task A_host_that_stops_gives_its_instances_back_at_once_and_tells_its_activities()
    {
        var stopped = false;
        var began = new TaskCompletionSource();
        var first = new TestFunctions().Activity<string, string>("Long", async (_, stop) =>
        {
            began.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            }
            finally
            {
                stopped = true;
            }
            return "never";
        }).Orchestrator("Main", context => context.CallActivityAsync<string>("Long", "x"));
        var one = await StartAsync(functions: first);
        var id = await one.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await began.Task;

        await one.StopAsync();
        var two = await StartAsync(functions: Functions.Activity<string, string>("Long", _ => "again")
            .Orchestrator("Main", context => context.CallActivityAsync<string>("Long", "x")));
        var ended = await two.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        stopped.ShouldBeTrue();
        ended.ReadOutputAs<string>().ShouldBe("again");
    }

    [Fact]
    public async Task Nothing_is_asked_of_the_storage_for_sleeping_instances_but_one_query_a_second()
    {
        Functions.Orchestrator("Main", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(3), CancellationToken.None);
            return 1;
        });
        var disaster = new Disaster(int.MaxValue, false);
        var host = await StartAsync(observer: disaster);
        var ids = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience)));
        await UntilAsync(
            async () =>
            {
                foreach (var id in ids)
                {
                    if (await host.Get<WorkIndex>().FindAsync(id) is not { } item || item.Due < Clock.GetUtcNow())
                        return false;
                }
                return true;
            },
            "all sleep");

        var (before, started) = (disaster.Requests, TimeProvider.System.GetTimestamp());
        await UntilAsync(() => disaster.Requests >= before + 6, "it was asked six times");

        // Six ticks are five seconds apart, less those by which a busy machine may be late with the first.
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
        Clock.Advance(TimeSpan.FromDays(3));
        await Task.WhenAll(ids.Select(id => host.Client.WaitForInstanceCompletionAsync(id, true, Patience)));
    }

    [Fact]
    public async Task A_step_costs_one_transaction()
    {
        Functions.Activity<int, int>("Next", n => n + 1).Orchestrator("Main", async context =>
        {
            var n = 0;
            while (n < context.GetInput<int>())
                n = await context.CallActivityAsync<int>("Next", n);
            return n;
        });
        var disaster = new Disaster(int.MaxValue, false);
        var host = await StartAsync(observer: disaster);
        async Task<int> CostAsync(int steps)
        {
            var before = disaster.Transactions;
            var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", steps, Patience);
            await host.Client.WaitForInstanceCompletionAsync(id, Patience);
            return disaster.Transactions - before;
        }
        await CostAsync(1);

        var cost = await CostAsync(100) - await CostAsync(1);

        // A lease that is renewed on a slow machine may add a few.
        cost.ShouldBeInRange(99, 105);
    }

    /// <summary>Sees every request to the storage before it is sent, and may hold it.</summary>
    private sealed class Watcher(Func<string, Task> sees) : Azure.Core.Pipeline.HttpPipelinePolicy
    {
        public Watcher(Action<string> sees)
            : this(request =>
            {
                sees(request);
                return Task.CompletedTask;
            })
        {
        }

        public override async ValueTask ProcessAsync(Azure.Core.HttpMessage message, ReadOnlyMemory<Azure.Core.Pipeline.HttpPipelinePolicy> pipeline)
        {
            await sees($"{message.Request.Method} {message.Request.Uri}");
            await ProcessNextAsync(message, pipeline);
        }

        public override void Process(Azure.Core.HttpMessage message, ReadOnlyMemory<Azure.Core.Pipeline.HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
    }
}
