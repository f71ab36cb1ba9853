using DataHealth.Testing;
using Microsoft.DurableTask;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class SubOrchestrationSpec(AzuriteFixture azurite) : DurableSpec(azurite)
{
    [Fact]
    public async Task A_sub_orchestration_knows_its_parent_and_answers_it()
    {
        Functions.Orchestrator("Child", context => Task.FromResult($"{context.GetInput<int>()} for {context.Parent!.Name} {context.Parent.InstanceId} as {context.InstanceId}"))
            .Orchestrator("Main", context => context.CallSubOrchestratorAsync<string>("Child", 4, new SubOrchestrationOptions(instanceId: "the-child")));

        var ended = await RunAsync("Main");

        ended.ReadOutputAs<string>().ShouldBe($"4 for Main {ended.InstanceId} as the-child");
    }

    [Fact]
    public async Task A_failed_sub_orchestration_tells_what_failed_inside_it()
    {
        TaskFailureDetails? details = null;
        Functions.Activity<int, int>("Break", _ => throw new IOException("broken"))
            .Orchestrator("Child", context => context.CallActivityAsync<int>("Break", 1))
            .Orchestrator("Main", async context =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<int>("Child");
                }
                catch (TaskFailedException failed)
                {
                    details = failed.FailureDetails;
                    return -1;
                }
            });

        var ended = await RunAsync("Main");

        ended.ReadOutputAs<int>().ShouldBe(-1);
        details!.ErrorType.ShouldBe("Microsoft.DurableTask.TaskFailedException");
        details.InnerFailure!.ErrorType.ShouldBe("System.IO.IOException");
    }

    [Fact]
    public async Task A_sub_orchestration_under_an_id_that_is_running_fails_the_call()
    {
        Functions.Orchestrator("Child", context => context.WaitForExternalEvent<int>("never"))
            .Orchestrator("Main", context => context.CallSubOrchestratorAsync<int>("Child", null, new SubOrchestrationOptions(instanceId: "taken")));
        var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Child", new StartOrchestrationOptions("taken"), Patience);

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.SerializedOutput!.ShouldContain("An Orchestration instance with the ID taken already exists.");
    }

    [Fact]
    public async Task Orchestrations_send_events_to_one_another()
    {
        Functions.Orchestrator("Receiver", context => context.WaitForExternalEvent<string>("post"))
            .Orchestrator("Sender", context =>
            {
                context.SendEvent("receiver", "post", "a letter");
                return Task.FromResult(0);
            });
        var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Receiver", new StartOrchestrationOptions("receiver"), Patience);

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Sender", Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync("receiver", true, Patience);

        ended.ReadOutputAs<string>().ShouldBe("a letter");
    }
}
