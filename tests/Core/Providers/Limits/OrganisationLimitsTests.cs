using System.Text.Json;
using CsCheck;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Limits;

namespace DataHealth.Core.Tests.Providers.Limits;

public class OrganisationLimitsTests
{
    private static readonly CallLimits Limits = new()
    {
        Concurrent = 5,
        Minute = 60,
        Day = 1_000_000,
        DayReserve = 0,
        AppMinute = 10_000,
        MinuteWindow = TimeSpan.FromMinutes(1),
        DayWindow = TimeSpan.FromDays(1),
        SlotLifetime = TimeSpan.FromMinutes(2),
    };

    [Fact]
    public void The_minute_is_used_to_95_per_cent_and_hardly_any_call_is_refused_wherever_the_windows_begin() =>
        Gen.Select(Gen.Double[0, 60], Gen.Int[5, 12], Gen.Int[50, 900], Gen.Int[0, int.MaxValue - 1]).Sample(
            (offset, callers, latency, seed) =>
            {
                var xero = new XeroModel(TimeSpan.FromSeconds(offset), TimeSpan.Zero, dayLimit: 1_000_000);
                var simulation = new Simulation(xero, Limits, new Random(seed), TimeSpan.FromMilliseconds(latency));

                simulation.Run(callers, TimeSpan.FromMinutes(60));

                // The first window is learnt from and the last is cut off.
                (xero.Answered / (60.0 * 60)).ShouldBeGreaterThanOrEqualTo(0.95, $"answered {xero.Answered}");
                (xero.Refusals.Count / (double)simulation.Sent.Count).ShouldBeLessThanOrEqualTo(0.01);
            },
            iter: 300);

    [Fact]
    public void The_minute_stays_safe_when_answers_get_lost() =>
        Gen.Select(Gen.Double[0, 60], Gen.Int[0, int.MaxValue - 1]).Sample(
            (offset, seed) =>
            {
                var xero = new XeroModel(TimeSpan.FromSeconds(offset), TimeSpan.Zero, dayLimit: 1_000_000);
                var simulation = new Simulation(xero, Limits, new Random(seed), TimeSpan.FromMilliseconds(400));

                simulation.Run(8, TimeSpan.FromMinutes(30), losesAnswers: true);

                (xero.Answered / (60.0 * 30)).ShouldBeGreaterThanOrEqualTo(0.9);
                (xero.Refusals.Count / (double)simulation.Sent.Count).ShouldBeLessThanOrEqualTo(0.01);
            },
            iter: 100);

    [Fact]
    public void Never_more_than_five_are_in_flight()
    {
        var xero = new XeroModel(TimeSpan.FromSeconds(17), TimeSpan.Zero);
        var simulation = new Simulation(xero, Limits, new Random(1), TimeSpan.FromSeconds(3));

        simulation.Run(40, TimeSpan.FromMinutes(10));

        xero.Refusals.ShouldBeEmpty();
        simulation.Denials.ShouldContain(denial => denial.Answer.Limit == LimitKind.Concurrent);
    }

    [Fact]
    public void Rapid_sync_is_never_held_back()
    {
        var xero = new XeroModel(TimeSpan.Zero, TimeSpan.Zero) { IsRapidSync = true };
        var simulation = new Simulation(xero, Limits with { Day = 1000, DayReserve = 100 }, new Random(1), TimeSpan.FromMilliseconds(100));

        simulation.Run(5, TimeSpan.FromMinutes(10));

        simulation.Denials.ShouldBeEmpty();
        xero.Answered.ShouldBeGreaterThan(20_000);
    }

