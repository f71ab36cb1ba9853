using DataHealth.Core.Providers;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Webhooks;

/// <summary>What a hint means for one client. Closed, and decided by a pure function.</summary>
internal abstract record HintDecision
{
    private HintDecision()
    {
    }

    /// <summary>Nothing is to be done: a sync since, or one that comes anyway, reads what changed.</summary>
    public sealed record Settled : HintDecision;

    /// <summary>Not now: look again at the next drain.</summary>
    public sealed record Wait : HintDecision;

    /// <summary>The next sync may begin at that moment, if it is due later.</summary>
    public sealed record Hasten(DateTimeOffset At) : HintDecision;

    /// <summary>Decides.</summary>
    /// <param name="seen">When we were last told.</param>
    /// <param name="run">The client's latest run, if any.</param>
    /// <param name="headroom">What is left of the organisation's limits.</param>
    /// <param name="options">The rules.</param>
    /// <param name="now">The time.</param>
    public static HintDecision Of(DateTimeOffset seen, RunRecord? run, LimitHeadroom headroom, WebhookOptions options, DateTimeOffset now)
    {
        // A run reads its datasets one after another: what it had read when the change came is not known, and its end sets the next due time.
        if (run is { State: not RunState.Finished })
            return new Wait();

        // The clocks of our instances may differ a little, hence the margin: at worst one sync more.
        var covers = run is { Outcome: RunOutcome.Succeeded or RunOutcome.SucceededWithGaps } && run.RequestedAt > seen + Skew;
        if (covers || run is { Outcome: RunOutcome.Failed or RunOutcome.ConnectionLost })
            return new Settled();
        if (headroom.PausedUntil > now || headroom.DayRemaining < headroom.DayLimit * options.KeptOfDay)
            return new Wait();
        var at = seen + options.Settle;
        if (run is not null && run.RequestedAt + options.BetweenSyncs > at)
            at = run.RequestedAt + options.BetweenSyncs;
        return new Hasten(at > now ? at : now);
    }

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
}
