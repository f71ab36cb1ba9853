using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Sync;

/// <summary>When a pass over a dataset begins anew, and when another follows it.</summary>
public sealed class PassTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_pass_whose_order_is_refused_half_way_begins_anew_and_copies_everything_once()
    {
        var stage = SyncStage.WithInvoices(azurite, 45);
        var refused = false;
        stage.Provider.Before = call =>
        {
            if (call.Page != 3 || refused)
                return null;
            refused = true;
            return new PageOutcome.OrderRefused(new ProviderFault(FaultKind.HighVolumeRefused, "Too large.")) { Cost = new CallCost(1, 10) };
        };

        var run = await stage.SyncAsync();

        run.Outcome.ShouldBe(RunOutcome.Succeeded);
        await stage.ShouldEqualTheProviderAsync("invoices");
        stage.Provider.Calls.Select(call => call.Page).ShouldBe([1, 2, 3, 1, 2, 3, 4, 5]);
        var receipt = run.Receipt!.Datasets.Single();
        (receipt.New, receipt.Unchanged, receipt.Held, receipt.Calls).ShouldBe((45, 20, 45, 8));
    }

    [Fact]
    public async Task A_pass_that_loses_its_place_again_and_again_fails_in_the_end_and_the_next_sync_begins_it_anew()
    {
        var stage = SyncStage.WithInvoices(azurite, 45);
        var run = await stage.StartAsync();
        stage.Provider.Before = call => call.Page == 3 ? new PageOutcome.OrderRefused(new ProviderFault(FaultKind.BadAnswer, "The place was lost.")) : null;

        var outcome = await stage.CarryAsync(run, "invoices");

        (outcome.State, outcome.Fault!.Kind).ShouldBe((SliceState.Failed, FaultKind.BadAnswer));
        stage.Provider.Calls.Count.ShouldBe(12, "four times to its third page");
        stage.Provider.Before = null;
        (await stage.CarryAsync(run, "invoices")).State.ShouldBe(SliceState.Completed);
        await stage.ShouldEqualTheProviderAsync("invoices");
    }

    [Fact]
    public async Task Deletions_that_the_changes_do_not_tell_of_are_found_by_a_full_pass_where_nothing_can_be_counted()
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("attachments", dataset => dataset with { IsCountable = false });
        stage.Provider.Put("attachments", "kept", "{}");
        stage.Provider.Put("attachments", "gone", "{}");
        await stage.SyncAsync();
        stage.Clock.Advance(TimeSpan.FromHours(23));
        stage.Provider.Remove("attachments", "gone");
        stage.Provider.Before = call => call.Since is null ? null : new PageOutcome.Page([], null, null, stage.Clock.GetUtcNow()) { HidesDeletions = true, Cost = new CallCost(1, 10) };

        await stage.SyncAsync();

        await stage.ShouldEqualTheProviderAsync("attachments");
    }
}
