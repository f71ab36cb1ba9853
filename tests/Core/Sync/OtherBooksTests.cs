using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

/// <summary>A client that was reconnected to another organisation, as its person accepted.</summary>
public sealed class OtherBooksTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_copy_holds_nothing_of_the_former_organisation_after_the_first_sync_of_the_new_one(bool absenceMeansDeleted)
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("invoices", dataset => dataset with { AbsenceMeansDeleted = absenceMeansDeleted });
        foreach (var n in Enumerable.Range(0, 25))
            stage.Provider.Put("invoices", $"old{n:D2}", """{"of":"old"}""");
        stage.Provider.Put("invoices", "shared", """{"of":"old"}""");
        stage.Clock.Advance(TimeSpan.FromMinutes(30));
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        stage.Organisation = new("scripted", "another");
        foreach (var id in stage.Provider.Ids("invoices").ToList())
            stage.Provider.Remove("invoices", id);
        foreach (var n in Enumerable.Range(0, 23))
            stage.Provider.Put("invoices", $"new{n:D2}", """{"of":"new"}""");
        stage.Provider.Put("invoices", "shared", """{"of":"new"}""");
        stage.Clock.Advance(TimeSpan.FromHours(1));
        (await stage.SyncAsync(RunTrigger.Connected)).Outcome.ShouldBe(RunOutcome.Succeeded);

        await stage.ShouldEqualTheProviderAsync("invoices");
        (await stage.CopyAsync("invoices")).Values.Where(record => !record.IsDeleted).ShouldAllBe(record => !record.Id.StartsWith("old"));
    }

    [Fact]
    public async Task What_only_the_former_provider_had_is_no_gap_in_the_new_books()
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("invoices").With("assets");
        stage.Provider.Put("invoices", "one", "{}");
        stage.Provider.Before = call => call.Dataset == "assets" ? new PageOutcome.Failed(new ProviderFault(FaultKind.ScopeMissing, "403")) { Cost = new CallCost(1, 0) } : null;
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.SucceededWithGaps);

        stage.Organisation = new("scripted", "another");
        stage.Provider.Without("assets");
        stage.Clock.Advance(TimeSpan.FromHours(1));

        (await stage.SyncAsync(RunTrigger.Connected)).Outcome.ShouldBe(RunOutcome.Succeeded);
    }

    [Fact]
    public async Task A_pass_that_was_under_way_on_the_former_organisation_begins_anew()
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("invoices");
        foreach (var n in Enumerable.Range(0, 35))
            stage.Provider.Put("invoices", $"old{n:D2}", """{"of":"old"}""");
        stage.Clock.Advance(TimeSpan.FromMinutes(30));
        var run = await stage.StartAsync();
        await stage.NewSlice().ExecuteAsync(new SliceRequest(stage.Client, run, "invoices", MaxCalls: 2), SyncStage.Stop);

        stage.Organisation = new("scripted", "another");
        foreach (var id in stage.Provider.Ids("invoices").ToList())
            stage.Provider.Remove("invoices", id);
        foreach (var n in Enumerable.Range(0, 12))
            stage.Provider.Put("invoices", $"new{n:D2}", """{"of":"new"}""");
        stage.Clock.Advance(TimeSpan.FromHours(1));
        (await stage.CarryAsync(run, "invoices")).State.ShouldBe(SliceState.Completed);

        await stage.ShouldEqualTheProviderAsync("invoices");
    }
}
