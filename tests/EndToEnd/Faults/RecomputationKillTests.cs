using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>The functions are ended by <c>kill -9</c> again and again while they recompute history: each month has its point in the end, once, and it is the right one.</summary>
public sealed class RecomputationKillTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Two_kills_leave_each_month_its_point_once() => KillAsync(kills: 2, seed: 641);

    [Fact]
    [Trait("Run", "Long")]
    public Task Ten_kills_leave_each_month_its_point_once() => KillAsync(kills: 10, seed: 642);

    private async Task KillAsync(int kills, int seed)
    {
        await using var stage = await Stage.StartAsync(azurite, 1, Cancelled, null, ("LocalRuntime__LeaseSeconds", "6"), ("SweepSchedule", "*/10 * * * * *"));
        var product = stage.Product;
        var client = await product.ConnectedClientAsync(await product.NewOrganisationAsync("300", seed, Cancelled), Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        var months = Enumerable.Range(1, 4).Select(back => DateTime.UtcNow.AddMonths(-back).ToString("yyyy-MM", CultureInfo.InvariantCulture)).Reverse().ToArray();
        // The first time nobody is killed: what is right.
        await AskAsync(product, client, months);
        await DoneAsync(product, client, before: "");
        var right = await PointsAsync(product, client);
        right.Count.ShouldBe(months.Length);

        var random = new Random(seed);
        var reaper = new Reaper(stage.Functions, stage.Proxy);
        var killed = 0;
        for (var round = 0; killed < kills; round++)
        {
            round.ShouldBeLessThan(4 * kills, "each recomputation meets its kill");
            var before = await AskedAsync(product, client);
            var place = reaper.AtRequest(random.Next(5, 150), afterwards: random.Next(2) == 0);
            await AskAsync(product, client, months);
            await Eventually.TrueAsync("the functions are killed or it is done", async () => place.IsCompleted || await IsDoneAsync(product, client, before), Within, Cancelled);
            if (!reaper.Disarm())
            {
                output.WriteLine($"kill {++killed}: {await place}");
                await stage.Functions.StartAsync(Cancelled);
                // The press itself may have died with the process; once more it is the same.
                if (await AskedAsync(product, client) == before)
                    await AskAsync(product, client, months);
            }
            await DoneAsync(product, client, before);
            (await PointsAsync(product, client)).ShouldBe(right);
        }
    }

    private static async Task<List<string>> PointsAsync(RunningProduct product, string client) =>
    [
        .. (await product.Practice.GetAsync($"clients/{client}/health/history?from={DateTime.UtcNow.AddYears(-1):yyyy-MM-dd}", Cancelled)).GetProperty("items").EnumerateArray()
            .Where(point => PracticeDriver.Text(point, "kind") == "recomputed").Select(point => $"{PracticeDriver.Text(point, "reportingDate")} {point.GetProperty("score").GetRawText()} {point.GetProperty("checks").GetRawText()}"),
    ];

    private static async Task AskAsync(RunningProduct product, string client, string[] months)
    {
        try
        {
            using var answer = await product.Practice.Api.PostAsJsonAsync($"clients/{client}/health/history/recomputation", new { months }, Cancelled);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Cancelled));
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // It was not heard, or died before it answered.
        }
    }

    private static async Task<string> AskedAsync(RunningProduct product, string client) => PracticeDriver.Text(await product.Practice.GetAsync($"clients/{client}/health/history/recomputation", Cancelled), "id");

    private static Task DoneAsync(RunningProduct product, string client, string before) => Eventually.TrueAsync("history is recomputed", () => IsDoneAsync(product, client, before), Within, Cancelled);

    private static async Task<bool> IsDoneAsync(RunningProduct product, string client, string before)
    {
        try
        {
            var now = await product.Practice.GetAsync($"clients/{client}/health/history/recomputation", Cancelled);
            PracticeDriver.Text(now, "state").ShouldNotBe("failed");
            return PracticeDriver.Text(now, "state") == "done" && (before.Length == 0 || PracticeDriver.Text(now, "id") != before);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException && !Cancelled.IsCancellationRequested)
        {
            return false;
        }
    }
}
