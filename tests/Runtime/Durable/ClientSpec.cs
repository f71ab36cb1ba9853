using DataHealth.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class ClientSpec(AzuriteFixture azurite) : DurableSpec(azurite)
{
    [Fact]
    public async Task An_id_that_is_running_is_refused_and_one_that_has_ended_is_replaced()
    {
        Functions.Orchestrator("Main", context => context.WaitForExternalEvent<int>("end"));
        var host = await StartAsync();
        var options = new StartOrchestrationOptions("the-id");
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", options, Patience);

        var refused = await Should.ThrowAsync<InvalidOperationException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Main", options, Patience));
        await host.Client.RaiseEventAsync("the-id", "end", 1, Patience);
        (await host.Client.WaitForInstanceCompletionAsync("the-id", true, Patience)).ReadOutputAs<int>().ShouldBe(1);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", options, Patience);
        await host.Client.RaiseEventAsync("the-id", "end", 2, Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync("the-id", true, Patience);

        refused.Message.ShouldBe("An Orchestration instance with the ID the-id already exists.");
        ended.ReadOutputAs<int>().ShouldBe(2);
    }

    [Fact]
    public async Task An_instance_waits_for_its_start_time_and_can_be_terminated_before()
    {
        Functions.Orchestrator("Main", _ => Task.FromResult(1));
        var host = await StartAsync();
        var options = new StartOrchestrationOptions(StartAt: Clock.GetUtcNow().AddHours(1));
        var waits = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", options, Patience);
        var dies = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", options, Patience);

        await host.Client.TerminateInstanceAsync(dies, "why not", Patience);
        (await host.Client.WaitForInstanceCompletionAsync(dies, true, Patience)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        (await host.Client.GetInstanceAsync(waits, Patience))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
        Clock.Advance(TimeSpan.FromHours(1));

        (await host.Client.WaitForInstanceCompletionAsync(waits, Patience)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task A_terminated_instance_keeps_the_given_output()
    {
        Functions.Orchestrator("Main", context => context.WaitForExternalEvent<int>("never"));
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await host.Client.WaitForInstanceStartAsync(id, Patience);

        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("enough"), Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        ended.ReadOutputAs<string>().ShouldBe("enough");
        await Should.ThrowAsync<InvalidOperationException>(() => host.Client.TerminateInstanceAsync(id, Patience));
        await Should.ThrowAsync<ArgumentException>(() => host.Client.TerminateInstanceAsync("nobody", Patience));
    }

    [Fact]
    public async Task A_missing_instance_is_null_and_what_was_not_fetched_cannot_be_read()
    {
        Functions.Orchestrator("Main", _ => Task.FromResult(1));
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        var bare = await host.Client.WaitForInstanceCompletionAsync(id, Patience);

        (await host.Client.GetInstanceAsync("nobody", Patience)).ShouldBeNull();
        bare.SerializedOutput.ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => bare.ReadOutputAs<int>());
        await Should.ThrowAsync<OperationCanceledException>(() =>
            host.Client.WaitForInstanceCompletionAsync("nobody", new CancellationTokenSource(TimeSpan.FromMilliseconds(100)).Token));
    }

    [Fact]
    public async Task Instances_are_listed_by_prefix_status_and_time_page_by_page()
    {
        Functions.Orchestrator("Main", context => context.GetInput<bool>() ? Task.FromResult(1) : context.WaitForExternalEvent<int>("never"));
        var host = await StartAsync();
        for (var n = 0; n < 7; n++)
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", n % 2 == 0, new StartOrchestrationOptions($"a/{n}"), Patience);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", true, new StartOrchestrationOptions("b/1"), Patience);
        foreach (var n in (int[])[0, 2, 4, 6])
            await host.Client.WaitForInstanceCompletionAsync($"a/{n}", Patience);

        var pages = new List<int>();
        await foreach (var page in host.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "a/", PageSize: 3)).AsPages())
            pages.Add(page.Values.Count);
        var completed = await IdsAsync(host, new OrchestrationQuery(InstanceIdPrefix: "a/", Statuses: [OrchestrationRuntimeStatus.Completed]));
        var future = await IdsAsync(host, new OrchestrationQuery(CreatedFrom: Clock.GetUtcNow().AddHours(1)));

        pages.Sum().ShouldBe(7);
        pages.ShouldAllBe(count => count <= 3);
        completed.ShouldBe(["a/0", "a/2", "a/4", "a/6"]);
        future.ShouldBeEmpty();
    }

    [Fact]
    public async Task Purging_removes_ended_instances_and_refuses_running_ones()
    {
        Functions.Orchestrator("Main", context => context.GetInput<string>() is { } text ? Task.FromResult(text) : context.WaitForExternalEvent<string>("never"));
        var host = await StartAsync();
        foreach (var id in (string[])["one", "two", "three"])
        {
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", new string('x', 50_000), new StartOrchestrationOptions(id), Patience);
            await host.Client.WaitForInstanceCompletionAsync(id, Patience);
        }
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", null, new StartOrchestrationOptions("runs"), Patience);

        (await host.Client.PurgeInstanceAsync("one", Patience)).PurgedInstanceCount.ShouldBe(1);
        (await host.Client.PurgeInstanceAsync("one", Patience)).PurgedInstanceCount.ShouldBe(0);
        await Should.ThrowAsync<InvalidOperationException>(() => host.Client.PurgeInstanceAsync("runs", Patience));
        var purged = await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedFrom: Clock.GetUtcNow().AddDays(-1)), Patience);

        purged.PurgedInstanceCount.ShouldBe(2);
        (await IdsAsync(host, new OrchestrationQuery())).ShouldBe(["runs"]);
        var blobs = 0;
        await foreach (var _ in host.Get<Local.Runtime.Durable.Storage.HubStorage>().Blobs.GetBlobsAsync(cancellationToken: Patience))
            blobs++;
        blobs.ShouldBe(0);
    }

    [Fact]
    public async Task Restarting_runs_the_same_orchestrator_with_the_same_input_again()
    {
        var runs = 0;
        Functions.Activity<int, int>("Count", n => n + ++runs).Orchestrator("Main", context => context.CallActivityAsync<int>("Count", context.GetInput<int>()));
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", 10, Patience);
        await host.Client.WaitForInstanceCompletionAsync(id, Patience);

        var same = await host.Client.RestartAsync(id, false, Patience);
        var second = await host.Client.WaitForInstanceCompletionAsync(same, true, Patience);
        var other = await host.Client.RestartAsync(id, true, Patience);
        var third = await host.Client.WaitForInstanceCompletionAsync(other, true, Patience);

        same.ShouldBe(id);
        other.ShouldNotBe(id);
        second.ReadOutputAs<int>().ShouldBe(12);
        third.ReadOutputAs<int>().ShouldBe(13);
        await Should.ThrowAsync<ArgumentException>(() => host.Client.RestartAsync("nobody", false, Patience));
    }

    private static async Task<List<string>> IdsAsync(DurableHost host, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var instance in host.Client.GetAllInstancesAsync(query))
            ids.Add(instance.InstanceId);
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }
}
