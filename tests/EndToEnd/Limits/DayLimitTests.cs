using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Limits;

/// <summary>A company that does not fit into a day of calls (issue 3, must show 3).</summary>
public sealed class DayLimitTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Others = 10;

    // Calls that were on their way when the first refusal came: as many as may be in flight for one organisation.
    private const int InFlight = 5;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Promise_2_a_run_refused_for_the_day_makes_no_call_until_it_lifts_finishes_unattended_and_holds_back_no_other_client() =>
        CopyWithinAsync("6000", dayLimit: 6, daySeconds: 9, within: TimeSpan.FromMinutes(3));

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
        var organisation = await product.NewOrganisationAsync(size, 120, Cancelled);
        // Its days begin on whole multiples of their length, so that the log can be judged by the clock alone.
        product.Limit(organisation, new TenantLimits { Day = dayLimit, DayStartsAt = 0 });
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        var others = new List<string>();
        for (var number = 1; number <= Others; number++)
            others.Add(await product.ConnectedClientAsync(await product.NewOrganisationAsync("100", 120 + number, Cancelled), Cancelled));
        var paused = new Run(await product.Practice.WaitForRunAsync(client, "the run has paused", run => new Run(run).State == "paused", within, Cancelled));
        var ends = new List<DateTimeOffset>();
        foreach (var other in others)
            ends.Add((await product.EndAsync(other, within, Cancelled)).ShouldHaveSucceeded().Body.GetProperty("endedAt").GetDateTimeOffset());
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
        compared.ShouldBeEqual();
        ends.ShouldAllBe(at => at < ended);
    }

    private static void NoCallShouldComeAfterARefusal(IReadOnlyList<CallEntry> day, int dayLimit)
    {
        day.Count(call => call.Status == 200).ShouldBeLessThanOrEqualTo(dayLimit);
        if (day.FirstOrDefault(call => call.Status == 429) is not { } refused)
            return;
        var onTheirWay = refused.AtUtc.AddMilliseconds(refused.Milliseconds).AddSeconds(1);
        var later = day.Where(call => call.AtUtc > onTheirWay).ToList();
        later.ShouldBeEmpty($"refused at {refused.AtUtc:O}, and called again at {string.Join(", ", later.Select(call => $"{call.AtUtc:O} {call.Endpoint} {call.Status}"))}");
        day.Count(call => call.Status == 429).ShouldBeLessThanOrEqualTo(InFlight);
    }

    private static long Day(DateTime at, int daySeconds) => (at - DateTime.UnixEpoch).Ticks / TimeSpan.FromSeconds(daySeconds).Ticks;
}
