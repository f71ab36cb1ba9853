using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>The functions are ended by <c>kill -9</c> again and again while they copy books (issue 3, must show 4).</summary>
[TakesLong]
public sealed class KillTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    // Five datasets side by side, each with one page that is being written and the one after it that is being read.
    private const int PagesInFlight = 5 * 2;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    // A token of 75 s is renewed after 15 s: kills meet refreshes too.
    private const int TokenSeconds = 75;

    private readonly List<string> _places = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ProviderUnderTest.FirstDaily), MemberType = typeof(ProviderUnderTest))]
    public Task Promise_1_five_kills_lose_nothing_double_nothing_and_fetch_only_the_pages_in_flight_again(string provider) =>
        KillAsync(ProviderUnderTest.Of(provider), 8_000, seed: 401, inFirstSync: 3, later: 2);

    [Theory]
    [Trait("Run", "Long")]
    [MemberData(nameof(ProviderUnderTest.All), MemberType = typeof(ProviderUnderTest))]
    public Task Promise_1_thirty_kills_lose_nothing_double_nothing_and_fetch_only_the_pages_in_flight_again(string provider) =>
        KillAsync(ProviderUnderTest.Of(provider), 60_000, seed: 402, inFirstSync: 18, later: 12);

    private async Task KillAsync(ProviderUnderTest provider, int records, int seed, int inFirstSync, int later)
    {
        await using var stage = await Stage.StartAsync(provider, azurite, 1, Cancelled);
        var product = stage.Product;
        await product.Control.SendAsync(HttpMethod.Patch, "switches", new { accessTokenSeconds = TokenSeconds }, Cancelled);
        var random = new Random(seed);
        var reaper = new Reaper(stage.Functions, stage.Proxy);
        var organisation = await product.NewOrganisationAsync($"{records}", seed, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);

        // The first sync.
        while (_places.Count < inFirstSync && await KillOnceAsync(stage, reaper, client, random))
        {
        }
        var first = (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        var inFirst = _places.Count;
        inFirst.ShouldBe(inFirstSync, "the first sync is long enough for all of its kills");
        FewShouldBeRepeated(product.DataCalls(organisation), inFirst);
        NothingShouldBeDoubled(first);
        var comparison = new BooksComparison(product);
        var compared = await comparison.CompareAsync(client, organisation, afterFullPass: true, Cancelled);
        output.WriteLine($"After {inFirst} kills in the first sync: {compared}");
        compared.ShouldBeEqual();

        // Incremental ones.
        var syncs = 1;
        for (var rounds = 0; _places.Count < inFirstSync + later; rounds++)
        {
            rounds.ShouldBeLessThan(4 * later, "an incremental sync meets its kill");
            var (killsBefore, callsBefore) = (_places.Count, product.DataCalls(organisation).Count);
            product.EditAtRandom(organisation, (ulong)(seed + rounds), 300);
            await product.Practice.PressSyncAsync(client, Cancelled);
            syncs++;
            await KillOnceAsync(stage, reaper, client, random);
            (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
            FewShouldBeRepeated([.. product.DataCalls(organisation).Skip(callsBefore)], _places.Count - killsBefore);
        }

        // The connection lives, and the copy is right.
        (await product.SyncAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        compared = await comparison.CompareAsync(client, organisation, afterFullPass: false, Cancelled);
        compared = new ComparisonResult([.. compared.Datasets.Where(dataset => !provider.Weekly.Contains(dataset.Dataset))]);
        Histogram(stage, seed);
        output.WriteLine($"After {_places.Count} kills and {syncs} syncs: {compared}");
        compared.ShouldBeEqual();
        (await RunsAsync(product, client)).ShouldBe(syncs + 1, "one run for each request, and none twice");
        PracticeState(await product.Practice.ConnectionAsync(client, Cancelled)).ShouldBe("connected");
        _places.Count(place => place == Reaper.BetweenDataAndCheckpoint).ShouldBeGreaterThanOrEqualTo(_places.Count / 3);
    }

    /// <summary>Every other kill falls between a page's data and its checkpoint, the others anywhere. False when the run ended before it came to that.</summary>
    private async Task<bool> KillOnceAsync(Stage stage, Reaper reaper, string client, Random random)
    {
        var killed = _places.Count % 2 == 0 ? reaper.BeforeNextCheckpoint() : reaper.AtRequest(random.Next(1, 250), afterwards: random.Next(2) == 0);
        await Eventually.TrueAsync("the functions are killed or the run has ended",
            async () => killed.IsCompleted || await stage.EndedAsync(client, Cancelled) is not null, Within, Cancelled);
        if (reaper.Disarm())
            return false;
        var place = await killed;
        _places.Add(place);
        output.WriteLine($"kill {_places.Count}: {place}");
        await stage.Functions.StartAsync(Cancelled);
        return true;
    }

    private void FewShouldBeRepeated(IReadOnlyList<CallEntry> calls, int kills)
    {
        // An answer with an error brought no page.
        var pages = calls.Where(call => call.Status is 200 or 0).GroupBy(call => (call.Endpoint, call.Query, call.IfModifiedSince)).ToList();
        var again = pages.Sum(page => page.Count() - 1);
        output.WriteLine($"{kills} kills: {pages.Count} pages and reports, {again} of them fetched again (at most {kills * PagesInFlight} may be).");
        again.ShouldBeLessThanOrEqualTo(kills * PagesInFlight);
        pages.ShouldAllBe(page => page.Count() <= 1 + kills);
    }

    private static void NothingShouldBeDoubled(Run first)
    {
        foreach (var dataset in first.Body.GetProperty("receipt").GetProperty("datasets").EnumerateArray())
        {
            // Held leaves out what is deleted at the provider; its own count has it.
            var expected = dataset.TryGetProperty("providerCount", out var counted) && counted.ValueKind == System.Text.Json.JsonValueKind.Number ? counted : dataset.GetProperty("held");
            dataset.GetProperty("new").GetInt32().ShouldBe(expected.GetInt32(), dataset.GetRawText());
            dataset.GetProperty("skipped").GetInt32().ShouldBe(0, dataset.GetRawText());
        }
    }

    private void Histogram(Stage stage, int seed)
    {
        output.WriteLine($"Seed {seed}: {_places.Count} kills, {stage.Refreshes().Count} token refreshes, {stage.Proxy.Count} storage requests. Places:");
        foreach (var place in _places.CountBy(place => place).OrderByDescending(place => place.Value))
            output.WriteLine($"{place.Value,4}  {place.Key}");
    }

    private static async Task<int> RunsAsync(RunningProduct product, string client) =>
        (await product.Practice.GetAsync($"clients/{client}/runs?take=100", Cancelled)).GetProperty("items").GetArrayLength();

    private static string PracticeState(System.Text.Json.JsonElement connection) => connection.GetProperty("state").GetString()!;
}
