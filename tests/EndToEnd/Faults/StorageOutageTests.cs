using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>The storage goes away during a run and comes back.</summary>
public sealed class StorageOutageTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ProviderUnderTest.FirstDaily), MemberType = typeof(ProviderUnderTest))]
    public async Task Promise_1_storage_that_stops_and_starts_during_a_run_costs_nothing_but_time(string provider)
    {
        await using var product = await RunningProduct.StartAsync(
            new ProductOptions { Provider = ProviderUnderTest.Of(provider), IsStorageOnDisk = true, Settings = new Dictionary<string, string> { ["Provider__CallTimeout"] = "00:00:08" } },
            Cancelled);
        var organisation = await product.NewOrganisationAsync("6000", 411, Cancelled);
        // The largest list is held at the provider until the storage is gone: the run cannot end before.
        await product.Control.SendAsync(HttpMethod.Post, "faults", new { kind = "hold", endpoint = product.Provider.Documents.Collection, tenantId = organisation.TenantId }, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        await Eventually.TrueAsync("some pages have been fetched", () => Task.FromResult(product.DataCalls(organisation).Count >= 8), Within, Cancelled);

        product.Azurite.Stop();
        await Eventually.TrueAsync("the functions have noticed", () => Task.FromResult(product.Functions[0].Output.Contains("cannot read its storage", StringComparison.Ordinal)), Within, Cancelled);
        await product.Control.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
        var callsBefore = product.DataCalls(organisation).Count;
        product.Azurite.Start();

        var run = (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        product.DataCalls(organisation).Count.ShouldBeGreaterThan(callsBefore, "the run had not ended before the outage");
        var compared = await new BooksComparison(product).CompareAsync(client, organisation, afterFullPass: true, Cancelled);
        output.WriteLine($"Storage away after {callsBefore} calls, {product.DataCalls(organisation).Count} in all ({run.Calls} in the receipt): {compared}");
        compared.ShouldBeEqual();
    }
}
