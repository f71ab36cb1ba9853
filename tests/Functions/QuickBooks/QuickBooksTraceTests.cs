using System.Diagnostics;
using System.Diagnostics.Metrics;
using DataHealth.Functions.Tests.Telemetry;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests.QuickBooks;

/// <summary>Our traces stay with us at QuickBooks as at Xero (issue 7, must show 2).</summary>
public sealed class QuickBooksTraceTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Intuit_is_not_told_of_our_traces_and_a_planted_one_is_seen()
    {
        await using var stage = await QuickBooksStage.StartAsync(azurite);
        using var capture = new Capture(stage.Application.Services.GetRequiredService<IMeterFactory>());
        await stage.CompanyAsync("Rowan Ltd");

        await stage.ConnectedAsync("Rowan Ltd");

        var calls = stage.Server.Calls.Find(new());
        capture.Spans.ShouldContain(span => span.OperationName == "provider.call", "they were traced here");
        calls.ShouldNotBeEmpty();
        calls.Where(call => call.IsTraced).ShouldBeEmpty();
        using var http = new HttpClient { BaseAddress = stage.Server.BaseAddress };
        using var planted = new HttpRequestMessage(HttpMethod.Get, "/v3/company/1/companyinfo/1");
        planted.Headers.Add("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01");
        (await http.SendAsync(planted, TestContext.Current.CancellationToken)).Dispose();
        stage.Server.Calls.Find(new(After: calls.Max(call => call.Number))).ShouldContain(call => call.IsTraced);
    }
}
