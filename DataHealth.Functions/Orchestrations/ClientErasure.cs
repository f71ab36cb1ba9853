using DataHealth.Core.Clients.Deletion;
using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>How far a deletion is. Each phase is a generation of the orchestration, so that its history stays short however large the client is.</summary>
public enum ErasurePhase
{
    /// <summary>Nothing works for the client any more.</summary>
    Stop,

    /// <summary>What there is is counted.</summary>
    Count,

    /// <summary>Where datasets stand.</summary>
    Checkpoints,

    /// <summary>The copy.</summary>
    Data,

    /// <summary>The connection at the provider.</summary>
    Leave,

    /// <summary>The connection here.</summary>
    Connection,

    /// <summary>The histories of orchestrations that worked for the client.</summary>
    Histories,

    /// <summary>The client itself.</summary>
    Identity,

    /// <summary>A scan for anything left.</summary>
    Verify,

    /// <summary>The certificate.</summary>
    Complete,
}

/// <summary>What the orchestration knows: never which client it deletes, since its history stays.</summary>
/// <param name="DeletionId">The deletion.</param>
public sealed record ErasureInput(string DeletionId)
{
    /// <summary>Where it stands.</summary>
    public ErasurePhase Phase { get; init; }

    /// <summary>How often the phase was tried in vain.</summary>
    public int Tries { get; init; }

    /// <summary>How often the scan found something left.</summary>
    public int Rounds { get; init; }
}

/// <summary>Deletes a client, or its data. Every step can be repeated: killed anywhere, it goes on; failed, the sweeper begins it again and what is gone is skipped.</summary>
public static class ClientErasure
{
    private const int SlicesInOneHistory = 100;
    private const int MaxRounds = 10;

    // A run at work ends within a page; fifteen minutes are more than any activity may take.
    private const int TriesBeforeForce = 180;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    [Function(nameof(ClientErasure))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<ErasureInput>() ?? throw new InvalidOperationException("A deletion needs its id.");
        context.SetCustomStatus(input.Phase.ToString());
        if (await NextAsync(context, input) is { } next)
            context.ContinueAsNew(next);
    }

    private static async Task<ErasureInput?> NextAsync(TaskOrchestrationContext context, ErasureInput input)
    {
        var id = input.DeletionId;
        switch (input.Phase)
        {
            case ErasurePhase.Stop:
                var stop = await context.CallActivityAsync<ClientStopState>(nameof(DeletionActivities.StopClient), new StopInput(id, input.Tries >= TriesBeforeForce), ActivityRetries.OwnStorage);
                return stop is ClientStopState.Nothing ? null : stop is ClientStopState.Stopped ? After(input) : await AgainAsync(context, input, Soon);
            case ErasurePhase.Count:
                await context.CallActivityAsync(nameof(DeletionActivities.CountTraces), id, ActivityRetries.OwnStorage);
                return After(input);
            case ErasurePhase.Checkpoints:
                return await EraseAsync(context, input, ErasureStage.Checkpoints);
            case ErasurePhase.Data:
                return await EraseAsync(context, input, ErasureStage.Data);
            case ErasurePhase.Leave:
                return await context.CallActivityAsync<bool>(nameof(DeletionActivities.LeaveProvider), id, ActivityRetries.OwnStorage)
                    ? After(input)
                    : await AgainAsync(context, input, Longer(input.Tries));
            case ErasurePhase.Connection:
                return await EraseAsync(context, input, ErasureStage.Connection);
            case ErasurePhase.Histories:
                // However long it takes: no certificate while a history names the client.
                return await context.CallActivityAsync<bool>(nameof(DeletionActivities.PurgeHistories), id, ActivityRetries.OwnStorage)
                    ? After(input)
                    : await AgainAsync(context, input, input.Tries < TriesBeforeForce ? Soon : Later);
            case ErasurePhase.Identity:
                return await EraseAsync(context, input, ErasureStage.Identity);
            case ErasurePhase.Verify:
                if (await context.CallActivityAsync<bool>(nameof(DeletionActivities.VerifyDeletion), id, ActivityRetries.OwnStorage))
                    return After(input);
                return input.Rounds < MaxRounds
                    ? input with { Phase = ErasurePhase.Stop, Tries = 0, Rounds = input.Rounds + 1 }
                    : throw new InvalidOperationException("Something writes for the client again and again.");
            case ErasurePhase.Complete:
                await context.CallActivityAsync(nameof(DeletionActivities.CompleteDeletion), id, ActivityRetries.OwnStorage);
                return null;
            default:
                throw new InvalidOperationException($"{input.Phase} is not a phase of a deletion.");
        }
    }

    private static async Task<ErasureInput> EraseAsync(TaskOrchestrationContext context, ErasureInput input, ErasureStage stage)
    {
        for (var slice = 0; slice < SlicesInOneHistory; slice++)
        {
            if (await context.CallActivityAsync<bool>(nameof(DeletionActivities.EraseSlice), new EraseInput(input.DeletionId, stage), ActivityRetries.OwnStorage))
                return After(input);
        }
        return input;
    }

    private static async Task<ErasureInput> AgainAsync(TaskOrchestrationContext context, ErasureInput input, TimeSpan wait)
    {
        await context.CreateTimer(wait, CancellationToken.None);
        return input with { Tries = input.Tries + 1 };
    }

    private static ErasureInput After(ErasureInput input) => input with { Phase = input.Phase + 1, Tries = 0 };

    // Five seconds, ten, twenty… up to an hour: a provider may be away for a night.
    private static TimeSpan Longer(int tries) => tries >= 10 ? Longest : Soon * Math.Pow(2, tries);
}
