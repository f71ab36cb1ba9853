using System.Diagnostics.Metrics;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests.Telemetry;

/// <summary>What an operator is told of connections that die.</summary>
public sealed class ConnectionTelemetryTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_is_proven_dead_is_counted_once_with_its_proof_and_its_run()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        using var capture = new Capture(application.Services.GetRequiredService<IMeterFactory>());
        var client = await application.Practice.AddClientAsync("Dies", Cancelled);
        await application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        await application.Practice.WaitForEndAsync(client, TimeSpan.FromMinutes(8), Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = "tokenExpired" }, Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = "invalidGrant", endpoint = "token" }, Cancelled);

        var pressed = await application.Practice.PressSyncAsync(client, Cancelled);
        await application.Practice.WaitForRunAsync(
            client, "the run has ended", run => PracticeDriver.Text(run, "id") == pressed && PracticeDriver.Text(run, "state") == "finished", TimeSpan.FromMinutes(8), Cancelled);

        await Eventually.TrueAsync("both runs are counted", () => Task.FromResult(capture.Sum("datahealth.syncs") == 2), TimeSpan.FromMinutes(1), Cancelled);
        capture.Sum("datahealth.syncs", ("outcome", "connectionLost"), ("trigger", "person")).ShouldBe(1);
        capture.Sum("datahealth.connections.reconnect_needed", ("provider", "xero"), ("outcome", "grantInvalid")).ShouldBe(1);
        capture.Sum("datahealth.token.refreshes", ("provider", "xero"), ("outcome", "invalidGrant")).ShouldBe(1);
        capture.Sum("datahealth.provider.calls", ("status_class", "4xx")).ShouldBeGreaterThan(0, "the refused token was a call");
        capture.Spans.ShouldContain(span => span.OperationName == "token.refresh" && Equals(span.GetTagItem("error.type"), "invalidGrant"));
    }
}
