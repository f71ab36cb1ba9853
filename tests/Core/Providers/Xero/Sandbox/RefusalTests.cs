using DataHealth.Core.Providers;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Providers.Xero.Sandbox;

public sealed class RefusalTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task An_expired_token_is_renewed_once_and_the_read_repeated()
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite);
        xero.Server.Clock.Offset = TimeSpan.FromMinutes(31);

        var reads = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => xero.ReadAsync("accounts")));

        reads.ShouldAllBe(read => read is PageOutcome.Page);
        xero.Renewals.ShouldBe(1);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_scope_that_was_not_given_is_said_as_that_and_the_rest_goes_on(int status)
    {
        var options = new SandboxOptions { Switches = new Switches { InsufficientScopeStatus = status } };
        await using var xero = await SandboxXero.ConnectAsync(azurite, app => app.Scopes = app.Scopes.Replace(" assets.read", ""), options);

        (await xero.ReadAsync("assets")).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.ScopeMissing);
        (await xero.ReadAsync("accounts")).ShouldBeOfType<PageOutcome.Page>();
        xero.Renewals.ShouldBe(0);
    }

    [Theory]
    [InlineData("trial-balance")]
    [InlineData("manual-journals")]
    public async Task A_right_that_the_connecting_user_lacks_is_no_missing_scope(string dataset)
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite, person: "Cleo Marsh");

        (await xero.ReadAsync(dataset)).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.UserRightMissing);
        (await xero.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Page>();
    }

    [Fact]
    public async Task A_connection_removed_at_Xero_is_lost_by_proof()
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite);
        await xero.ControlAsync(HttpMethod.Delete, $"organisations/{xero.Organisation.TenantId}/connections");

        (await xero.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.ConnectionLost>().Fault.Kind.ShouldBe(FaultKind.OrganisationRemoved);
    }

    [Fact]
    public async Task An_organisation_that_is_offline_is_not_lost()
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite);
        await xero.ControlAsync(HttpMethod.Patch, $"organisations/{xero.Organisation.TenantId}", new { offline = true });
        (await xero.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.OrganisationOffline);

        await xero.ControlAsync(HttpMethod.Patch, $"organisations/{xero.Organisation.TenantId}", new { offline = false });

        (await xero.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Page>();
    }

    [Theory]
    [InlineData("html")]
    [InlineData("halfJson")]
    [InlineData("wrongContentType")]
    [InlineData("wrongTypes")]
    [InlineData("truncate")]
    [InlineData("huge")]
    public async Task A_garbage_page_is_a_bad_answer_in_bounded_memory_and_the_next_read_works(string kind)
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite);
        await xero.ControlAsync(HttpMethod.Post, "faults", new { kind, endpoint = "Invoices" });

        var failed = (await xero.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Failed>();
        await xero.ControlAsync(HttpMethod.Delete, "faults");

        failed.Fault.Kind.ShouldBe(FaultKind.BadAnswer);
        failed.Fault.CorrelationId.ShouldNotBeNullOrEmpty();

        // Of 300 MB no more is taken than the largest answer and what the socket had under way.
        failed.Cost.Bytes.ShouldBeLessThan(2L * xero.App.LargestAnswer);
        (await xero.ReadAllAsync("invoices")).Records.Count.ShouldBe(xero.Truth.Truth("Invoices", new()).Count);
    }

    [Fact]
    public async Task A_minute_is_used_up_and_hardly_ever_overdrawn()
    {
        const int PerMinute = 20;
        var minute = TimeSpan.FromSeconds(4);
        await using var xero = await SandboxXero.ConnectAsync(
            azurite,
            app => (app.MinuteLimit, app.MinuteWindow, app.LongestWait) = (PerMinute, minute, TimeSpan.FromSeconds(30)),
            new SandboxOptions { Limits = new() { Minute = PerMinute, MinuteSeconds = minute.TotalSeconds } });

        var reads = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            // More wait than there are places: who finds none asks again, as a run does.
            while (true)
            {
                var outcome = await xero.ReadAsync("currencies");
                if (outcome is not PageOutcome.Limited)
                    return outcome;
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }));

        reads.ShouldAllBe(read => read is PageOutcome.Page);
        var calls = xero.Server.Calls.Find(new CallFilter(xero.Organisation.TenantId));
        calls.Max(call => call.InFlight).ShouldBeLessThanOrEqualTo(5);
        calls.Count(call => call.Status == 429).ShouldBeLessThanOrEqualTo(2);

        // Whichever way the minutes lie: so many calls never come closer together, and somewhere in the middle a minute was used up.
        var times = calls.Where(call => call.Status == 200).Select(call => call.AtUtc).Order().ToList();
        times.Max(from => times.Count(at => at >= from && at < from + minute)).ShouldBeInRange(19, 2 * PerMinute);
    }

    [Fact]
    public async Task A_refusal_for_high_volume_in_the_middle_of_a_pass_begins_another_in_the_order_of_last_change()
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite);
        using var first = (await xero.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Page>();
        xero.Server.World.Change(state => state.Switches = state.Switches with { HighVolumeRefusesIdOrder = true, HighVolumeRecords = 10 });

        (await xero.ReadAsync("invoices", 2, first.Cursor)).ShouldBeOfType<PageOutcome.OrderRefused>().Fault.Kind.ShouldBe(FaultKind.HighVolumeRefused);
        var (records, _) = await xero.ReadAllAsync("invoices");

        records.Select(record => record.Id).Distinct().Count().ShouldBe(xero.Truth.Truth("Invoices", new()).Count);
        xero.Server.Calls.Find(new CallFilter(xero.Organisation.TenantId, Endpoint: "Invoices", Status: 400)).Count.ShouldBe(1);
        records.Select(record => record.UpdatedAt).ShouldBe(records.Select(record => record.UpdatedAt).Order());
    }
}
