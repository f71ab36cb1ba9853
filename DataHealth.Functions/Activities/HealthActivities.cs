using DataHealth.Core;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Sync;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Activities;

/// <summary>A client whose health is to be recalculated.</summary>
public sealed record RecalculationInput(string ClientId);

/// <summary>Recalculates; as a step of a sync's run, or by itself. May run more than once: Core makes that harmless.</summary>
public sealed class HealthActivities(RecalculateHealth recalculate)
{
    [Function(nameof(Recalculate))]
    public async Task<HealthStep> Recalculate([ActivityTrigger] RecalculationInput input, CancellationToken cancellationToken) =>
        await recalculate.ExecuteAsync(new ClientId(input.ClientId), null, cancellationToken) switch
        {
            RecalculateOutcome.Done => HealthStep.Recalculated,
            RecalculateOutcome.Superseded => HealthStep.Overtaken,
            _ => HealthStep.NothingToJudge,
        };
}
