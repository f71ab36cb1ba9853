using System.Collections.Concurrent;
using CsCheck;
using DataHealth.Local.Runtime.Durable;
using DataHealth.Local.Runtime.Durable.Storage;
using DataHealth.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class CrashSpec(AzuriteFixture azurite)
{
    private const double Lease = 0.4;

    [Fact]
    public async Task Whatever_request_a_process_dies_at_another_one_finishes_the_instance_with_the_same_result()
    {
        var calm = await RunAsync(new Disaster(int.MaxValue, false), All);
        calm.Requests.ShouldBeGreaterThan(20);

        var points = from request in Enumerable.Range(1, calm.Requests) from after in new[] { false, true } select (request, after);
        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (point, _) =>
        {
            var survived = await RunAsync(new Disaster(point.request, point.after), All);
            survived.ShouldBeSameAs(calm, $"dying at request {point.request} {(point.after ? "after" : "before")} it was sent");
        });
    }

    [Fact]
    public Task A_random_orchestration_that_is_killed_at_random_places_gives_the_result_of_an_undisturbed_one() =>
        Gen.Select(Gen.Int[0, 4].Array[1, 5], Gen.Int[1, 25].Array[1, 3], Gen.Bool).SampleAsync(async (steps, kills, after) =>
        {
            var calm = await RunAsync(new Disaster(int.MaxValue, false), steps);
            var survived = await RunAsync(new Disaster(kills[0], after), steps, [.. kills.Skip(1).Select(kill => new Disaster(kill, !after))]);
            survived.ShouldBeSameAs(calm, $"steps {string.Join(',', steps)}, kills {string.Join(',', kills)}");
        }, iter: 12, threads: 6);

    private static readonly int[] All = [0, 1, 2, 3, 4];

    /// <summary>Starts the instance, lets each process run until its disaster, and the last one to the end.</summary>
    private async Task<Outcome> RunAsync(Disaster first, int[] steps, params Disaster[] later)
    {
        var hub = Azurite.NewPrefix();
        var runs = new ConcurrentDictionary<string, int>();
        await using var client = await DurableHost.StartAsync(azurite.ConnectionString, hub, Functions(runs), leaseSeconds: Lease, onlyClient: true);
        var id = await client.Client.ScheduleNewOrchestrationInstanceAsync("Main", new Plan(steps, 0, 0), new StartOrchestrationOptions("main"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var end = client.Client.WaitForInstanceCompletionAsync(id, true, patience.Token);
        foreach (var disaster in (Disaster[])[first, .. later])
        {
            var doomed = await DurableHost.StartAsync(azurite.ConnectionString, hub, Functions(runs), leaseSeconds: Lease, observer: disaster);
            await Task.WhenAny(disaster.Struck, end);
            if (!disaster.Struck.IsCompleted)
                await doomed.DisposeAsync();
        }
        await using var last = await DurableHost.StartAsync(azurite.ConnectionString, hub, Functions(runs), leaseSeconds: Lease);
        var ended = await end;
        return new(ended.RuntimeStatus, ended.SerializedOutput, runs, (await last.Get<InstanceStore>().LoadAsync(id))!.History, first.Requests);
    }

    private static TestFunctions Functions(ConcurrentDictionary<string, int> runs) => new TestFunctions()
        .Activity<string, int>("Work", name =>
        {
            runs.AddOrUpdate(name, 1, (_, n) => n + 1);
            return name.Length;
        })
        .Orchestrator("Child", async context =>
        {
            var sum = await context.CallActivityAsync<int>("Work", "child-" + context.GetInput<int>());
            context.SendEvent(context.Parent!.InstanceId, "hello", sum);
            return sum;
        })
        .Orchestrator("Main", async context =>
        {
            var plan = context.GetInput<Plan>()!;
            if (plan.At == plan.Steps.Length)
                return plan.Sum;
            var sum = plan.Sum + plan.Steps[plan.At] switch
            {
                0 => await context.CallActivityAsync<int>("Work", $"one-{plan.At}"),
                1 => (await Task.WhenAll(Enumerable.Range(0, 3).Select(n => context.CallActivityAsync<int>("Work", $"many-{plan.At}-{n}")))).Sum(),
                2 => await ChildAsync(context, plan.At),
                3 => await TimerAsync(context),
                _ => await StatusAsync(context, plan.At),
            };
            context.ContinueAsNew(plan with { At = plan.At + 1, Sum = sum });
            return -1;
        });

    private static async Task<int> ChildAsync(TaskOrchestrationContext context, int at)
    {
        var hello = context.WaitForExternalEvent<int>("hello");
        return await context.CallSubOrchestratorAsync<int>("Child", at) + await hello;
    }

    private static async Task<int> TimerAsync(TaskOrchestrationContext context)
    {
        await context.CreateTimer(TimeSpan.FromMilliseconds(30), CancellationToken.None);
        return 1000;
    }

    private static async Task<int> StatusAsync(TaskOrchestrationContext context, int at)
    {
        context.SetCustomStatus(new { at });
        return await context.CallActivityAsync<int>("Work", $"status-{at}");
    }

    internal sealed record Plan(int[] Steps, int At, int Sum);

    private sealed record Outcome(
        OrchestrationRuntimeStatus Status, string? Output, IReadOnlyDictionary<string, int> Runs, IReadOnlyList<HistoryEvent> History, int Requests)
    {
        public void ShouldBeSameAs(Outcome calm, string when)
        {
            Status.ShouldBe(OrchestrationRuntimeStatus.Completed, when);
            Output.ShouldBe(calm.Output, when);
            Runs.Keys.Order().ShouldBe(calm.Runs.Keys.Order(), when);
            History.OfType<ActionEvent>().Select(action => action.Id).ShouldBeUnique();
            History.OfType<ActionCompleted>().Select(completed => completed.Id).ShouldBeUnique();
            History.OfType<ExecutionEnded>().Count().ShouldBe(1, when);
        }
    }
}
