using Azure.Data.Tables;
using DataHealth.Core;
using DataHealth.Core.Costs;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests;

public sealed class CostTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_syncs_cost_is_told_by_client_day_and_practice_beside_the_tier_and_a_full_tier_lets_nobody_in()
    {
        await using var application = await TestApplication.StartAsync(
            azurite, Cancelled, ("Costs:Providers:xero:Name", "Starter"), ("Costs:Providers:xero:MostConnections", "1"), ("Costs:Providers:xero:EgressGigabytes", "0"),
            ("Costs:Providers:xero:PricePerGigabyte", "2.40"));
        var practice = application.Practice;
        var client = await practice.AddClientAsync("Birch & Ash Ltd", Cancelled);
        await practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        var run = await practice.WaitForEndAsync(client, Within, Cancelled);
        var receipt = run.GetProperty("receipt");

        var own = await practice.GetAsync($"clients/{client}/costs", Cancelled);
        var whole = await practice.GetAsync("costs", Cancelled);
        var earlier = await practice.GetAsync("costs?month=2001-01", Cancelled);

        foreach (var costs in new[] { own, whole })
        {
            costs.GetProperty("calls").GetInt64().ShouldBe(receipt.GetProperty("calls").GetInt64());
            costs.GetProperty("bytes").GetInt64().ShouldBe(receipt.GetProperty("bytes").GetInt64());
            costs.GetProperty("days").GetArrayLength().ShouldBe(1);
        }
        own.GetProperty("headroom").GetProperty("dayRemaining").GetInt32().ShouldBeLessThan(own.GetProperty("headroom").GetProperty("dayLimit").GetInt32());
        earlier.GetProperty("calls").GetInt64().ShouldBe(0);
        var tier = whole.GetProperty("tiers").EnumerateArray().Single(one => PracticeDriver.Text(one, "provider") == "xero");
        tier.GetProperty("appCalls").GetInt64().ShouldBe(receipt.GetProperty("calls").GetInt64());
        (tier.GetProperty("connections").GetInt32(), tier.GetProperty("mostConnections").GetInt32()).ShouldBe((1, 1));
        PracticeDriver.Text(tier, "currency").ShouldBe("AUD");
        using var bad = await application.Api.GetAsync("costs?month=yesterday", Cancelled);
        ((int)bad.StatusCode).ShouldBe(400);

        var waiting = await practice.AddClientAsync("Waits", Cancelled);
        using var full = await application.Api.PostAsync($"clients/{waiting}/connections/xero", null, Cancelled);
        ((int)full.StatusCode).ShouldBe(409);
        (await full.Content.ReadAsStringAsync(Cancelled)).ShouldContain("app-full");

        // One consent for many: whoever has no place is refused, and nobody is added to the list for it.
        await application.Sandbox.SendAsync(HttpMethod.Patch, "apps/sandbox-client", new { bulk = true }, Cancelled);
        var result = await practice.ComeBackAsync(await application.Sandbox.AllowAsync(await practice.PressConnectManyAsync(Cancelled), "Ada Birch", ["Kauri Joinery Limited"], Cancelled), Cancelled);
        var offered = (await practice.OfferAsync(result, Cancelled)).GetProperty("organisations").EnumerateArray().Single(one => PracticeDriver.Text(one, "name") == "Kauri Joinery Limited");
        var matched = await practice.MatchAsync(result, [new { organisationId = PracticeDriver.Text(offered, "id"), newClientName = "Not to be added" }], Cancelled);
        PracticeDriver.Text(matched.GetProperty("results")[0], "outcome").ShouldBe("full");
        (await practice.GetAsync("clients?take=500", Cancelled)).GetRawText().ShouldNotContain("Not to be added");
    }

    [Fact]
    public async Task When_the_tier_s_reads_are_used_up_connecting_pressing_and_the_timer_let_the_client_wait_and_the_list_says_why()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Costs:Providers:xero:MeteredReads", "100"), ("DueSyncSchedule", "*/2 * * * * *"));
        var practice = application.Practice;
        // What other practices have used of the month.
        var costs = await application.Services.GetRequiredService<AppStorage>().TableAsync("costs", Cancelled);
        await costs.AddEntityAsync(new TableEntity($"~app|xero|{CostMonth.Of(DateTimeOffset.UtcNow)}", "0") { ["Calls"] = 100L, ["Bytes"] = 1L }, Cancelled);
        var id = await practice.AddClientAsync("Birch & Ash Ltd", Cancelled);
        var page = await practice.PressConnectAsync(id, Cancelled);
        using var confirmed = await practice.ConfirmAsync(await practice.ComeBackAsync(await application.Sandbox.AllowAsync(page, "Ada Birch", ["Birch & Ash Ltd"], Cancelled), Cancelled), Cancelled);
        (await confirmed.Content.ReadAsStringAsync(Cancelled)).ShouldContain("Copying the books waits.");

        using var pressed = await application.Api.PostAsync($"clients/{id}/sync", null, Cancelled);
        ((int)pressed.StatusCode).ShouldBe(409);
        (await pressed.Content.ReadAsStringAsync(Cancelled)).ShouldContain("reads-used-up");

        var due = application.Services.GetRequiredService<DueClients>();
        await due.SetAsync(new ClientId(id), DateTimeOffset.UtcNow, Cancelled);
        await Eventually.TrueAsync(
            "the timer has let it wait for an hour", async () => await due.FindAsync(new ClientId(id), Cancelled) > DateTimeOffset.UtcNow.AddMinutes(50), Within, Cancelled);
        var sync = (await practice.GetAsync("clients?paused=true", Cancelled)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("sync");
        (PracticeDriver.Text(sync, "state"), PracticeDriver.Text(sync, "pausedBy")).ShouldBe(("paused", "month"));
        (await practice.GetAsync($"clients/{id}/runs", Cancelled)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
