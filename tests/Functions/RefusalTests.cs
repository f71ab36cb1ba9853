using System.Net;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

/// <summary>What the provider refuses is told as what it is, over HTTP only.</summary>
[TakesLong]
public sealed class RefusalTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("removed", "connectionLost", "reconnectNeeded", true)]
    [InlineData("roleLost", "connectionLost", "reconnectNeeded", true)]
    [InlineData("demoReset", "connectionLost", "reconnectNeeded", true)]
    [InlineData("offline", "failed", "connected", false)]
    [InlineData("InvalidGrant", "connectionLost", "reconnectNeeded", true)]
    [InlineData("ScopeMissing", "failed", "connected", true)]
    [InlineData("HighVolume", "failed", "connected", false)]
    [InlineData("InvalidClient", "failed", "connected", false)]
    public async Task Promise_8_a_refusal_ends_in_the_state_that_it_proves_and_in_its_own_words(string refusal, string outcome, string state, bool reconnectMends)
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Sync:SliceRetryDelay", "00:00:00.1"), ("Xero:RetryDelay", "00:00:00.05"));
        var practice = application.Practice;
        // Only demo companies are ever reset.
        var client = await practice.AddClientAsync(refusal, Cancelled);
        await practice.ConnectAsync(client, "Ada Birch", "Demo Company (UK)", Cancelled);
        await practice.WaitForEndAsync(client, Soon, Cancelled);
        var organisation = await application.Sandbox.OrganisationAsync("Demo Company (UK)", Cancelled);

        await RefuseAsync(application.Sandbox, refusal, organisation);
        var pressed = await practice.PressSyncAsync(client, Cancelled);
        var run = await practice.WaitForRunAsync(client, "the run has ended", now => PracticeDriver.Text(now, "id") == pressed && PracticeDriver.Text(now, "state") == "finished", Soon, Cancelled);
        var connection = await practice.ConnectionAsync(client, Cancelled);

        PracticeDriver.Text(run, "outcome").ShouldBe(outcome, run.ToString());
        PracticeDriver.Text(connection, "state").ShouldBe(state, run.ToString());
        run.GetProperty("error").GetProperty("reconnectMends").GetBoolean().ShouldBe(reconnectMends, run.ToString());
        PracticeDriver.Text(run, "words").Contains("presses Reconnect", StringComparison.OrdinalIgnoreCase).ShouldBe(reconnectMends && refusal != "ScopeMissing", run.ToString());
        // Four attempts for each of the five datasets side by side; the others need not ask as well.
        application.Server.Calls.Find(new Local.Sandbox.Calls.CallFilter(Status: 503)).Count.ShouldBeInRange(refusal == "offline" ? 4 : 0, refusal == "offline" ? 20 : 0);
        using var again = await application.Api.PostAsync($"clients/{client}/sync", null, Cancelled);
        again.StatusCode.ShouldBe(state == "connected" ? HttpStatusCode.Accepted : HttpStatusCode.Conflict);
        if (state == "reconnectNeeded")
            (await again.Content.ReadAsStringAsync(Cancelled)).ShouldContain("presses Reconnect");
    }

    [Fact]
    public async Task A_part_of_the_books_that_we_may_not_read_leaves_a_gap_with_its_reason_and_the_rest_is_copied()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await application.Practice.AddClientAsync("With a gap", Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = "scopeMissing", endpoint = "ManualJournals" }, Cancelled);

        await application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        var run = await application.Practice.WaitForEndAsync(client, Soon, Cancelled);

        PracticeDriver.Text(run, "outcome").ShouldBe("succeededWithGaps", run.ToString());
        var data = await application.Practice.GetAsync($"clients/{client}/data", Cancelled);
        var journals = data.GetProperty("items").EnumerateArray().Single(dataset => PracticeDriver.Text(dataset, "dataset") == "manual-journals");
        PracticeDriver.Text(journals, "unavailable").ShouldBe("scope-missing");
        (await application.Practice.HeldAsync(client, Cancelled))["invoices"].ShouldBeGreaterThan(0);
    }

    private static async Task RefuseAsync(SandboxDriver sandbox, string refusal, string organisation)
    {
        switch (refusal)
        {
            case "removed":
                await sandbox.SendAsync(HttpMethod.Delete, $"organisations/{organisation}/connections", null, Cancelled);
                break;
            case "roleLost":
                await sandbox.SendAsync(HttpMethod.Delete, $"organisations/{organisation}/members/a0a00000-0000-4000-8000-000000000001", null, Cancelled);
                break;
            case "demoReset":
                await sandbox.SendAsync(HttpMethod.Post, $"organisations/{organisation}/reset-demo", null, Cancelled);
                break;
            case "offline":
                await sandbox.SendAsync(HttpMethod.Patch, $"organisations/{organisation}", new { offline = true }, Cancelled);
                break;
            case "InvalidGrant" or "InvalidClient":
                await sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = "tokenExpired" }, Cancelled);
                await sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = JsonNamingPolicy.CamelCase.ConvertName(refusal), endpoint = "token" }, Cancelled);
                break;
            default:
                await sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = JsonNamingPolicy.CamelCase.ConvertName(refusal), endpoint = "Invoices" }, Cancelled);
                break;
        }
    }
}
