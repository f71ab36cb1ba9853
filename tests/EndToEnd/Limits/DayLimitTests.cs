using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Limits;

/// <summary>A company that does not fit into a day of calls (issue 3, must show 3).</summary>
[TakesLong]
public sealed class DayLimitTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Others = 10;

    // Calls that were on their way when the first refusal came: as many as may be in flight for one organisation.
    private const int InFlight = 5;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Promise_2_a_run_refused_for_the_day_makes_no_call_until_it_lifts_finishes_unattended_and_holds_back_no_other_client() =>
        CopyWithinAsync("6000", dayLimit: 10, daySeconds: 9, within: TimeSpan.FromMinutes(6));

    [Fact]
    [Trait("Run", "Long")]
    public Task Promise_2_with_60000_records_and_20_calls_a_day() => CopyWithinAsync("60000", dayLimit: 20, daySeconds: 30, within: TimeSpan.FromMinutes(15));

    private async Task CopyWithinAsync(string size, int dayLimit, int daySeconds, TimeSpan within)
    {
        await using var product = await RunningProduct.StartAsync(
            new ProductOptions
            {
                Azurite = azurite,
                Sandbox = new SandboxOptions { Limits = ProductOptions.NoLimits with { DaySeconds = daySeconds } },
                Settings = new Dictionary<string, string> { ["Xero__DayWindow"] = $"{TimeSpan.FromSeconds(daySeconds):c}", ["Xero__DayReserve"] = "0", ["Xero__LongestWait"] = "00:00:01" },
            },
            Cancelled);
        var others = new List<string>();
        for (var number = 1; number <= Others; number++)
            others.Add(await product.ConnectedClientAsync(await product.NewOrganisationAsync("100", 120 + number, Cancelled), Cancelled));
        foreach (var other in others)
            (await product.EndAsync(other, within, Cancelled)).ShouldHaveSucceeded();
        var organisation = await product.NewOrganisationAsync(size, 120, Cancelled);
        // Its days begin on whole multiples of their length, so that the log can be judged by the clock alone. Until the others are through it gets on by two calls a day only.
        product.Limit(organisation, new TenantLimits { Day = 2, DayStartsAt = 0 });
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        var paused = new Run(await product.Practice.WaitForRunAsync(client, "the run has paused", run => new Run(run).State == "paused", within, Cancelled));
        var ends = await Task.WhenAll(others.Select(async other =>
            (await product.SyncAsync(other, within, Cancelled)).ShouldHaveSucceeded().Body.GetProperty("endedAt").GetDateTimeOffset()));
        product.Limit(organisation, new TenantLimits { Day = dayLimit, DayStartsAt = 0 });
        var run = (await product.EndAsync(client, within, Cancelled)).ShouldHaveSucceeded();
        var compared = await new BooksComparison(product).CompareAsync(client, organisation, afterFullPass: true, Cancelled);

        var calls = product.DataCalls(organisation);
        var days = calls.GroupBy(call => Day(call.AtUtc, daySeconds)).ToList();
        var ended = run.Body.GetProperty("endedAt").GetDateTimeOffset();
        output.WriteLine($"{compared}; {calls.Count} calls on {days.Count} days of {daySeconds} s with {dayLimit} calls each: {string.Join(", ", days.Select(day => $"{day.Count(call => call.Status == 200)}+{day.Count(call => call.Status == 429)} refused"))}");
        output.WriteLine($"{ends.Count(at => at < ended)} of {Others} other clients ended before it; timeline: {string.Join(' ', run.Timeline)}");
        paused.Body.GetProperty("pause").GetProperty("words").GetString()!.ShouldContain("goes on by itself");
        days.Count.ShouldBeGreaterThan(2);
        run.Timeline.Count(kind => kind == "paused").ShouldBeGreaterThan(1);
        foreach (var day in days)
            NoCallShouldComeAfterARefusal([.. day], dayLimit);
        NoCallShouldComeDuringAPause(calls, run);
        compared.ShouldBeEqual();
        ends.ShouldAllBe(at => at < ended);
    }

    private static void NoCallShouldComeAfterARefusal(IReadOnlyList<CallEntry> day, int dayLimit)
    {
        day.Count(call => call.Status == 200).ShouldBeLessThanOrEqualTo(dayLimit);
        day.Count(call => call.Status == 429).ShouldBeLessThanOrEqualTo(InFlight);
    }

    /// <summary>From the moment that the timeline calls it paused to the one at which it goes on, the sandbox has received nothing.</summary>
    private static void NoCallShouldComeDuringAPause(IReadOnlyList<CallEntry> calls, Run run)
    {
        DateTime? since = null;
        foreach (var line in run.Body.GetProperty("timeline").EnumerateArray())
        {
            var at = line.GetProperty("at").GetDateTimeOffset().UtcDateTime;
            switch (line.GetProperty("kind").GetString())
            {
                case "paused":
                    since ??= at;
                    break;
                case "continued" when since is { } from:
                    calls.Where(call => call.AtUtc > from && call.AtUtc < at).Select(call => $"{call.AtUtc:O} {call.Endpoint} {call.Status}").ShouldBeEmpty($"paused from {from:O} to {at:O}");
                    since = null;
                    break;
            }
        }
    }

    private static long Day(DateTime at, int daySeconds) => (at - DateTime.UnixEpoch).Ticks / TimeSpan.FromSeconds(daySeconds).Ticks;
}
