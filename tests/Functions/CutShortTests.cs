using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Functions.Tests.Telemetry;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataHealth.Functions.Tests;

/// <summary>An instance is stopped while it works: whoever waits for an answer is told so, and a timer's run counts as cut short and not as failed.</summary>
public sealed class CutShortTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_and_a_timer_that_the_instance_s_stop_meets_at_work_are_told_as_cut_short()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite, Cancelled);
        var application = await TestApplication.StartAsync(azurite, Cancelled, ("Storage:ConnectionString", proxy.ConnectionString), ("WebhookDrainSchedule", "*/1 * * * * *"));
        using var capture = new Capture(application.Services.GetRequiredService<IMeterFactory>());
        // The storage keeps what a request and a timer ask for, until all is over.
        var (request, timer, over) = (NewSignal(), NewSignal(), NewSignal());
        proxy.Arrived = async asked =>
        {
            // The hints are read by that timer alone.
            if (asked.Table is not ("clients" or "webhookhints"))
                return true;
            (asked.Table == "clients" ? request : timer).TrySetResult();
            await over.Task;
            return false;
        };
        try
        {
            var answering = application.Api.GetAsync("clients/019ab0c3f5e27d5c9a41d6a1c2b3e4f5", Cancelled);
            await Task.WhenAll(request.Task, timer.Task).WaitAsync(TimeSpan.FromMinutes(2), Cancelled);

            application.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

            using var answer = await answering;
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            PracticeDriver.Text(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)), "type").ShouldEndWith("/cut-short");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }
        finally
        {
            await application.DisposeAsync();
            over.TrySetResult();
        }
        capture.Count("datahealth.timer.runs", ("timer", "DrainWebhooks"), ("outcome", "cutShort")).ShouldBe(1);
        capture.Count("datahealth.timer.runs", ("timer", "DrainWebhooks"), ("outcome", "failed")).ShouldBe(0);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
