using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Storage;
using DataHealth.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Providers.Limits;

public class CallGateTests(AzuriteFixture azurite)
{
    private static readonly OrganisationId Birch = new("xero", "9a7b6c5d");

    private static readonly CallLimits Limits = new()
    {
        Concurrent = 5,
        Minute = 60,
        Day = 5_000,
        DayReserve = 500,
        AppMinute = 10_000,
        MinuteWindow = TimeSpan.FromMinutes(1),
        DayWindow = TimeSpan.FromDays(1),
        SlotLifetime = TimeSpan.FromMinutes(2),
    };

    private readonly string _prefix = Azurite.NewPrefix();
    private readonly FakeTimeProvider _time = new(Simulation.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each gate is a process of its own: it shares nothing with another but the tables.
    private CallGate Process(CallLimits? limits = null) =>
        new(new AppStorage(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = _prefix })), limits ?? Limits, "xero", "our-app", _time);

    [Fact]
    public async Task Two_processes_never_have_more_than_five_calls_in_flight()
    {
        using var one = Process();
        using var two = Process();
        var inFlight = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async caller =>
        {
            var gate = caller % 2 == 0 ? one : two;
            for (var done = 0; done < 10;)
            {
                if (await gate.AcquireAsync(Birch, CallPriority.Person, Cancellation) is not GateAnswer.Granted(var lease))
                {
                    await Task.Yield();
                    continue;
                }

                var now = Interlocked.Increment(ref inFlight);
                InterlockedMax(ref most, now);

                // As long as a call takes: a few round trips, in which the others try to come in.
                for (var trip = 0; trip < 4; trip++)
                    await gate.HeadroomAsync(Birch, Cancellation);
                Interlocked.Decrement(ref inFlight);
                await gate.ReleaseAsync(lease, new(_time.GetUtcNow(), _time.GetUtcNow()) { MinuteRemaining = 60, DayRemaining = 5000 }, Cancellation);
                done++;
            }
        }));

        most.ShouldBeInRange(2, 5);
    }

    [Fact]
    public async Task What_one_process_learns_holds_for_the_other()
    {
        using var one = Process();
        using var two = Process();
        (await two.AcquireAsync(Birch, CallPriority.Scheduled, Cancellation)).ShouldBeOfType<GateAnswer.Granted>();
        var lease = (await one.AcquireAsync(Birch, CallPriority.Scheduled, Cancellation)).ShouldBeOfType<GateAnswer.Granted>().Lease;

        await one.ReleaseAsync(lease, new(_time.GetUtcNow(), _time.GetUtcNow()) { Refused = LimitKind.Day, RetryAfter = TimeSpan.FromHours(12), DayRemaining = 0 }, Cancellation);

        var denied = (await two.AcquireAsync(Birch, CallPriority.Person, Cancellation)).ShouldBeOfType<GateAnswer.Denied>();
        denied.ShouldBe(new GateAnswer.Denied(LimitKind.Day, Simulation.Start.AddHours(12).AddMilliseconds(250), IsEstimate: false));
        (await two.HeadroomAsync(Birch, Cancellation)).ShouldBe(new LimitHeadroom(0, 5_000, 60, denied.Until, LimitKind.Day));
        (await two.AcquireAsync(new("xero", "another"), CallPriority.Scheduled, Cancellation)).ShouldBeOfType<GateAnswer.Granted>();
        _time.Advance(TimeSpan.FromHours(12.01));
        (await two.AcquireAsync(Birch, CallPriority.Scheduled, Cancellation)).ShouldBeOfType<GateAnswer.Granted>();
    }

    [Fact]
    public async Task The_whole_app_stays_under_its_minute_over_all_processes_and_organisations()
    {
        var limits = Limits with { AppMinute = 200 };
        using var one = Process(limits);
        using var two = Process(limits);
        List<DateTimeOffset> granted = [];

        for (var tick = 0; tick < 150; tick++)
        {
            foreach (var gate in (CallGate[])[one, two])
            {
                for (var call = 0; call < 4; call++)
                {
                    if (await gate.AcquireAsync(new("xero", $"{gate == one}-{tick}-{call}"), CallPriority.Scheduled, Cancellation) is GateAnswer.Granted)
                        granted.Add(_time.GetUtcNow());
                    else
                        break;
                }
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        granted.ShouldAllBe(start => granted.Count(at => at >= start && at < start.AddMinutes(1)) <= 200);
        granted.Count.ShouldBeGreaterThan((int)(200 * 2.5 * 0.8));
    }

    [Theory]
    [InlineData(LimitKind.AppMinute, null, 20, 21)]
    [InlineData(null, 0, null, 61)]
    public async Task A_refusal_of_the_whole_app_or_its_last_call_stops_every_organisation(LimitKind? refused, int? remaining, int? retryAfter, int seconds)
    {
        using var gate = Process();
        var lease = (await gate.AcquireAsync(Birch, CallPriority.Person, Cancellation)).ShouldBeOfType<GateAnswer.Granted>().Lease;
        var wait = retryAfter is { } said ? TimeSpan.FromSeconds(said) : (TimeSpan?)null;

        await gate.ReleaseAsync(lease, new(_time.GetUtcNow(), _time.GetUtcNow()) { Refused = refused, AppMinuteRemaining = remaining, RetryAfter = wait }, Cancellation);

        (await gate.AcquireAsync(new("xero", "another"), CallPriority.Person, Cancellation)).ShouldBeOfType<GateAnswer.Denied>().Limit.ShouldBe(LimitKind.AppMinute);
        (await gate.HeadroomAsync(new("xero", "third"), Cancellation)).PausedBy.ShouldBe(LimitKind.AppMinute, "whoever starts runs must not send them against it");
        _time.Advance(TimeSpan.FromSeconds(seconds));
        (await gate.AcquireAsync(new("xero", "another"), CallPriority.Person, Cancellation)).ShouldBeOfType<GateAnswer.Granted>();
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, now, seen);
    }
}
