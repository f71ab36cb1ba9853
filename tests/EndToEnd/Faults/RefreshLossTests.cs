using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>Refreshing a grant with real processes: a lost answer, a crash before the new pair is stored (issue 3, must show 7).</summary>
[TakesLong]
public sealed class RefreshLossTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ProviderUnderTest.All), MemberType = typeof(ProviderUnderTest))]
    public async Task Promise_4_a_refresh_whose_answer_is_lost_does_not_cost_the_connection(string provider)
    {
        var (stage, client) = await ConnectedAsync(ProviderUnderTest.Of(provider));
        await using var _ = stage;
        await stage.Product.Control.SendAsync(HttpMethod.Post, "faults", new { kind = "lostAnswer", endpoint = "token", count = 1 }, Cancelled);
        Expire(stage);

        var run = await stage.Product.SyncAsync(client, Within, Cancelled);

        run.ShouldHaveSucceeded();
        Report(stage);
        stage.Refreshes().Select(call => call.Status).ShouldBe([0, 200], "carried out and lost, then asked again with the old refresh token");
        await ShouldLiveAsync(stage, client);
    }

    [Theory]
    [MemberData(nameof(ProviderUnderTest.All), MemberType = typeof(ProviderUnderTest))]
    public async Task Promise_4_a_process_killed_between_the_answer_and_the_store_does_not_cost_the_connection(string provider)
    {
        var (stage, client) = await ConnectedAsync(ProviderUnderTest.Of(provider));
        await using var _ = stage;
        Expire(stage);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new Lock();
        // Once answered, the process makes sure of its lease before it stores the pair: that is where it dies.
        stage.Proxy.Arrived = request =>
        {
            lock (gate)
            {
                if (!request.IsGrantLease || killed.Task.IsCompleted || stage.Refreshes().Count == 0)
                    return Task.FromResult(true);
                stage.Functions.Kill();
                killed.SetResult();
                return Task.FromResult(false);
            }
        };

        var pressed = stage.Product.Practice.PressSyncAsync(client, Cancelled);
        await killed.Task.WaitAsync(Within, Cancelled);
        // It may have died before it answered.
        await ((Task)pressed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await stage.Functions.StartAsync(Cancelled);
        (await stage.Product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();

        Report(stage);
        stage.Refreshes().Select(call => call.Status).ShouldBe([200, 200], "the pair of the first was never stored");
        await ShouldLiveAsync(stage, client);
    }

    /// <summary>One client, synced once.</summary>
    private async Task<(Stage Stage, string Client)> ConnectedAsync(ProviderUnderTest provider)
    {
        var stage = await Stage.StartAsync(provider, azurite, 1, Cancelled);
        try
        {
            var client = await stage.Product.ConnectedClientAsync(await stage.Product.NewOrganisationAsync("60", 430, Cancelled), Cancelled);
            (await stage.Product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
            stage.Refreshes().ShouldBeEmpty();
            return (stage, client);
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    // The access tokens are over at the provider; our processes learn it by a 401.
    private static void Expire(Stage stage) => stage.Product.Simulation.Clock.Offset += stage.Product.Provider.AccessTokenLife + TimeSpan.FromMinutes(1);

    private static async Task ShouldLiveAsync(Stage stage, string client)
    {
        // Once more with a new token, past the grace of the old refresh token.
        Expire(stage);
        (await stage.Product.SyncAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        (await stage.Product.Practice.ConnectionAsync(client, Cancelled)).GetProperty("state").GetString().ShouldBe("connected");
    }

    private void Report(Stage stage)
    {
        foreach (var call in stage.Refreshes())
            output.WriteLine($"refresh {call.Number}: {call.Status} after {call.Milliseconds:0} ms {call.Fault}");
    }
}
