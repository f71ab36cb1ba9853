using System.Net;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Deletion;

/// <summary>What a deletion leaves to others, and what of the client it can keep.</summary>
public sealed class SharedOrganisationTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promise_6_another_practice_that_holds_the_same_organisation_keeps_working_and_the_last_one_revokes()
    {
        await using var product = await RunningProduct.StartAsync(new ProductOptions { Azurite = azurite, Practices = ["birch", "ash"] }, Cancelled);
        var organisation = await product.NewOrganisationAsync("200", 71, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        var other = await product.Practices[1].AddClientAsync("Theirs", Cancelled);
        await product.Practices[1].ConnectAsync(other, "Ada Birch", organisation.Name, Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        new Run(await product.Practices[1].WaitForEndAsync(other, Within, Cancelled)).ShouldHaveSucceeded();
        await RunningProduct.SettledAsync(product.Practices[1], other, Within, Cancelled);
        var theirs = await ClientTracks.RowsAsync(product, other, Cancelled);

        // First the data only: the client stays, is empty, and can be connected again.
        var emptied = await DeletionKillTests.DeleteAsync(product, client, organisation, keepClient: true);
        await Eventually.TrueAsync("the data is deleted", async () => await DeletionKillTests.StateAsync(product, emptied) == "done", Within, Cancelled);
        (await product.Practice.ConnectionAsync(client, Cancelled)).GetProperty("state").GetString().ShouldBe("notConnected");
        (await product.Practice.HeldAsync(client, Cancelled)).ShouldBeEmpty();
        ClientTracks.Differences(theirs, await ClientTracks.RowsAsync(product, other, Cancelled)).ShouldBeEmpty();
        await product.Practice.ConnectAsync(client, "Ada Birch", organisation.Name, Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        (await product.Practice.HeldAsync(client, Cancelled))["invoices"].ShouldBeGreaterThan(0);

        // Then the client.
        var deleted = await DeletionKillTests.DeleteAsync(product, client, organisation);
        await Eventually.TrueAsync("the client is deleted", async () => await DeletionKillTests.StateAsync(product, deleted) == "done", Within, Cancelled);
        (await ClientTracks.OfAsync(product, [client], Cancelled)).ShouldBeEmpty();
        using (var gone = await product.Practice.Api.GetAsync($"clients/{client}", Cancelled))
            gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await product.Practices[1].PressSyncAsync(other, Cancelled);
        new Run(await product.Practices[1].WaitForEndAsync(other, Within, Cancelled)).ShouldHaveSucceeded();
        product.Sandbox.Calls.Find(new()).ShouldNotContain(call => call.Endpoint == "revocation");

        // The other practice's certificate is not ours to see.
        using (var hidden = await product.Practices[1].Api.GetAsync(deleted, Cancelled))
            hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var last = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(product.Practices[1].Api, $"clients/{other}/deletion", new { name = "Theirs" }, Cancelled);
        last.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync("the last one is deleted", async () =>
            (await product.Practices[1].GetAsync("deletions", Cancelled)).GetProperty("items")[0].GetProperty("state").GetString() == "done", Within, Cancelled);
        product.Sandbox.Calls.Find(new()).Count(call => call.Endpoint == "revocation").ShouldBe(1);
        (await ClientTracks.OfAsync(product, [other, organisation.TenantId], Cancelled)).ShouldBeEmpty();
        Directory.EnumerateFiles(product.VaultFolder, "*.secret").ShouldBeEmpty();
    }
}
