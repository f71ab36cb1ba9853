using DataHealth.Testing;
using Microsoft.DurableTask.Client;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class WaitingSpec(AzuriteFixture azurite) : DurableSpec(azurite)
{
    [Fact]
    public async Task A_timer_fires_when_the_clock_reaches_it()
    {
        Functions.Orchestrator("Main", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(2), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await UntilStatusAsync(host, id, OrchestrationRuntimeStatus.Running);

        Clock.Advance(TimeSpan.FromDays(2));
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.ReadOutputAs<DateTime>().ShouldBe(Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task Timers_that_passed_while_no_process_ran_fire_at_start()
    {
        Functions.Orchestrator("Main", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return 1;
        });
        var one = await StartAsync();
        var id = await one.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await UntilStatusAsync(one, id, OrchestrationRuntimeStatus.Running);
        await one.StopAsync();
        Clock.Advance(TimeSpan.FromHours(2));

        var two = await StartAsync();
        var ended = await two.Client.WaitForInstanceCompletionAsync(id, Patience);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task A_cancelled_timer_throws_TaskCanceledException()
    {
        Functions.Activity<int, int>("Echo", n => n).Orchestrator("Main", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
            await context.CallActivityAsync<int>("Echo", 1);
#pragma warning disable CA1849 // CancelAsync goes to another thread.
            cancel.Cancel();
#pragma warning restore CA1849
            try
            {
                await timer;
                return false;
            }
            catch (TaskCanceledException)
            {
                return true;
            }
        });

        var ended = await RunAsync("Main");

        ended.ReadOutputAs<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Events_are_kept_until_they_are_waited_for_and_names_ignore_case()
    {
        Functions.Orchestrator("Main", async context =>
        {
            var go = await context.WaitForExternalEvent<string>("go");
            return go + await context.WaitForExternalEvent<string>("EARLY");
        });
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);

        await host.Client.RaiseEventAsync(id, "early", "!", Patience);
        await host.Client.RaiseEventAsync(id, "Go", "gone", Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.ReadOutputAs<string>().ShouldBe("gone!");
    }

    [Fact]
    public async Task The_last_waiter_for_an_event_is_served_first_and_another_type_is_refused()
    {
        Functions.Orchestrator("Main", async context =>
        {
            var first = context.WaitForExternalEvent<string>("e");
            var second = context.WaitForExternalEvent<string>("e");
            await Should.ThrowAsync<ArgumentException>(() => context.WaitForExternalEvent<int>("e"));
            var winner = await Task.WhenAny(first, second);
            return winner == second;
        });
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await host.Client.RaiseEventAsync(id, "e", "x", Patience);

        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.ReadOutputAs<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Waiting_for_an_event_with_a_timeout_ends_with_the_event_or_a_TaskCanceledException(bool raised)
    {
        Functions.Orchestrator("Main", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("e", TimeSpan.FromHours(1));
            }
            catch (TaskCanceledException)
            {
                return "timeout";
            }
        });
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await UntilStatusAsync(host, id, OrchestrationRuntimeStatus.Running);

        if (raised)
            await host.Client.RaiseEventAsync(id, "e", "event", Patience);
        else
            Clock.Advance(TimeSpan.FromHours(1));
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.ReadOutputAs<string>().ShouldBe(raised ? "event" : "timeout");
    }

    [Fact]
    public async Task An_event_for_an_instance_that_is_not_there_or_has_ended_is_dropped()
    {
        Functions.Orchestrator("Main", _ => Task.FromResult(1));
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await host.Client.WaitForInstanceCompletionAsync(id, Patience);

        await host.Client.RaiseEventAsync("nobody", "e", 1, Patience);
        await host.Client.RaiseEventAsync(id, "e", 1, Patience);

        (await host.Client.GetInstanceAsync(id, Patience))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task ContinueAsNew_starts_over_with_the_new_input_and_keeps_events_that_nobody_took()
    {
        Functions.Orchestrator("Main", async context =>
        {
            var rounds = context.GetInput<int>();
            if (rounds == 0)
                return await context.WaitForExternalEvent<string>("kept");
            await context.WaitForExternalEvent<string>("next");
            context.ContinueAsNew(rounds - 1);
            return "never";
        });
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", 2, Patience);

        await host.Client.RaiseEventAsync(id, "kept", "treasure", Patience);
        await host.Client.RaiseEventAsync(id, "next", "", Patience);
        await host.Client.RaiseEventAsync(id, "next", "", Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.InstanceId.ShouldBe(id);
        ended.ReadOutputAs<string>().ShouldBe("treasure");
        ended.ReadInputAs<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_suspended_instance_keeps_its_events_and_goes_on_when_resumed()
    {
        Functions.Orchestrator("Main", context => context.WaitForExternalEvent<string>("e"));
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);
        await UntilStatusAsync(host, id, OrchestrationRuntimeStatus.Running);

        await host.Client.SuspendInstanceAsync(id, "for lunch", Patience);
        await UntilStatusAsync(host, id, OrchestrationRuntimeStatus.Suspended);
        (await host.Client.GetInstanceAsync(id, true, Patience))!.SerializedOutput.ShouldBe("for lunch");
        await host.Client.RaiseEventAsync(id, "e", "kept", Patience);
        await UntilAsync(async () => (await host.Get<Local.Runtime.Durable.Storage.InstanceStore>().InboxAsync(id)).Count == 0, "the event is taken");
        (await host.Client.GetInstanceAsync(id, Patience))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);
        await host.Client.ResumeInstanceAsync(id, null, Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.ReadOutputAs<string>().ShouldBe("kept");
    }

    private static Task UntilStatusAsync(DurableHost host, string id, OrchestrationRuntimeStatus status) => UntilAsync(
        async () => (await host.Client.GetInstanceAsync(id, Patience))?.RuntimeStatus == status, $"{id} is {status}");
}
