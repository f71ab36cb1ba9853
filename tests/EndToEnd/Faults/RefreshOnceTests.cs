using System.Net;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>Refreshing a grant with two real processes: expiry under load, a frozen holder (issue 3, must show 7).</summary>
[TakesLong]
public sealed class RefreshOnceTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Calls = 200;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promise_4_two_hundred_calls_of_two_processes_at_token_expiry_make_one_refresh()
    {
        var (stage, clients) = await ExpiringAsync(lease: 140, tokenCall: 90);
        await using var _ = stage;
        var fault = await HoldTokenAsync(stage);
        var asked = AskAsync(stage, clients, [0, 1], Calls);

        // The provider's answer comes when all of them are in: none finds a token that is renewed already.
        await Eventually.TrueAsync("all calls are in", () => Task.FromResult(asked.In >= Calls), Within, Cancelled);
        await Eventually.TrueAsync("the provider holds the refresh", () => WaitingAsync(stage, fault), Within, Cancelled);
        await stage.Product.Control.SendAsync(HttpMethod.Delete, $"faults/{fault}", null, Cancelled);
        var answers = await asked.Answers;

        Report(stage);
        answers.ShouldAllBe(answer => answer == HttpStatusCode.OK);
        stage.Refreshes().Skip(asked.RefreshesBefore).Select(call => call.Status).ShouldBe([200]);
    }

    [Fact]
    public async Task Promise_4_the_refresh_happens_once_also_when_the_holder_of_the_lease_is_frozen_in_the_middle()
    {
        var (stage, clients) = await ExpiringAsync(lease: 15, tokenCall: 10);
        await using var _ = stage;
        var holder = stage.Product.Functions[0];
        var fault = await HoldTokenAsync(stage);

        // The first process holds the lease, its call is on the wire, and it stands still.
        var first = AskAsync(stage, clients, [0], Calls / 2);
        await Eventually.TrueAsync("the provider holds the refresh", () => WaitingAsync(stage, fault), Within, Cancelled);
        holder.Freeze();
        var answers = await AskAsync(stage, clients, [1], Calls / 2).Answers;
        holder.Thaw();
        await Eventually.TrueAsync("the woken holder gave up its call", async () => !await WaitingAsync(stage, fault), Within, Cancelled);
        var late = await first.Answers;

        Report(stage);
        answers.Concat(late).ShouldAllBe(answer => answer == HttpStatusCode.OK);
        stage.Refreshes().Skip(first.RefreshesBefore).Select(call => call.Status).Order().ToList()
            .ShouldBe([0, 200], "the call that was given up, and the one that the other process made; the woken holder takes what that one stored");
        (await stage.Product.Practices[1].ConnectionAsync(clients[0], Cancelled)).GetProperty("state").GetString().ShouldBe("connected");
    }

    /// <summary>
    /// Two processes and five clients of one Xero user, hence of one grant, whose token is over for both processes at the same moment. The books could not be read yet, so that a
    /// forecast must ask the provider; it learns that the day's calls are used up and ends there.
    /// </summary>
    private async Task<(Stage Stage, IReadOnlyList<string> Clients)> ExpiringAsync(int lease, int tokenCall)
    {
        // We renew a token in its last minute.
        var life = TimeSpan.FromSeconds(66);
        var stage = await Stage.StartAsync(
            azurite, 2, Cancelled, new Switches { AccessTokenSeconds = (int)life.TotalSeconds },
            ("Connections__TokenCallLimit", $"{TimeSpan.FromSeconds(tokenCall):c}"), ("Connections__GrantLease", $"{TimeSpan.FromSeconds(lease):c}"), ("Xero__TokenTimeout", $"{TimeSpan.FromSeconds(tokenCall):c}"),
            ("Xero__Concurrent", "100"), ("Xero__RetryDelay", "00:00:00.05"), ("Sync__SliceRetryDelay", "00:00:00.1"));
        try
        {
            var product = stage.Product;
            var clients = new List<string>();
            var organisations = new List<string>();
            for (var number = 0; number < 5; number++)
            {
                var organisation = await product.NewOrganisationAsync("60", 430 + number, Cancelled);
                organisations.Add(organisation.TenantId);
                await product.Control.SendAsync(HttpMethod.Post, "faults", new { kind = "maintenance", tenantId = organisation.TenantId }, Cancelled);
                clients.Add(await product.ConnectedClientAsync(organisation, Cancelled));
            }
            foreach (var client in clients)
                (await product.EndAsync(client, Within, Cancelled)).Outcome.ShouldBe("failed");
            await product.Control.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
            foreach (var tenantId in organisations)
                await product.Control.SendAsync(HttpMethod.Post, "faults", new { kind = "rateLimited", problem = "day", retryAfter = 600, tenantId }, Cancelled);
            await product.Control.SendAsync(HttpMethod.Patch, "switches", new { accessTokenSeconds = 1800 }, Cancelled);
            var issued = product.Simulation.Calls.Find(new CallFilter(Endpoint: "token"))[^1].AtUtc;
            await Eventually.TrueAsync("the token is in its last minute",
                () => Task.FromResult(product.Simulation.Clock.UtcNow > issued + life - TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(2)), Within, Cancelled);
            return (stage, clients);
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>So many calls at once that need a token.</summary>
    private static Burst AskAsync(Stage stage, IReadOnlyList<string> clients, int[] processes, int count)
    {
        var burst = new Burst(stage.Refreshes().Count);
        stage.Proxy.Answered = request =>
        {
            // The last thing that a forecast reads before it asks the provider.
            if (request is { Table: "syncstate", IsWrite: false })
                burst.CameIn();
            return Task.FromResult(true);
        };
        burst.Answers = Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            using var answer = await stage.Product.Functions[processes[number % processes.Length]].Api.GetAsync($"clients/{clients[number % clients.Count]}/forecast", Cancelled);
            return answer.StatusCode;
        }));
        return burst;
    }

    private static async Task<Guid> HoldTokenAsync(Stage stage)
    {
        var id = Guid.NewGuid();
        await stage.Product.Control.SendAsync(HttpMethod.Post, "faults", new { id, kind = "hold", endpoint = "token", count = 1 }, Cancelled);
        return id;
    }

    private static async Task<bool> WaitingAsync(Stage stage, Guid fault)
    {
        using var control = new HttpClient { BaseAddress = new Uri(stage.Product.Simulation.BaseAddress, "/sandbox/") };
        var faults = System.Text.Json.JsonElement.Parse(await control.GetStringAsync("faults", Cancelled));
        return faults.EnumerateArray().Any(one => one.GetProperty("id").GetGuid() == fault && one.GetProperty("waiting").GetInt32() > 0);
    }

    private void Report(Stage stage)
    {
        foreach (var call in stage.Refreshes())
            output.WriteLine($"refresh {call.Number}: {call.Status} after {call.Milliseconds:0} ms {call.Fault}");
    }

    private sealed class Burst(int refreshesBefore)
    {
        private int _in;

        /// <summary>Refreshes before it.</summary>
        public int RefreshesBefore => refreshesBefore;

        /// <summary>Calls that have come to where they need a token.</summary>
        public int In => Volatile.Read(ref _in);

        public Task<HttpStatusCode[]> Answers { get; set; } = Task.FromResult(Array.Empty<HttpStatusCode>());

        public void CameIn() => Interlocked.Increment(ref _in);
    }
}
