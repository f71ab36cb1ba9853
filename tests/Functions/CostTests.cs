using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

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
    }
}
