using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>One activity call's worth of one dataset.</summary>
/// <param name="ClientId">Whose books.</param>
/// <param name="RunId">The run that asks; an older one than the current writes nothing.</param>
/// <param name="Dataset">The dataset's name, from the plan.</param>
/// <param name="MaxDuration">The slice starts no call after this long; null for <see cref="SyncOptions.SliceDuration"/>.</param>
/// <param name="MaxCalls">At most so many calls; null for <see cref="SyncOptions.SliceCalls"/>.</param>
public sealed record SliceRequest(ClientId ClientId, RunId RunId, string Dataset, TimeSpan? MaxDuration = null, int? MaxCalls = null);

/// <summary>How a slice ended. Closed.</summary>
public abstract record SliceOutcome
{
    private SliceOutcome()
    {
    }

    /// <summary>The dataset is done in this run. <paramref name="Unavailable"/> names why it could not be read at all (an optional dataset without scope or right), else null.</summary>
    public sealed record Completed(ProviderFault? Unavailable) : SliceOutcome;

    /// <summary>Ask again at once: the budget of this slice ended, or a second execution of it took over.</summary>
    public sealed record More : SliceOutcome;

    /// <summary>A limit forbids calls until then; nothing may be asked of that organisation before.</summary>
    public sealed record Paused(DateTimeOffset Until, LimitKind Limit, bool IsEstimate) : SliceOutcome;

    /// <summary>The connection is proven dead; the client has been told so.</summary>
    public sealed record ConnectionLost(ProviderFault Fault) : SliceOutcome;

    /// <summary>The provider refused or failed. The checkpoint stands.</summary>
    public sealed record Failed(ProviderFault Fault) : SliceOutcome
    {
        /// <summary>Trying again by itself may mend it.</summary>
        public bool IsTransient => Fault.Kind is FaultKind.ProviderUnavailable or FaultKind.OrganisationOffline or FaultKind.OurStorage or FaultKind.BadAnswer;
    }

    /// <summary>A newer run has the client, or this run has ended: nothing was written.</summary>
    public sealed record Superseded : SliceOutcome;
}

/// <summary>The kinds of <see cref="SliceOutcome"/>, for histories.</summary>
public enum SliceState
{
    /// <summary><see cref="SliceOutcome.Completed"/>.</summary>
    Completed,

    /// <summary><see cref="SliceOutcome.More"/>.</summary>
    More,

    /// <summary><see cref="SliceOutcome.Paused"/>.</summary>
    Paused,

    /// <summary><see cref="SliceOutcome.ConnectionLost"/>.</summary>
    ConnectionLost,

    /// <summary><see cref="SliceOutcome.Failed"/>.</summary>
    Failed,

    /// <summary><see cref="SliceOutcome.Superseded"/>.</summary>
    Superseded,
}

/// <summary>A <see cref="SliceOutcome"/> as it goes into an orchestration's history: flat, ids and outcomes only.</summary>
public sealed record SliceResult
{
    /// <summary>Which dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>How it ended.</summary>
    public required SliceState State { get; init; }

    /// <summary>When a pause ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Which limit.</summary>
    public LimitKind? Limit { get; init; }

    /// <summary>The end of the pause is our own reckoning.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>What failed, or why a completed dataset is not available.</summary>
    public ProviderFault? Fault { get; init; }

    /// <summary>Trying again by itself may mend the failure.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The flat form.</summary>
    public static SliceResult From(string dataset, SliceOutcome outcome) => outcome switch
    {
        SliceOutcome.Completed completed => new() { Dataset = dataset, State = SliceState.Completed, Fault = completed.Unavailable },
        SliceOutcome.More => new() { Dataset = dataset, State = SliceState.More },
        SliceOutcome.Paused paused => new() { Dataset = dataset, State = SliceState.Paused, Until = paused.Until, Limit = paused.Limit, IsEstimate = paused.IsEstimate },
        SliceOutcome.ConnectionLost lost => new() { Dataset = dataset, State = SliceState.ConnectionLost, Fault = lost.Fault },
        SliceOutcome.Failed failed => new() { Dataset = dataset, State = SliceState.Failed, Fault = failed.Fault, IsTransient = failed.IsTransient },
        SliceOutcome.Superseded => new() { Dataset = dataset, State = SliceState.Superseded },
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome without a flat form."),
    };
}
