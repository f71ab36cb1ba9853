using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>The functions are ended by <c>kill -9</c> while they replay many runs (issue 4, must show 5; at its full size over the services alone in the core's tests).</summary>
[TakesLong]
public sealed class BulkReplayKillTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_of_one_cause_are_replayed_once_each_though_the_functions_are_killed_three_times_meanwhile()
    {
        await using var stage = await Stage.StartAsync(azurite, 1, Cancelled, null, ("LocalRuntime__LeaseSeconds", "6"), ("Sync__SliceRetryDelay", "00:00:00.2"));
        var product = stage.Product;
        var failed = new List<(string Client, string Run)>();
        for (var number = 0; number < 5; number++)
            failed.Add(await FailAsync(product, "wrongTypes", number));
        var other = await FailAsync(product, "highVolume", 9);
        await product.Control.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
        using var support = new HttpClient { BaseAddress = stage.Functions.Api.BaseAddress };
        using (var people = new SignInDriver(product.SignIn.BaseAddress))
            support.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await people.TokenAsync("sam", Cancelled));

        var random = new Random(611);
        var reaper = new Reaper(stage.Functions, stage.Proxy);
        var killed = reaper.AtRequest(random.Next(5, 40), afterwards: true);
        var batch = await BeginAsync(support);
        var kills = 0;
        for (; ; killed = reaper.AtRequest(random.Next(5, 120), afterwards: kills % 2 == 0))
        {
            await Eventually.TrueAsync("the functions are killed or the batch is done", async () => killed.IsCompleted || await IsDoneAsync(support, batch), Within, Cancelled);
            if (reaper.Disarm())
                break;
            output.WriteLine($"kill {++kills}: {await killed}");
            await stage.Functions.StartAsync(Cancelled);
            batch ??= await BeginAsync(support);
            if (kills == 3)
                break;
        }
        kills.ShouldBeGreaterThan(0);
        await Eventually.TrueAsync("the batch is done", () => IsDoneAsync(support, batch), Within, Cancelled);

        foreach (var (client, run) in failed)
        {
            (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
            var runs = (await product.Practice.GetAsync($"clients/{client}/runs", Cancelled)).GetProperty("items").EnumerateArray().ToList();
            runs.Count.ShouldBe(2, "replayed once");
            (PracticeDriver.Text(runs[0], "replayOf"), PracticeDriver.Text(runs[1], "id")).ShouldBe((run, run));
        }
        (await product.Practice.RunAsync(other.Client, Cancelled)).GetProperty("id").GetString().ShouldBe(other.Run, "it failed of another cause");
    }

    private static async Task<(string Client, string Run)> FailAsync(RunningProduct product, string fault, int seed)
    {
        var organisation = await product.NewOrganisationAsync("30", seed, Cancelled);
        await product.Control.SendAsync(HttpMethod.Post, "faults", new { kind = fault, endpoint = "Invoices", tenantId = organisation.TenantId }, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        var run = await product.EndAsync(client, Within, Cancelled);
        run.Outcome.ShouldBe("failed");
        return (client, run.Id);
    }

    // Pressed twice: its answer may be lost with the process, and then it is pressed again.
    private static async Task<string?> BeginAsync(HttpClient support)
    {
        try
        {
            var body = new { reason = "The provider mended it", filter = new { code = "bad-answer" }, perMinute = 600 };
            var pressed = await Task.WhenAll(SendAsync(support, "support/replays", body), SendAsync(support, "support/replays", body));
            return pressed.Select(answer => PracticeDriver.Text(answer, "id")).Distinct().ShouldHaveSingleItem();
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static async Task<bool> IsDoneAsync(HttpClient support, string? batch)
    {
        if (batch is null)
            return false;
        try
        {
            return (await support.GetFromJsonAsync<JsonElement>($"support/replays/{batch}", Cancelled)).GetProperty("progress").TryGetProperty("finishedAt", out _);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // Killed in this moment.
            return false;
        }
    }

    private static async Task<JsonElement> SendAsync(HttpClient support, string path, object body)
    {
        using var answer = await support.PostAsJsonAsync(path, body, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Accepted);
        return JsonElement.Parse(text);
    }
}
