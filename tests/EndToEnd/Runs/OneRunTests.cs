using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Runs;

/// <summary>Many people, many processes, one run.</summary>
public sealed class OneRunTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ProviderUnderTest.FirstDaily), MemberType = typeof(ProviderUnderTest))]
    public async Task Promise_3_sync_pressed_by_many_people_at_once_on_two_processes_is_one_run(string provider)
    {
        await using var product = await RunningProduct.StartAsync(new ProductOptions { Provider = ProviderUnderTest.Of(provider), Azurite = azurite, Practices = ["birch", "birch"] }, Cancelled);
        var organisation = await product.NewOrganisationAsync("small", 130, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        var first = await product.EndAsync(client, Within, Cancelled);
        var before = product.DataCalls(organisation).Count;
        // The run that they press for is held at the provider until all have pressed.
        await product.Control.SendAsync(HttpMethod.Post, "faults", new { kind = "hold", endpoint = product.Provider.FirstEndpoint, tenantId = organisation.TenantId }, Cancelled);

        var pressed = await Task.WhenAll(Enumerable.Range(0, 20).Select(person => product.Practices[person % 2].PressSyncAsync(client, Cancelled)));
        await product.Control.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
        var run = (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();

        pressed.Distinct().ShouldBe([run.Id]);
        var history = await product.Practice.GetAsync($"clients/{client}/runs", Cancelled);
        history.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()).ShouldBe([run.Id, first.Id]);
        // Nineteen joined it: one more pass for all of them together, and no more.
        run.Timeline.Count(kind => kind == "planned").ShouldBeInRange(1, 2);
        product.DataCalls(organisation).Skip(before).Count(call => call.Endpoint == product.Provider.ReadOncePass).ShouldBeInRange(1, 2);
    }
}
