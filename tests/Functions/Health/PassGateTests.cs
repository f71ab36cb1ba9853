using DataHealth.Functions.Http.Health;

namespace DataHealth.Functions.Tests.Health;

public sealed class PassGateTests
{
    [Fact]
    public async Task Two_go_over_ledgers_at_once_and_each_place_that_is_given_back_lets_one_more_in()
    {
        using var gate = new PassGate();
        var inside = new Queue<IDisposable>([(await gate.EnterAsync(TestContext.Current.CancellationToken))!, (await gate.EnterAsync(TestContext.Current.CancellationToken))!]);

        for (var round = 0; round < 5; round++)
        {
            var waiting = gate.EnterAsync(TestContext.Current.CancellationToken);
            waiting.IsCompleted.ShouldBeFalse("two are inside");
            inside.Dequeue().Dispose();
            inside.Enqueue((await waiting).ShouldNotBeNull());
        }
    }

    [Fact]
    public async Task Who_goes_away_while_waiting_takes_no_place()
    {
        using var gate = new PassGate();
        using var gone = new CancellationTokenSource();
        using var one = await gate.EnterAsync(TestContext.Current.CancellationToken);
        using var two = await gate.EnterAsync(TestContext.Current.CancellationToken);
        var waiting = gate.EnterAsync(gone.Token);

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        one!.Dispose();

        (await gate.EnterAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }
}
