using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>The functions are ended by <c>kill -9</c> again and again while they recalculate (issue 6, must show 5).</summary>
[TakesLong]
public sealed class RecalculationKillTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Five_kills_leave_the_old_score_or_the_new_whole_and_the_right_one_afterwards() => KillAsync(kills: 5, seed: 631);

    [Fact]
    [Trait("Run", "Long")]
    public Task Twenty_kills_leave_the_old_score_or_the_new_whole_and_the_right_one_afterwards() => KillAsync(kills: 20, seed: 632);

    private async Task KillAsync(int kills, int seed)
    {
        await using var stage = await Stage.StartAsync(azurite, 1, Cancelled, null, ("LocalRuntime__LeaseSeconds", "6"), ("SweepSchedule", "*/30 * * * * *"));
        var product = stage.Product;
        var client = await product.ConnectedClientAsync(await product.NewOrganisationAsync("600", seed, Cancelled), Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        // Two settings, two results: each reader sees one of them, whole.
        int[] ages = [1, 12];
        var results = new Dictionary<int, string>();
        foreach (var months in ages)
        {
            await SetAsync(product, client, months);
            await PressAsync(product, client);
            await DoneAsync(product, client);
            results[months] = await SeenAsync(product, client);
        }
        results[1].ShouldNotBe(results[12], "the setting makes a difference");

        var random = new Random(seed);
        var reaper = new Reaper(stage.Functions, stage.Proxy);
        var places = new List<string>();
        for (var round = 0; places.Count < kills; round++)
        {
            round.ShouldBeLessThan(4 * kills, "each recalculation meets its kill");
            var months = ages[round % 2];
            await SetAsync(product, client, months);
            var killed = reaper.AtRequest(random.Next(1, 80), afterwards: random.Next(2) == 0);
            await PressAsync(product, client);
            await Eventually.TrueAsync("the functions are killed or it is recalculated", async () => killed.IsCompleted || await IsDoneAsync(product, client), Within, Cancelled);
            if (!reaper.Disarm())
            {
                places.Add(await killed);
                output.WriteLine($"kill {places.Count}: {places[^1]}");
                await stage.Functions.StartAsync(Cancelled);
                results.Values.ShouldContain(await SeenAsync(product, client), "the old one or the new, whole");
                // The press itself may have died with the process.
                await PressAsync(product, client);
            }
            await DoneAsync(product, client);
            (await SeenAsync(product, client)).ShouldBe(results[months]);
        }
    }

    /// <summary>The score, what each check found, and the findings themselves.</summary>
    private static async Task<string> SeenAsync(RunningProduct product, string client)
    {
        var (overview, list) = (default(JsonElement), default(JsonElement));
        // What the engine took up again may become visible between the two.
        await Eventually.TrueAsync("both are of one version", async () =>
        {
            overview = await product.Practice.GetAsync($"clients/{client}/health", Cancelled);
            list = await product.Practice.GetAsync($"clients/{client}/health/findings?take=500&sort=check", Cancelled);
            return list.GetProperty("version").GetString() == overview.GetProperty("version").GetString();
        }, Within, Cancelled);
        list.GetProperty("total").GetInt32().ShouldBe(overview.GetProperty("findings").GetProperty("open").GetInt32());
        var checks = overview.GetProperty("checks").EnumerateArray().Select(check => $"{PracticeDriver.Text(check, "key")} {check.GetProperty("open").GetInt32()}");
        var findings = list.GetProperty("items").EnumerateArray().Select(finding => PracticeDriver.Text(finding, "id")).Order(StringComparer.Ordinal);
        return $"{overview.GetProperty("score").GetProperty("exact").GetDecimal()} {string.Join(' ', checks)} {string.Join(' ', findings)}";
    }

    private static async Task SetAsync(RunningProduct product, string client, int months)
    {
        using var answer = await product.Practice.Api.PutAsJsonAsync($"clients/{client}/health/checks/aged-balances/settings", new { settings = new { months } }, Cancelled);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task PressAsync(RunningProduct product, string client)
    {
        try
        {
            using var answer = await product.Practice.Api.PostAsync($"clients/{client}/health/recalculate", null, Cancelled);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // Killed in this moment.
        }
    }

    private static Task DoneAsync(RunningProduct product, string client) => Eventually.TrueAsync("it is recalculated", () => IsDoneAsync(product, client), Within, Cancelled);

    private static async Task<bool> IsDoneAsync(RunningProduct product, string client)
    {
        try
        {
            return (await product.Practice.GetAsync($"clients/{client}/health", Cancelled)).GetProperty("recalculation").GetString() == "none";
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException && !Cancelled.IsCancellationRequested)
        {
            return false;
        }
    }
}
