using System.Diagnostics;
using DataHealth.Testing;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class TraceSpec(AzuriteFixture azurite) : DurableSpec(azurite)
{
    private const string Press = "DataHealth.Runtime.Tests.Press";

    [Fact]
    public async Task Activities_of_every_generation_and_of_sub_orchestrations_belong_to_the_trace_that_asked()
    {
        using var listener = Listen();
        using var source = new ActivitySource(Press);
        Functions.Activity<int, int>("Step", input => input)
            .Orchestrator("Child", context => context.CallActivityAsync<int>("Step", 0))
            .Orchestrator("Main", async context =>
            {
                var left = context.GetInput<int>();
                await context.CallActivityAsync<int>("Step", left);
                if (left > 0)
                    context.ContinueAsNew(left - 1);
                else
                    await context.CallSubOrchestratorAsync<int>("Child");
                return Activity.Current is null ? "nothing" : "a trace";
            });
        var host = await StartAsync();
        string id;
        ActivityTraceId pressed;
        using (var press = source.StartActivity("press")!)
        {
            pressed = press.TraceId;
            id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", 1, Patience);
        }

        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Functions.TraceParents.Count.ShouldBe(3);
        Functions.TraceParents.ShouldAllBe(parent => ActivityContext.Parse(parent, null).TraceId == pressed);
        Functions.TraceParents.Distinct().Count().ShouldBe(3, "each generation has a span of its own");
        ended.ReadOutputAs<string>().ShouldBe("nothing", "an orchestrator sees no trace: it is replayed");
    }

    [Fact]
    public async Task What_nobody_traces_has_no_trace()
    {
        Functions.Activity<int, int>("Step", input => input).Orchestrator("Main", context => context.CallActivityAsync<int>("Step", 1));

        await RunAsync("Main");

        Functions.TraceParents.ShouldBe([""]);
    }

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Press or "Microsoft.DurableTask",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
