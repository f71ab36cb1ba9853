using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Equality;

/// <summary>The copy equals the provider's books in every field and line of every record (issue 3, must show 2 and 5).</summary>
[TakesLong]
public sealed class EqualityTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static IReadOnlyList<TheoryDataRow<string, string>> Sizes => [.. ProviderUnderTest.Keys.SelectMany(key => (TheoryDataRow<string, string>[])[Row(key, "small", true), Row(key, "medium", key == ProviderUnderTest.Xero.Key)])];

    [Theory]
    [MemberData(nameof(Sizes))]
    public Task The_copy_equals_the_books_after_the_first_sync_after_edits_between_syncs_and_after_edits_while_pages_were_read(string provider, string size) =>
        CompareThreeTimesAsync(provider, size, size == "small" ? 101 : 102, 500, Within);

    [Theory]
    [Trait("Run", "Long")]
    [MemberData(nameof(ProviderUnderTest.All), MemberType = typeof(ProviderUnderTest))]
    public Task A_large_copy_equals_the_books_as_well(string provider) => CompareThreeTimesAsync(provider, "large", 103, 500, TimeSpan.FromMinutes(60));

    private static TheoryDataRow<string, string> Row(string key, string size, bool isDaily)
    {
        var row = new TheoryDataRow<string, string>(key, size);
        if (!isDaily)
            row.Traits.Add("Run", ["Long"]);
        return row;
    }

    private async Task CompareThreeTimesAsync(string provider, string size, int seed, int edits, TimeSpan within)
    {
        await using var product = await RunningProduct.StartAsync(new ProductOptions { Provider = ProviderUnderTest.Of(provider), Azurite = azurite }, Cancelled);
        var organisation = await product.NewOrganisationAsync(size, seed, Cancelled);
        var comparison = new BooksComparison(product);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);

        var first = (await product.EndAsync(client, within, Cancelled)).ShouldHaveSucceeded();
        await ReportAsync("after the first sync", first, comparison.CompareAsync(client, organisation, afterFullPass: true, Cancelled));
        CallsShouldBeFew(product, organisation);

        var done = product.EditAtRandom(organisation, (ulong)seed, edits);
        var second = (await product.SyncAsync(client, within, Cancelled)).ShouldHaveSucceeded();
        await ReportAsync($"after {done.Count} edits between syncs", second, comparison.CompareAsync(client, organisation, afterFullPass: false, Cancelled));

        // A fifth of them right after each of these lists was read, while the others are being read.
        var whileReading = product.Provider.EditedWhileRead;
        foreach (var (collection, number) in whileReading.Select((collection, number) => (collection, number)))
        {
            await product.Control.SendAsync(HttpMethod.Post, $"organisations/{organisation.TenantId}/edits/scheduled",
                new { collection, afterPageCall = 1, random = new { seed = seed + number, count = edits / whileReading.Count } }, Cancelled);
        }
        var third = (await product.SyncAsync(client, within, Cancelled)).ShouldHaveSucceeded();
        product.Simulation.Edits(organisation).ShouldBe(done.Count + edits, "all scheduled edits were made");
        var last = (await product.SyncAsync(client, within, Cancelled)).ShouldHaveSucceeded();
        await ReportAsync($"after {edits} edits while pages were read, {third.Calls} calls, and the next sync", last, comparison.CompareAsync(client, organisation, afterFullPass: false, Cancelled));
    }

    private async Task ReportAsync(string when, Run run, Task<ComparisonResult> comparison)
    {
        var compared = await comparison;
        output.WriteLine($"{when}: {run.Calls} calls, {compared}");
        compared.ShouldBeEqual();
    }

    private void CallsShouldBeFew(RunningProduct product, Company organisation)
    {
        var (calls, most) = (product.DataCalls(organisation), product.Provider.MostFirstCalls(product, organisation));
        output.WriteLine($"Connecting and the first sync: {calls.Count} calls, {most} at most.");
        calls.Count.ShouldBeLessThanOrEqualTo(most, string.Join('\n', calls.Select(call => $"{call.Endpoint} {call.Query} {call.Status}")));
    }
}
