using DataHealth.Core;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Activities;

/// <summary>The steps of a practice's deletion. They take the practice's id and give none of a client's.</summary>
public sealed class PracticeDeletionActivities(CarryOutPracticeDeletion deletion, KnownActors known, IOptions<AuthOptions> auth)
{
    [Function(nameof(BeginPracticeDeletion))]
    public async Task<bool> BeginPracticeDeletion([ActivityTrigger] string practiceId, CancellationToken cancellationToken)
    {
        var isOpen = await deletion.BeginAsync(new PracticeId(practiceId), cancellationToken);
        known.Forget();
        return isOpen;
    }

    /// <summary>True while clients are left.</summary>
    [Function(nameof(DeleteNextClients))]
    public async Task<bool> DeleteNextClients([ActivityTrigger] string practiceId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var running = await deletion.NextClientsAsync(new PracticeId(practiceId), cancellationToken);
        foreach (var client in running)
            await DeletionStarter.StartAsync(durable, client, cancellationToken);
        return running.Count > 0;
    }

    /// <summary>For how long an instance may still take the last member for one.</summary>
    [Function(nameof(RemovePracticeMembers))]
    public async Task<TimeSpan> RemovePracticeMembers([ActivityTrigger] string practiceId, CancellationToken cancellationToken)
    {
        await deletion.RemoveMembersAsync(new PracticeId(practiceId), cancellationToken);
        known.Forget();
        return auth.Value.MemberCache * 2;
    }

    [Function(nameof(ErasePracticeRows))]
    public Task<bool> ErasePracticeRows([ActivityTrigger] string practiceId, CancellationToken cancellationToken) => deletion.EraseAsync(new PracticeId(practiceId), cancellationToken);

    [Function(nameof(CompletePracticeDeletion))]
    public Task CompletePracticeDeletion([ActivityTrigger] string practiceId, CancellationToken cancellationToken) => deletion.CompleteAsync(new PracticeId(practiceId), cancellationToken);
}
