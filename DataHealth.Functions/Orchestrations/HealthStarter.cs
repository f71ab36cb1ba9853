using DataHealth.Core;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Functions.Activities;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Orchestrations;

/// <summary>
/// Starts what people press for a client's health. Each press is a row first (<see cref="HealthWishes"/>); where the client's place is taken, whoever holds it looks for the row at its end, and the sweeper makes up within minutes for what that look missed.
/// </summary>
public sealed partial class HealthStarter(HealthWishes wishes, RecomputeHistory recompute, ILogger<HealthStarter> logger)
{
    /// <summary>Somebody pressed Recalculate.</summary>
    /// <returns>False when the place is taken: it is done after what is at work.</returns>
    public async Task<bool> RecalculateAsync(DurableTaskClient durable, ClientId client, CancellationToken cancellationToken)
    {
        // From here on whoever pressed may go away.
        await wishes.AskAsync(client, HealthWishKind.Recalculation, CancellationToken.None);
        return await StartAsync(durable, client, HealthWishKind.Recalculation, CancellationToken.None);
    }

    /// <summary>Starts what is wished for; false when the place is taken.</summary>
    public static async Task<bool> StartAsync(DurableTaskClient durable, ClientId client, HealthWishKind kind, CancellationToken cancellationToken)
    {
        if (await AtWorkAsync(durable, client, cancellationToken) is not null)
            return false;
        try
        {
            var place = new StartOrchestrationOptions(Recalculation.InstanceId(client));
            await (kind switch
            {
                HealthWishKind.Recalculation => durable.ScheduleNewOrchestrationInstanceAsync(nameof(Recalculation), new RecalculationInput(client.Value) { IsWish = true }, place, cancellationToken),
                HealthWishKind.History => durable.ScheduleNewOrchestrationInstanceAsync(nameof(HistoryRecomputation), new HistoryRecomputationInput(client.Value), place, cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Nobody starts that."),
            });
            return true;
        }
        catch (Exception refused) when (SyncStarter.IsDuplicate(refused))
        {
            // Somebody else took the place at the same moment.
            return false;
        }
    }

    /// <summary>Makes up for a press that nobody is at work for.</summary>
    public async Task MakeUpAsync(DurableTaskClient durable, HealthWish wish, CancellationToken cancellationToken)
    {
        if (await AtWorkAsync(durable, wish.Client, cancellationToken) is not null)
            return;
        if (!await wishes.TryAgainAsync(wish, cancellationToken))
        {
            Log.GivenUp(logger, wish.Kind, wish.Client, wish.At);
            if (wish.Kind is HealthWishKind.History)
                await recompute.FailAsync(wish.Client, cancellationToken);
            return;
        }
        Log.MadeUp(logger, wish.Kind, wish.Client, wish.At);
        await StartAsync(durable, wish.Client, wish.Kind, cancellationToken);
    }

    /// <summary>Where the latest recalculation that was pressed stands; one that failed before the visible result was reckoned is forgotten.</summary>
    public async Task<RecalculationState> StandsAsync(DurableTaskClient durable, ClientId client, DateTimeOffset? calculatedAt, CancellationToken cancellationToken)
    {
        var there = await durable.GetInstanceAsync(Recalculation.InstanceId(client), cancellationToken);
        if (there is { Name: nameof(Recalculation), RuntimeStatus: OrchestrationRuntimeStatus.Failed } && !(there.LastUpdatedAt < calculatedAt))
            return RecalculationState.Failed;
        return (there is { Name: nameof(Recalculation) } && !SyncStarter.IsOver(there.RuntimeStatus)) || await wishes.FindAsync(client, HealthWishKind.Recalculation, cancellationToken) is not null
            ? RecalculationState.Running
            : RecalculationState.None;
    }

    /// <summary>True while past month-ends of the client are judged anew.</summary>
    public static async Task<bool> IsRecomputingAsync(DurableTaskClient durable, ClientId client, CancellationToken cancellationToken) =>
        await AtWorkAsync(durable, client, cancellationToken) == nameof(HistoryRecomputation);

    // Which orchestration holds the client's place; null when none does.
    private static async Task<string?> AtWorkAsync(DurableTaskClient durable, ClientId client, CancellationToken cancellationToken) =>
        await durable.GetInstanceAsync(Recalculation.InstanceId(client), cancellationToken) is { } there && !SyncStarter.IsOver(there.RuntimeStatus) ? there.Name : null;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1104, Level = LogLevel.Information, Message = "{Kind} of client {Client} was asked for at {At:O} and nobody was at work for it: started.")]
        public static partial void MadeUp(ILogger logger, HealthWishKind kind, ClientId client, DateTimeOffset at);

        [LoggerMessage(EventId = 1105, Level = LogLevel.Error, Message = "{Kind} of client {Client}, asked for at {At:O}, did not come to an end in many tries and is given up.")]
        public static partial void GivenUp(ILogger logger, HealthWishKind kind, ClientId client, DateTimeOffset at);
    }
}
