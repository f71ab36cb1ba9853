using System.Diagnostics;
using System.Diagnostics.Metrics;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Tests.Telemetry;

/// <summary>What an operator sees of one sync that paused on the provider's daily limit and went on.</summary>
public sealed class TelemetryTests(TracedStory story) : IClassFixture<TracedStory>
{
    private const string Root = "ConfirmConsent";
    private const string Generation = $"{Root} > create_orchestration:SyncRun > orchestration:SyncRun";

    [Fact]
    public void One_full_sync_is_one_connected_tree_over_its_pauses()
    {
        var ids = story.Trace.Select(span => span.SpanId).ToHashSet();

        story.Trace.Where(span => span.ParentSpanId == default).Select(span => span.OperationName).ShouldBe([Root]);
        story.Trace.Where(span => span.ParentSpanId != default && !ids.Contains(span.ParentSpanId)).Select(span => span.OperationName).ShouldBeEmpty("no span hangs in the air");
        story.Trace.Select(PathOf).Distinct().Order(StringComparer.Ordinal).ShouldBe(((string[])
        [
            Root,
            $"{Root} > create_orchestration:SyncRun",
            $"{Root} > sync.run",
            Generation,
            $"{Generation} > PlanSync",
            $"{Generation} > ReadSlice",
            $"{Generation} > ReadSlice > sync.slice",
            $"{Generation} > ReadSlice > sync.slice > provider.call",
            $"{Generation} > PauseSync",
            $"{Generation} > PauseSync > sync.pause",
            $"{Generation} > ContinueSync",
            $"{Generation} > ContinueSync > sync.continue",
            $"{Generation} > Recalculate",
            $"{Generation} > Recalculate > health.pass",
            $"{Generation} > FinishSync",
        ]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_goes_on_after_a_pause_leads_back_to_it()
    {
        var pauses = Named("sync.pause");

        pauses.Count.ShouldBeGreaterThan(0, "the day's limit paused it");
        Named("sync.continue").Select(span => span.Links.Single().Context.SpanId).ShouldBe(pauses.Select(span => span.SpanId), ignoreOrder: true);
        Named("orchestration:SyncRun").Count.ShouldBe(pauses.Count + 1, "each pause begins a generation");
        pauses.ShouldAllBe(span => Equals(span.GetTagItem(TagName.Limit), "day"));
    }

    [Fact]
    public void Every_call_is_a_span_that_says_what_it_was_for_and_all_of_them_are_what_the_run_record_counts()
    {
        var calls = Named("provider.call");
        var receipt = story.Run.Receipt!;

        calls.Count.ShouldBe(receipt.Calls);
        calls.Sum(span => (long)span.GetTagItem(TagName.Bytes)!).ShouldBe(receipt.Bytes);
        calls.ShouldAllBe(span => span.Kind == ActivityKind.Client && Equals(span.GetTagItem(TagName.Provider), "xero") && span.GetTagItem(TagName.Page) is int);
        calls.Select(span => span.GetTagItem(TagName.Dataset)).Distinct().ShouldBe(receipt.Datasets.Where(part => part.Calls > 0).Select(part => (object)part.Dataset), ignoreOrder: true);
        calls.Count(span => Equals(span.GetTagItem("http.response.status_code"), 200)).ShouldBeGreaterThan(5);
        var run = Named("sync.run").Single();
        run.GetTagItem(TagName.Outcome).ShouldBe("succeeded");
        run.Duration.TotalSeconds.ShouldBe((story.Run.FinishedAt - story.Run.RequestedAt)!.Value.TotalSeconds, 0.01);
        Named("sync.slice").ShouldAllBe(span => Equals(span.GetTagItem(TagName.Run), story.Run.RunId.Value) && Equals(span.GetTagItem(TagName.Client), story.Run.ClientId.Value));
    }

    [Fact]
    public void Metrics_add_up_to_the_run_record()
    {
        var receipt = story.Run.Receipt!;
        var capture = story.Capture;

        capture.Sum("datahealth.syncs").ShouldBe(1);
        capture.Sum("datahealth.syncs", ("outcome", "succeeded"), ("provider", "xero"), ("trigger", "connected")).ShouldBe(1);
        capture.Sum("datahealth.sync.duration").ShouldBe((story.Run.FinishedAt - story.Run.RequestedAt)!.Value.TotalSeconds, 0.01);
        capture.Sum("datahealth.provider.calls", ("provider", "xero")).ShouldBe(receipt.Calls);
        capture.Sum("datahealth.provider.bytes", ("provider", "xero")).ShouldBe(receipt.Bytes);
        foreach (var part in receipt.Datasets)
        {
            capture.Sum("datahealth.records", ("dataset", part.Dataset), ("change", "new")).ShouldBe(part.New);
            capture.Sum("datahealth.records", ("dataset", part.Dataset), ("change", "changed")).ShouldBe(part.Changed);
            capture.Sum("datahealth.records", ("dataset", part.Dataset), ("change", "deleted")).ShouldBe(part.Deleted);
        }
        capture.Sum("datahealth.records", ("change", "new")).ShouldBe(receipt.Datasets.Sum(part => part.New));
        capture.Sum("datahealth.sync.pauses", ("limit", "day")).ShouldBe(Named("sync.pause").Count);
        capture.Count("datahealth.sync.pause.duration", ("limit", "day")).ShouldBe(Named("sync.pause").Count);
        capture.Count("datahealth.provider.limit.remaining", ("limit", "day")).ShouldBeGreaterThan(0);
        capture.Count("datahealth.health.pass.duration", ("outcome", "done")).ShouldBe(1);
        capture.Count("datahealth.health.check.duration").ShouldBeGreaterThan(10);
        capture.Sum("datahealth.timer.runs", ("timer", "DueSync"), ("outcome", "succeeded")).ShouldBeGreaterThan(0);
        capture.Count("datahealth.oldest_due_client.age").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Metrics_are_told_apart_by_closed_sets_only()
    {
        string[] closed = ["provider", "dataset", "outcome", "trigger", "limit", "status_class", "change", "check", "timer"];
        string[] ids = [story.Run.ClientId.Value, story.Run.RunId.Value, story.Application.PracticeId];

        // The other test of this class plants one.
        story.Capture.Metrics.Where(one => one.Name != "canary").SelectMany(one => one.Tags).Select(tag => tag.Key).Distinct().Except(closed).ShouldBeEmpty();
        story.Capture.Metrics.SelectMany(one => one.Tags).Where(tag => ids.Contains($"{tag.Value}")).ShouldBeEmpty();
    }

    [Fact]
    public void A_timer_begins_a_trace_that_leads_to_what_it_started()
    {
        var timers = story.Capture.Spans.Where(span => span.OperationName == "DueSync").ToList();
        var taken = story.Capture.Spans.First(span => span.OperationName == "TakeDue" && timers.Any(timer => timer.TraceId == span.TraceId));
        var tree = story.Capture.Spans.Where(span => span.TraceId == taken.TraceId).ToDictionary(span => span.SpanId);

        PathOf(taken, tree).ShouldBe("DueSync > create_orchestration:FanOut > orchestration:FanOut > TakeDue");
        timers.ShouldAllBe(timer => Equals(timer.GetTagItem("faas.trigger"), "timer"));
    }

    [Fact]
    public async Task A_callers_own_trace_goes_on_in_ours()
    {
        var (trace, caller) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        using var request = new HttpRequestMessage(HttpMethod.Get, "me");
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");

        using var answer = await story.Application.Api.SendAsync(request, TestContext.Current.CancellationToken);

        answer.IsSuccessStatusCode.ShouldBeTrue();
        var span = story.Capture.Spans.Single(one => one.TraceId == trace);
        span.ParentSpanId.ShouldBe(caller);
        span.GetTagItem("http.response.status_code").ShouldBe(200);
    }

    [Theory]
    [InlineData("clients/00000000000000000000000000000000", 404)]
    [InlineData("clients?take=none", 400)]
    public async Task What_was_answered_stands_in_the_trace(string path, int status)
    {
        var (trace, caller) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");

        using var answer = await story.Application.Api.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        story.Capture.Spans.Single(one => one.TraceId == trace).GetTagItem("http.response.status_code").ShouldBe(status);
    }

    [Fact]
    public async Task No_provider_is_told_of_our_traces_and_a_planted_one_is_seen()
    {
        var sandbox = story.Application.Server;
        var calls = sandbox.Calls.Find(new());

        Named("provider.call").ShouldNotBeEmpty("they were traced here");
        calls.Select(call => call.Api).Distinct().Order().ShouldBe(["accounting", "assets", "connections", "identity"]);
        calls.Where(call => call.IsTraced).ShouldBeEmpty();

        using var http = new HttpClient { BaseAddress = sandbox.BaseAddress };
        using var planted = new HttpRequestMessage(HttpMethod.Get, "/connections");
        planted.Headers.Add("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01");
        (await http.SendAsync(planted, TestContext.Current.CancellationToken)).Dispose();
        sandbox.Calls.Find(new(After: calls.Max(call => call.Number))).ShouldContain(call => call.IsTraced);
    }

    [Fact]
    public void Logs_of_a_slice_carry_the_client_and_the_run()
    {
        var lines = story.Application.Logs.Lines.Where(line => line.Contains("Xero.XeroCalls", StringComparison.Ordinal) && line.Contains("answered 200", StringComparison.Ordinal)).ToList();

        lines.Count.ShouldBeGreaterThan(5);
        lines.ShouldAllBe(line => line.Contains(story.Run.ClientId.Value, StringComparison.Ordinal) && line.Contains(story.Run.RunId.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Promise_5_no_telemetry_of_a_run_holds_a_secret_or_personal_data_and_a_planted_one_is_found()
    {
        story.Forbidden.Count.ShouldBeGreaterThan(20);
        story.Told["traces"].ShouldContain("provider.call");
        story.Told["metrics"].ShouldContain("datahealth.provider.calls");
        story.Told["logs"].ShouldContain(story.Run.ClientId.Value, customMessage: "the scan reads what was sent");
        Found(story.Told).ShouldBeEmpty();

        var canary = story.Forbidden[0];
        Tracing.Source.StartActivity("canary")?.SetTag("planted", canary).Dispose();
        story.Application.Services.GetRequiredService<IMeterFactory>().Create(ProductMeter.Name).CreateCounter<long>("canary").Add(1, new KeyValuePair<string, object?>("planted", canary));
        story.Application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DataHealth.Canary").Log(LogLevel.Information, default, canary, null, (text, _) => text);

        Found(story.Snapshot()).Select(found => found.Where).Distinct().ShouldBe(["traces", "metrics", "logs", "spans", "lines"], ignoreOrder: true);
    }

    private IEnumerable<(string Where, string What)> Found(IReadOnlyDictionary<string, string> told) =>
        from place in told
        from word in story.Forbidden
        where place.Value.Contains(word, StringComparison.OrdinalIgnoreCase)
        select (place.Key, word);

    private List<Activity> Named(string name) => [.. story.Trace.Where(span => span.OperationName == name)];

    private string PathOf(Activity span) => PathOf(span, story.Trace.ToDictionary(one => one.SpanId));

    private static string PathOf(Activity span, Dictionary<ActivitySpanId, Activity> tree) =>
        tree.TryGetValue(span.ParentSpanId, out var parent) ? $"{PathOf(parent, tree)} > {span.OperationName}" : span.OperationName;
}
