using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Monitor.OpenTelemetry.Exporter;
using DataHealth.Core.Telemetry;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace DataHealth.Functions.Tests.Telemetry;

/// <summary>The alert on faults (infra/app/alerts.json), against what the exporter for Application Insights sends of answers: it calls every answer from 400 on no success.</summary>
public sealed class FaultAlertTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Answers_of_ours_that_failed_wake_somebody_and_what_callers_did_wrong_does_not()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var application = await TestApplication.StartAsync(azurite, cancelled);
        using var ingestion = new Ingestion();
        using (var tracing = Sdk.CreateTracerProviderBuilder().AddSource(Tracing.SourceName).AddAzureMonitorTraceExporter(ingestion.Describe).SetSampler(new AlwaysOnSampler()).Build())
        {
            using var stranger = new HttpClient { BaseAddress = application.Api.BaseAddress };
            var good = await AskAsync(application.Api, "me", HttpStatusCode.OK);
            var missing = await AskAsync(application.Api, "clients/00000000000000000000000000000000", HttpStatusCode.NotFound);
            var unknown = await AskAsync(stranger, "me", HttpStatusCode.Unauthorized);
            // As TraceInvocation leaves them: answered with 500, and broken off before there was an answer.
            var failed = Broken(span => span?.SetTag("http.request.method", "GET").SetTag("http.response.status_code", 500));
            var unanswered = Broken(_ => { });
            tracing.ForceFlush();

            ingestion.Of(good).ShouldBe((200, true));
            ingestion.Of(missing).ShouldBe((404, false));
            ingestion.Of(unknown).ShouldBe((401, false));
            ingestion.Of(failed).ShouldBe((500, false));
            ingestion.Of(unanswered).ShouldBe((0, false));
            ((ActivityTraceId[])[good, missing, unknown, failed, unanswered]).Where(trace => IsFault(ingestion.Of(trace))).ShouldBe([failed, unanswered]);
        }
        Query().ShouldContain("code = coalesce(toint(ResultCode), 0)");
        Query().ShouldContain("countif(code >= 500 or (Success == false and code < 400))", customMessage: "IsFault says the same");

        async Task<ActivityTraceId> AskAsync(HttpClient caller, string path, HttpStatusCode status)
        {
            var trace = ActivityTraceId.CreateRandom();
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
            using var answer = await caller.SendAsync(request, cancelled);
            answer.StatusCode.ShouldBe(status);
            return trace;
        }
    }

    private static bool IsFault((int Code, bool IsSuccess) request) => request.Code >= 500 || (!request.IsSuccess && request.Code < 400);

    private static ActivityTraceId Broken(Action<Activity?> answered)
    {
        Activity.Current = null;
        using var span = Tracing.Source.StartActivity("Broken", ActivityKind.Server);
        span!.SetTag("faas.trigger", "http");
        answered(span);
        span.Fail("500");
        return span.TraceId;
    }

    private static string Query() =>
        string.Join('\n', JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "app", "alerts.json")))!.AsArray()
            .Single(alert => alert!["key"]!.GetValue<string>() == "requests-failing")!["query"]!.AsArray().Select(line => line!.GetValue<string>()));

    /// <summary>Application Insights' end of the wire.</summary>
    private sealed class Ingestion : HttpMessageHandler
    {
        private readonly List<JsonElement> _items = [];

        public void Describe(AzureMonitorExporterOptions target)
        {
            target.ConnectionString = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://ingestion.example/";
            target.DisableOfflineStorage = true;
            target.EnableLiveMetrics = false;
            target.Transport = new HttpClientTransport(new HttpClient(this));
        }

        /// <summary>What came of the one request of a trace.</summary>
        public (int Code, bool IsSuccess) Of(ActivityTraceId trace)
        {
            lock (_items)
            {
                var data = _items.Single(item => Type(item) == "RequestData" && item.GetProperty("tags").GetProperty("ai.operation.id").GetString() == trace.ToString()).GetProperty("data").GetProperty("baseData");
                data.GetProperty("properties").GetProperty("faas.trigger").GetString().ShouldBe("http");
                return (int.Parse(data.GetProperty("responseCode").GetString()!, System.Globalization.CultureInfo.InvariantCulture), data.GetProperty("success").GetBoolean());
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = await request.Content!.ReadAsStreamAsync(cancellationToken);
            using var text = new StreamReader(request.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(sent, CompressionMode.Decompress) : sent);
            var count = 0;
            while (await text.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.Length == 0)
                    continue;
                count++;
                lock (_items)
                    _items.Add(JsonDocument.Parse(line).RootElement);
            }
            return new(HttpStatusCode.OK) { Content = new StringContent($$"""{"itemsReceived":{{count}},"itemsAccepted":{{count}},"errors":[]}""", System.Text.Encoding.UTF8, "application/json") };
        }

        private static string? Type(JsonElement item) => item.TryGetProperty("data", out var data) && data.TryGetProperty("baseType", out var type) ? type.GetString() : null;
    }
}
