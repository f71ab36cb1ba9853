using DataHealth.Core.Insights;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Core.Tests.Health;
using DataHealth.Core.Tests.Health.Records;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Insights;

/// <summary>Insights as they are kept beside the health.</summary>
public sealed class StoredInsightsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Insights_are_stored_with_the_recalculation_and_gathered_anew_for_another_day()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var insights = stage.Process.Get<ReadInsights>();

        // What was paid since is not in them until the next recalculation.
        stage.Records = [.. HealthStage.Written(), SmallBooks.Bill("3", "B", 300m)];
        (await insights.FindAsync(stage.Client, Running.Cancellation))!.Payables.Value!.Total.ShouldBe(200m);
        (await insights.GatherAsync(stage.Client, HealthStage.March.ReportingDate, Running.Cancellation))!.Payables.Value!.Total.ShouldBe(500m);
        await stage.RecalculateAsync();
        (await insights.FindAsync(stage.Client, Running.Cancellation))!.Payables.Value!.Total.ShouldBe(500m);
        (await stage.KeysAsync("v|")).Count(key => key.Contains("|i|", StringComparison.Ordinal)).ShouldBe(1, "the version before is swept");
    }
}
