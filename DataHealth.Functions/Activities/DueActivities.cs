using DataHealth.Core;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Activities;

/// <summary>What starting a due client's sync came to.</summary>
public enum DueStart
{
    /// <summary>Its run was started, or is in flight.</summary>
    Started,

    /// <summary>It has no live connection: it left the index.</summary>
    Dropped,

    /// <summary>Our tier's reads of the month are used up: it is due again in an hour, since the tier may have been raised by then.</summary>
    WaitsForMonth,

    /// <summary>The provider limits our whole app for the moment: it stays due.</summary>
    AppLimited,

    /// <summary>It could not be started: it is due again after the time that a failed run waits.</summary>
    Postponed,

    /// <summary>It could not even be postponed: it stays due.</summary>
    Failed,
}

/// <summary>Finds due clients and starts their runs.</summary>
public sealed class DueActivities(DueClients due, IConnectedBooks books, ProviderCatalog providers, RequestSync requests, SyncStarter starter, IOptions<SyncOptions> options, TimeProvider time)
{
    [Function(nameof(TakeDue))]
    public async Task<string[]> TakeDue([ActivityTrigger] int take, CancellationToken cancellationToken) =>
        [.. (await due.TakeAsync(take, cancellationToken)).Select(client => client.Client.Value)];

    [Function(nameof(StartDueSync))]
    public async Task<DueStart> StartDueSync([ActivityTrigger] string clientId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var client = new ClientId(clientId);
        if (await books.FindAsync(client, cancellationToken) is not { } connected)
            return await DropAsync(client, cancellationToken);
        var provider = providers.Get(connected.Books.Organisation.Provider);
        if ((await provider.Books.HeadroomAsync(connected.Books.Organisation, cancellationToken)).PausedBy is LimitKind.AppMinute)
            return DueStart.AppLimited;
        var ticket = await requests.ExecuteAsync(client, RunTrigger.Scheduled, cancellationToken);
        if (ticket.State is TicketState.ReadsUsedUp)
            return DueStart.WaitsForMonth;
        if (ticket.RunId is null)
            return await DropAsync(client, cancellationToken);
        await starter.CarryOutAsync(durable, client, ticket, cancellationToken);
        return DueStart.Started;
    }

    /// <summary>A client that could not be started again and again leaves the head of the index, where it would hold back the others.</summary>
    [Function(nameof(PostponeDue))]
    public async Task<DueStart> PostponeDue([ActivityTrigger] string clientId, CancellationToken cancellationToken)
    {
        await due.SetAsync(new ClientId(clientId), time.GetUtcNow() + options.Value.RetryFailedAfter, cancellationToken);
        return DueStart.Postponed;
    }

    private async Task<DueStart> DropAsync(ClientId client, CancellationToken cancellationToken)
    {
        await due.RemoveAsync(client, cancellationToken);
        return DueStart.Dropped;
    }
}