    [Fact]
    public void After_a_refusal_by_the_day_nobody_calls_until_the_time_that_Xero_gave()
    {
        var xero = new XeroModel(TimeSpan.FromSeconds(5), TimeSpan.FromHours(11), dayLimit: 100);
        var simulation = new Simulation(xero, Limits with { Day = 100 }, new Random(1), TimeSpan.FromMilliseconds(200));

        simulation.Run(5, TimeSpan.FromHours(1), CallPriority.Person);

        xero.Answered.ShouldBe(100);
        xero.Refusals.Count.ShouldBe(1);
        simulation.Sent.ShouldNotContain(sent => sent > xero.Refusals[0].AddSeconds(1));
        var said = simulation.Denials[^1].Answer;
        said.Limit.ShouldBe(LimitKind.Day);
        said.IsEstimate.ShouldBeFalse();
        said.Until.ShouldBe(new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Promise_2_a_call_let_through_before_a_refusal_was_noted_does_not_lift_it(bool isRefusedAgainWithoutATime)
    {
        var state = new OrganisationLimits();
        var refusedAt = Simulation.Start.AddSeconds(1);
        state.Enter(Limits, "refused", CallPriority.Person, Simulation.Start).ShouldBeNull();
        // The refusal has arrived, and the row does not know it yet.
        state.Enter(Limits, "beside", CallPriority.Person, refusedAt.AddMilliseconds(2)).ShouldBeNull();
        state.Leave(Limits, "refused", new LimitObservation(Simulation.Start, refusedAt) { Refused = LimitKind.Minute, RetryAfter = TimeSpan.FromHours(1) });
        if (isRefusedAgainWithoutATime)
            state.Leave(Limits, "refused too", new LimitObservation(refusedAt, refusedAt.AddMilliseconds(1)) { Refused = LimitKind.Minute });
        // Another process takes it up from the row.
        state = JsonSerializer.Deserialize(JsonSerializer.Serialize(state, LimitsJson.Default.OrganisationLimits), LimitsJson.Default.OrganisationLimits)!;
        state.Leave(Limits, "beside", new LimitObservation(refusedAt.AddMilliseconds(3), refusedAt.AddSeconds(1)) { MinuteRemaining = 58, DayRemaining = 900 });

        var denied = state.Enter(Limits, "next", CallPriority.Person, refusedAt.AddMinutes(59));

        denied.ShouldNotBeNull().Until.ShouldBe(refusedAt.AddHours(1) + Limits.Margin);
        state.Enter(Limits, "after", CallPriority.Person, denied.Until).ShouldBeNull();
    }

    [Fact]
    public void The_daily_sync_leaves_the_reserve_to_people()
    {
        var xero = new XeroModel(TimeSpan.FromSeconds(5), TimeSpan.FromHours(11), dayLimit: 100);
        var simulation = new Simulation(xero, Limits with { Day = 100, DayReserve = 10 }, new Random(1), TimeSpan.FromMilliseconds(200));

        simulation.Run(5, TimeSpan.FromMinutes(30));

        xero.Answered.ShouldBe(90);
        xero.Refusals.ShouldBeEmpty();
        var said = simulation.Denials[^1].Answer;
        said.Limit.ShouldBe(LimitKind.DayReserve);
        said.IsEstimate.ShouldBeTrue();
        said.Until.ShouldBe(Simulation.Start.AddDays(1), TimeSpan.FromSeconds(2));
        simulation.State.Enter(Limits with { Day = 100, DayReserve = 10 }, "person", CallPriority.Person, simulation.Now).ShouldBeNull();
    }

    [Fact]
    public void A_jump_of_the_day_teaches_when_the_next_day_begins()
    {
        var limits = Limits with { Day = 100, DayReserve = 10 };
        var state = new OrganisationLimits();
        var at = Simulation.Start;

        See(90);
        See(98);
        See(10);

        var denied = state.Enter(limits, "next", CallPriority.Scheduled, at).ShouldNotBeNull();
        denied.Limit.ShouldBe(LimitKind.DayReserve);
        denied.Until.ShouldBe(Simulation.Start.AddMinutes(10).AddSeconds(1).AddDays(1));

        void See(int left)
        {
            state.Enter(limits, "one", CallPriority.Scheduled, at).ShouldBeNull();
            state.Leave(limits, "one", new(at, at.AddSeconds(1)) { DayRemaining = left, MinuteRemaining = 60 });
            at = at.AddMinutes(10);
        }
    }

    [Fact]
    public void The_slot_of_a_caller_that_died_frees_itself()
    {
        var state = new OrganisationLimits();
        for (var caller = 0; caller < 5; caller++)
            state.Enter(Limits, $"{caller}", CallPriority.Scheduled, Simulation.Start).ShouldBeNull();

        state.Enter(Limits, "six", CallPriority.Scheduled, Simulation.Start.AddSeconds(119)).ShouldNotBeNull().Limit.ShouldBe(LimitKind.Concurrent);
        state.Enter(Limits, "six", CallPriority.Scheduled, Simulation.Start.AddSeconds(120)).ShouldBeNull();
    }

    [Theory]
    [InlineData(LimitKind.Unknown, 30, 30.25, false)]
    [InlineData(LimitKind.Unknown, null, 60, true)]
    [InlineData(LimitKind.AppMinute, 12, 12.25, false)]
    [InlineData(LimitKind.Concurrent, null, 1, true)]
    [InlineData(LimitKind.Day, null, 86400, true)]
    [InlineData(LimitKind.Minute, null, 60, true)]
    public void A_refusal_pauses_as_long_as_it_says_or_as_long_as_that_limit_can_last(LimitKind limit, int? retryAfter, double seconds, bool isEstimate)
    {
        var state = new OrganisationLimits();
        state.Enter(Limits, "one", CallPriority.Person, Simulation.Start).ShouldBeNull();

        state.Leave(Limits, "one", new(Simulation.Start, Simulation.Start) { Refused = limit, RetryAfter = retryAfter is { } wait ? TimeSpan.FromSeconds(wait) : null });

        state.Enter(Limits, "two", CallPriority.Person, Simulation.Start.AddMilliseconds(500))
            .ShouldBe(new GateAnswer.Denied(limit, Simulation.Start.AddSeconds(seconds), isEstimate));
        state.Enter(Limits, "two", CallPriority.Person, Simulation.Start.AddSeconds(seconds)).ShouldBeNull();
    }

    [Fact]
    public void A_paced_organisation_is_never_called_more_often_than_its_second_and_its_minute_allow() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 400], Gen.Int[0, int.MaxValue - 1]).Sample(
            (callers, latency, seed) =>
            {
                var limits = DataHealth.Core.Providers.QuickBooks.QuickBooksRegistration.Limits(new());
                var state = new OrganisationLimits();
                var random = new Random(seed);
                var now = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
                List<DateTimeOffset> sent = [];
                List<(string Owner, DateTimeOffset Sent, DateTimeOffset Ends)> running = [];
                for (var end = now.AddMinutes(3); now < end; now += TimeSpan.FromMilliseconds(random.Next(1, 20)))
                {
                    foreach (var call in running.Where(call => call.Ends <= now).ToList())
                    {
                        running.Remove(call);
                        state.Leave(limits, call.Owner, new(call.Sent, now));
                    }

                    if (running.Count >= callers || state.Enter(limits, $"{sent.Count}", CallPriority.Scheduled, now) is not null)
                        continue;
                    running.Add(($"{sent.Count}", now, now.AddMilliseconds(random.Next(1, latency + 1))));
                    sent.Add(now);
                }

                running.Count.ShouldBeLessThanOrEqualTo(5);
                MostWithin(sent, TimeSpan.FromSeconds(1)).ShouldBeLessThanOrEqualTo(10);
                MostWithin(sent, TimeSpan.FromMinutes(1)).ShouldBeLessThanOrEqualTo(500);
                if (callers >= 5 && latency <= 100)
                    sent.Count.ShouldBeGreaterThan(3 * 60 * 6, "it does not dawdle either");
            },
            iter: 40);

    private static int MostWithin(List<DateTimeOffset> sent, TimeSpan length)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < sent.Count; last++)
        {
            while (sent[last] - sent[first] >= length)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
