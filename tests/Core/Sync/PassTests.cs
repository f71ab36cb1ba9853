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

    [Theory]
    [InlineData("new")]
    [InlineData("edited")]
    public async Task What_slipped_past_changes_of_several_pages_while_they_were_read_comes_with_the_next_sync(string entered)
    {
        // Books that have had their confirming full pass, and that are too large for a full pass within the week.
        var stage = SyncStage.WithInvoices(azurite, 200);
        var isFirst = true;
        stage.Provider.Before = call =>
        {
            if (isFirst && call.Page == 3)
            {
                stage.Provider.Remove("invoices", "0150");
                stage.Provider.Put("invoices", "0150x", "{}");
            }
            isFirst &= call.Page != 3;
            return null;
        };
        await stage.SyncAsync();
        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.SyncAsync();
        stage.Clock.Advance(TimeSpan.FromHours(23));
        for (var n = 0; n < 25; n++)
            stage.Provider.Put("invoices", $"{n:D4}", $$"""{"v":2,"n":{{n}}}""");
        stage.Provider.Put("invoices", "0009x", "{}");
        stage.Clock.Advance(TimeSpan.FromHours(1));
        var hasMoved = false;
        stage.Provider.Before = call =>
        {
            if (call is { Page: 2, Since: not null } && !hasMoved)
            {
                // The first is gone without a trace, so 0009x moves to the page that was read; another enters at the end, and the count stands.
                hasMoved = true;
                stage.Provider.Remove("invoices", "0000");
                stage.Provider.Put("invoices", entered == "new" ? "0190x" : "0190", """{"v":3}""");
            }
            return null;
        };
        await stage.SyncAsync();
        stage.Provider.Before = null;
        stage.Clock.Advance(TimeSpan.FromDays(8));
        stage.Provider.Calls.Clear();

        await stage.SyncAsync();

        hasMoved.ShouldBeTrue();
        await stage.ShouldEqualTheProviderAsync("invoices");
        stage.Provider.Calls.Count.ShouldBeLessThanOrEqualTo(30, "the changes, those of the pass before again, the week's count twice, and a full pass of twenty pages for what is gone");
    }
}
