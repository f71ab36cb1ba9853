using DataHealth.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>How far the deletion of a practice is. Each step is a generation of the orchestration, so that its history stays short however many clients there are.</summary>
public enum PracticeErasurePhase
{
    /// <summary>Nobody is let in but the member who asked.</summary>
    Begin,

    /// <summary>The clients, some at a time.</summary>
    Clients,

    /// <summary>Nobody is let in; what instances remember runs out.</summary>
    Members,

    /// <summary>Whether a client was added until then.</summary>
    ClientsAgain,

    /// <summary>The practice's own rows.</summary>
    Rows,

    /// <summary>The certificate.</summary>
    Complete,
}

/// <summary>What the orchestration knows.</summary>
/// <param name="PracticeId">The practice.</param>
public sealed record PracticeErasureInput(string PracticeId)
{
    /// <summary>Where it stands.</summary>
    public PracticeErasurePhase Phase { get; init; }
}

/// <summary>Deletes a practice: its clients, each by its own deletion, then everything else. Every step can be repeated; failed, the sweeper begins it again.</summary>
public static class PracticeErasure
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Function(nameof(PracticeErasure))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<PracticeErasureInput>() ?? throw new InvalidOperationException("A practice's deletion needs its id.");
        context.SetCustomStatus(input.Phase.ToString());
        if (await NextAsync(context, input.Phase, input.PracticeId) is { } next)
            context.ContinueAsNew(input with { Phase = next });
    }

    private static async Task<PracticeErasurePhase?> NextAsync(TaskOrchestrationContext context, PracticeErasurePhase phase, string practice)
    {
        switch (phase)
        {
            case PracticeErasurePhase.Begin:
                return await context.CallActivityAsync<bool>(nameof(PracticeDeletionActivities.BeginPracticeDeletion), practice, ActivityRetries.OwnStorage) ? PracticeErasurePhase.Clients : null;
            case PracticeErasurePhase.Clients:
            case PracticeErasurePhase.ClientsAgain:
                if (!await context.CallActivityAsync<bool>(nameof(PracticeDeletionActivities.DeleteNextClients), practice, ActivityRetries.OwnStorage))
                    return phase + 1;
                await context.CreateTimer(Soon, CancellationToken.None);
                return phase;
            case PracticeErasurePhase.Members:
                var wait = await context.CallActivityAsync<TimeSpan>(nameof(PracticeDeletionActivities.RemovePracticeMembers), practice, ActivityRetries.OwnStorage);
                await context.CreateTimer(wait, CancellationToken.None);
                return PracticeErasurePhase.ClientsAgain;
            case PracticeErasurePhase.Rows:
                if (await context.CallActivityAsync<bool>(nameof(PracticeDeletionActivities.ErasePracticeRows), practice, ActivityRetries.OwnStorage))
                    return PracticeErasurePhase.Complete;
                await context.CreateTimer(Soon, CancellationToken.None);
                return PracticeErasurePhase.Rows;
            case PracticeErasurePhase.Complete:
                await context.CallActivityAsync(nameof(PracticeDeletionActivities.CompletePracticeDeletion), practice, ActivityRetries.OwnStorage);
                return null;
            default:
                throw new InvalidOperationException($"{phase} is not a phase of a practice's deletion.");
        }
    }
}
