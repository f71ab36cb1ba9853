using CsCheck;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Webhooks;

namespace DataHealth.Core.Tests.Webhooks;

public sealed class HintDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly WebhookOptions Rules = new();
    private static readonly LimitHeadroom Plenty = new(5_000, 5_000, 60, null, null);

    [Fact]
    public void A_hint_waits_for_others_and_for_the_time_between_two_syncs()
    {
        Of(Now, null, Plenty).ShouldBe(new HintDecision.Hasten(Now + Rules.Settle));
        Of(Now, Ended(Now.AddMinutes(-10)), Plenty).ShouldBe(new HintDecision.Hasten(Now.AddMinutes(-10) + Rules.BetweenSyncs));
        Of(Now.AddMinutes(-30), Ended(Now.AddHours(-9)), Plenty).ShouldBe(new HintDecision.Hasten(Now));
    }

    [Fact]
    public void A_sync_since_has_read_what_changed_and_a_failed_one_keeps_its_own_pace()
    {
        Of(Now.AddMinutes(-5), Ended(Now.AddMinutes(-2)), Plenty).ShouldBeOfType<HintDecision.Settled>();
        Of(Now, Ended(Now.AddHours(-2), RunOutcome.Failed), Plenty).ShouldBeOfType<HintDecision.Settled>();
    }

    [Fact]
    public void A_run_at_work_a_limit_and_a_day_half_used_make_it_wait()
    {
        Of(Now, Ended(Now.AddMinutes(-2)) with { State = RunState.Running }, Plenty).ShouldBeOfType<HintDecision.Wait>();
        Of(Now, null, Plenty with { PausedUntil = Now.AddHours(3), PausedBy = LimitKind.Day }).ShouldBeOfType<HintDecision.Wait>();
        Of(Now, null, Plenty with { DayRemaining = 2_499 }).ShouldBeOfType<HintDecision.Wait>();
        Of(Now, null, Plenty with { DayRemaining = null }).ShouldBeOfType<HintDecision.Hasten>();
    }

    [Fact]
    public void Hints_never_make_more_syncs_than_the_rules_allow() =>
        Gen.Select(Gen.Int[-5_000, 0], Gen.Int[-5_000, 0], Gen.Int[0, 5_000], Gen.Bool).Sample((seen, requested, left, hasGaps) =>
        {
            var run = Ended(Now.AddMinutes(requested), hasGaps ? RunOutcome.SucceededWithGaps : RunOutcome.Succeeded);

            var decision = Of(Now.AddMinutes(seen), run, Plenty with { DayRemaining = left });

            if (decision is HintDecision.Hasten(var at))
            {
                at.ShouldBeGreaterThanOrEqualTo(Now);
                at.ShouldBeGreaterThanOrEqualTo(run.RequestedAt + Rules.BetweenSyncs);
                left.ShouldBeGreaterThanOrEqualTo(2_500);
                run.RequestedAt.ShouldBeLessThanOrEqualTo(Now.AddMinutes(seen + 1));
            }
        });

    private static HintDecision Of(DateTimeOffset seen, RunRecord? run, LimitHeadroom headroom) => HintDecision.Of(seen, run, headroom, Rules, Now);

    private static RunRecord Ended(DateTimeOffset requested, RunOutcome outcome = RunOutcome.Succeeded) => new()
    {
        ClientId = new ClientId("c"),
        RunId = new RunId("r"),
        Fence = 1,
        State = RunState.Finished,
        Outcome = outcome,
        RequestedAt = requested,
    };
}
