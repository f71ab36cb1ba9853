using System.Text.Json.Serialization;
using DataHealth.Core;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Sync;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Activities;

/// <summary>A client whose health is to be recalculated.</summary>
public sealed record RecalculationInput(string ClientId)
{
    /// <summary>Somebody pressed Recalculate, and what was pressed stands as a wish. Not said where it is a step of a sync, nor of instances that began before there were wishes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsWish { get; init; }
}

/// <summary>What became of one step of recomputing history.</summary>
/// <param name="Step">What there is to do next.</param>
/// <param name="IsRecalculationAsked">Somebody has pressed Recalculate meanwhile.</param>
public sealed record RecomputationProgress(RecomputationStep Step, bool IsRecalculationAsked);

/// <summary>Recalculates, as a step of a sync's run or by itself; recomputes history. Each may run more than once: Core makes that harmless.</summary>
public sealed class HealthActivities(RecalculateHealth recalculate, RecomputeHistory recompute, HealthWishes wishes)
{
    [Function(nameof(Recalculate))]
    public async Task<HealthStep> Recalculate([ActivityTrigger] RecalculationInput input, CancellationToken cancellationToken)
    {
        var client = new ClientId(input.ClientId);
        // Read before the books are: what is pressed from here on may come too late for them, and stays.
        var wish = await wishes.FindAsync(client, HealthWishKind.Recalculation, cancellationToken);
        var step = await recalculate.ExecuteAsync(client, null, cancellationToken) switch
        {
            RecalculateOutcome.Done => HealthStep.Recalculated,
            RecalculateOutcome.Superseded => HealthStep.Overtaken,
            _ => HealthStep.NothingToJudge,
        };
        // Who overtook it may have read its books before the press.
        if (wish is not null && step is not HealthStep.Overtaken)
            await wishes.FulfilAsync(wish, cancellationToken);
        return step;
    }

    [Function(nameof(IsRecalculationAsked))]
    public async Task<bool> IsRecalculationAsked([ActivityTrigger] string clientId, CancellationToken cancellationToken) =>
        await wishes.FindAsync(new ClientId(clientId), HealthWishKind.Recalculation, cancellationToken) is not null;

    [Function(nameof(RecomputeMonth))]
    public async Task<RecomputationProgress> RecomputeMonth([ActivityTrigger] string clientId, CancellationToken cancellationToken)
    {
        var client = new ClientId(clientId);
        var wish = await wishes.FindAsync(client, HealthWishKind.History, cancellationToken);
        var step = await recompute.NextAsync(client, cancellationToken);
        if (wish is not null && step is RecomputationStep.Over)
        {
            await wishes.FulfilAsync(wish, cancellationToken);
            // Asked for again since: there may be more after all.
            if (await wishes.FindAsync(client, HealthWishKind.History, cancellationToken) is not null)
                step = RecomputationStep.More;
        }
        return new RecomputationProgress(step, await IsRecalculationAsked(clientId, cancellationToken));
    }

    [Function(nameof(GiveUpRecomputation))]
    public async Task GiveUpRecomputation([ActivityTrigger] string clientId, CancellationToken cancellationToken)
    {
        var client = new ClientId(clientId);
        var wish = await wishes.FindAsync(client, HealthWishKind.History, cancellationToken);
        await recompute.FailAsync(client, cancellationToken);
        if (wish is not null)
            await wishes.FulfilAsync(wish, cancellationToken);
    }
}
