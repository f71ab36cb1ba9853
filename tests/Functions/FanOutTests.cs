using DataHealth.Functions.Activities;
using DataHealth.Functions.Orchestrations;
using Microsoft.DurableTask;
using NSubstitute;

namespace DataHealth.Functions.Tests;

public sealed class FanOutTests
{
    private readonly TaskOrchestrationContext _context = Substitute.For<TaskOrchestrationContext>();
    private readonly List<string> _postponed = [];

    [Fact]
    public async Task Twenty_clients_that_cannot_be_started_hold_back_none_of_those_behind_them()
    {
        var windows = new Queue<string[]>([[.. Enumerable.Range(0, 20).Select(number => $"bad{number}")], ["good"]]);
        Activity<string[]>(nameof(DueActivities.TakeDue), _ => windows.Dequeue());
        Activity<DueStart>(nameof(DueActivities.StartDueSync), client => client == "good" ? DueStart.Started : throw Failed());
        Activity<DueStart>(nameof(DueActivities.PostponeDue), client =>
        {
            _postponed.Add(client!);
            return DueStart.Postponed;
        });

        (await FanOut.RunAsync(_context)).ShouldBe(1);

        _postponed.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Without_any_progress_it_ends_and_leaves_the_rest_to_the_next_tick()
    {
        var windows = 0;
        Activity<string[]>(nameof(DueActivities.TakeDue), _ =>
        {
            windows++;
            return [.. Enumerable.Range(0, 20).Select(number => $"bad{number}")];
        });
        Activity<DueStart>(nameof(DueActivities.StartDueSync), _ => throw Failed());
        Activity<DueStart>(nameof(DueActivities.PostponeDue), _ => throw Failed());

        (await FanOut.RunAsync(_context)).ShouldBe(0);

        windows.ShouldBe(1);
    }

    private void Activity<T>(string name, Func<string?, T> answer) =>
        _context.CallActivityAsync<T>(new TaskName(name), Arg.Any<object?>(), Arg.Any<TaskOptions?>()).Returns(call => Task.FromResult(answer(call.ArgAt<object?>(1)?.ToString())));

    private static TaskFailedException Failed() => new("activity", 1, new InvalidOperationException("no"));
}
