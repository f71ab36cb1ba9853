using DataHealth.Local.Runtime.Durable;
using DataHealth.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class ActivitySpec(AzuriteFixture azurite) : DurableSpec(azurite)
{
    [Fact]
    public async Task An_orchestration_calls_activities_one_after_the_other_and_returns_a_result()
    {
        Functions.Activity<int, int>("Double", n => n * 2).Orchestrator("Main", async context =>
        {
            var n = context.GetInput<int>();
            for (var i = 0; i < 3; i++)
                n = await context.CallActivityAsync<int>("Double", n);
            return n;
        });

        var ended = await RunAsync("Main", 5);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        ended.ReadInputAs<int>().ShouldBe(5);
        ended.ReadOutputAs<int>().ShouldBe(40);
        ended.SerializedOutput.ShouldBe("40");
    }

    [Fact]
    public async Task Activities_run_side_by_side()
    {
        using var all = new CountdownEvent(5);
        Functions.Activity<int, int>("Meet", async (n, stop) =>
        {
            all.Signal();
            await Task.Run(() => all.Wait(stop), stop);
            return n;
        }).Orchestrator("Main", async context =>
            (await Task.WhenAll(Enumerable.Range(1, 5).Select(n => context.CallActivityAsync<int>("Meet", n)))).Sum());

        var ended = await RunAsync("Main");

        ended.ReadOutputAs<int>().ShouldBe(15);
    }

    [Fact]
    public async Task Whoever_is_told_that_an_activity_is_done_finds_its_result()
    {
        // Told a moment earlier, the instance would look, find nothing, and sleep until its lease is renewed: the more often, the busier the machine.
        var (key, activity) = (new ActivityKey("x", "1", 0, 0), new ActivityScheduled(0, "Echo") { Data = "1" });
        using var runs = new ActivityRuns(
            Functions.Activity<int, int>("Echo", n => n), new DurableSettings(Connection, Hub), NullLogger<ActivityRuns>.Instance);
        var found = new TaskCompletionSource<bool>();

        var run = runs.RunAsync(key, activity, "", () => found.SetResult(runs.RunAsync(key, activity, "", () => { }, CancellationToken.None).IsCompletedSuccessfully), CancellationToken.None);

        (await found.Task.WaitAsync(Patience)).ShouldBeTrue();
        (await run).ShouldBeOfType<ActionCompleted>().Data.ShouldBe("1");
    }

    [Fact]
    public async Task A_failed_activity_throws_a_TaskFailedException_that_names_it()
    {
        TaskFailedException? caught = null;
        Functions.Activity<string, string>("Break", _ => throw new InvalidDataException("no such page"))
            .Orchestrator("Main", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("Break", "x");
                }
                catch (TaskFailedException failed)
                {
                    caught = failed;
                    return "handled";
                }
            });

        var ended = await RunAsync("Main");

        ended.ReadOutputAs<string>().ShouldBe("handled");
        caught.ShouldNotBeNull().Message.ShouldBe("Task 'Break' (#0) failed with an unhandled exception: no such page");
        caught.FailureDetails.ErrorType.ShouldBe("System.IO.InvalidDataException");
        caught.FailureDetails.IsCausedBy<InvalidDataException>().ShouldBeTrue();
        caught.FailureDetails.IsCausedBy<SystemException>().ShouldBeTrue();
        caught.FailureDetails.IsCausedBy<IOException>().ShouldBeFalse();
    }

    [Fact]
    public async Task An_exception_that_escapes_the_orchestrator_fails_the_instance_with_its_type_and_message()
    {
        Functions.Orchestrator<int>("Main", _ => throw new InvalidOperationException("not today"));

        var ended = await RunAsync("Main");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.SerializedOutput.ShouldBe("System.InvalidOperationException: not today");
        ended.FailureDetails.ShouldBeNull();
    }

    [Fact]
    public async Task A_missing_activity_fails_the_call_and_is_not_retried()
    {
        Functions.Orchestrator<int>("Main", context =>
            context.CallActivityAsync<int>("Nowhere", null, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)))));

        var ended = await RunAsync("Main");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.SerializedOutput!.ShouldContain("The function 'Nowhere' doesn't exist");
    }

    [Fact]
    public async Task A_missing_orchestrator_fails_the_instance()
    {
        var ended = await RunAsync("Nowhere");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.SerializedOutput!.ShouldContain("The function 'Nowhere' doesn't exist");
    }

    [Fact]
    public async Task A_retry_policy_counts_the_first_attempt_and_waits_on_durable_timers()
    {
        var attempts = 0;
        Functions.Activity<int, int>("Flaky", n => ++attempts < 3 ? throw new IOException("again") : n)
            .Orchestrator("Main", context => context.CallActivityAsync<int>(
                "Flaky", 7, TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMinutes(1), backoffCoefficient: 2))));
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", Patience);

        await UntilSleepingAsync(host, id, Clock.GetUtcNow().AddMinutes(1));
        attempts.ShouldBe(1);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilSleepingAsync(host, id, Clock.GetUtcNow().AddMinutes(2));
        attempts.ShouldBe(2);
        Clock.Advance(TimeSpan.FromMinutes(2));
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        ended.ReadOutputAs<int>().ShouldBe(7);
        attempts.ShouldBe(3);
    }

    [Fact]
    public async Task A_retry_policy_gives_up_with_the_last_failure()
    {
        Functions.Activity<int, int>("Flaky", _ => throw new IOException("never"))
            .Orchestrator("Main", context => context.CallActivityAsync<int>("Flaky", 7, TaskOptions.FromRetryPolicy(
                new RetryPolicy(5, TimeSpan.FromMinutes(1)) { HandleFailure = failure => !failure.IsCausedBy<IOException>() })));

        var ended = await RunAsync("Main");

        ended.SerializedOutput.ShouldBe("Microsoft.DurableTask.TaskFailedException: Task 'Flaky' (#0) failed with an unhandled exception: never");
    }

    [Fact]
    public async Task A_retry_handler_decides_with_the_number_of_attempts_and_retries_at_once()
    {
        var seen = new List<int>();
        Functions.Activity<int, int>("Flaky", _ => throw new IOException("never"))
            .Orchestrator("Main", context => context.CallActivityAsync<int>("Flaky", 7, TaskOptions.FromRetryHandler(retry =>
            {
                if (!retry.OrchestrationContext.IsReplaying)
                    seen.Add(retry.LastAttemptNumber);
                return retry.LastAttemptNumber < 3;
            })));

        var ended = await RunAsync("Main");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        seen.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Large_inputs_and_outputs_go_through_blobs_unharmed()
    {
        var text = new string('å', 300_000);
        Functions.Activity<string, string>("Echo", s => s + "!").Orchestrator("Main", context =>
            context.CallActivityAsync<string>("Echo", context.GetInput<string>()));

        var ended = await RunAsync("Main", text);

        ended.ReadInputAs<string>().ShouldBe(text);
        ended.ReadOutputAs<string>().ShouldBe(text + "!");
    }

    [Fact]
    public async Task Three_hundred_activities_at_once_fit_one_episode()
    {
        Functions.Activity<string, string>("Pad", _ => new string('x', 3_000)).Orchestrator("Main", async context =>
            (await Task.WhenAll(Enumerable.Range(0, 300).Select(n => context.CallActivityAsync<string>("Pad", new string('y', 3_000))))).Sum(s => s.Length));

        var ended = await RunAsync("Main");

        ended.ReadOutputAs<int>().ShouldBe(900_000);
    }

    private static Task UntilSleepingAsync(DurableHost host, string id, DateTimeOffset due) => UntilAsync(
        async () => await host.Get<Local.Runtime.Durable.Storage.WorkIndex>().FindAsync(id) is { } item && item.Due == due,
        $"{id} sleeps until {due}");
}
