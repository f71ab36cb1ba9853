using DataHealth.Core;
using DataHealth.Core.Audit;
using DataHealth.Core.Connections;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Http.Connections;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Sync;

/// <summary>A person presses Sync, or replays a run that failed.</summary>
public sealed class StartSyncFunctions(
    ICurrentMember member, ClientDoor door, RequestSync requests, ReplayRun replays, SyncStarter starter, ConnectionStore connections, ConnectionWords words, AuditTrail audit)
{
    [Function("StartSync")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/sync")] HttpRequest request,
        string clientId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.SyncClients, cancellationToken);
        if (client is null)
            return problem!;
        return await BeginAsync(AuditAction.SyncRequested, durable, client.Id, await requests.ExecuteAsync(client.Id, RunTrigger.Person, cancellationToken), cancellationToken);
    }

    [Function("ReplayRun")]
    public async Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/runs/{runId}/replay")] HttpRequest request,
        string clientId,
        string runId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.SyncClients, cancellationToken);
        if (client is null)
            return problem!;
        return RunFunctions.IsRunId(runId)
            ? await BeginAsync(AuditAction.RunReplayed, durable, client.Id, await replays.ExecuteAsync(client.Id, new RunId(runId), ReplayFrom.Checkpoint, cancellationToken), cancellationToken)
            : Problems.NoRun;
    }

    private async Task<IResult> BeginAsync(AuditAction action, DurableTaskClient durable, ClientId client, SyncTicket ticket, CancellationToken cancellationToken)
    {
        if (ticket.State is TicketState.NoSuchRun)
            return Problems.NoRun;
        if (ticket.State is TicketState.Outdated)
            return Problems.RunOutdated;
        if (ticket is { State: TicketState.ReadsUsedUp, PausedUntil: { } until })
            return Problems.ReadsUsedUp(words.ProviderName((await connections.GetAsync(client, cancellationToken)).Organisation?.Provider), until);
        if (ticket.RunId is not { } run)
            return await WhyNotAsync(client, cancellationToken);
        // A press that meets a run in flight replays nothing, and one that comes again replays nothing more.
        if (action is not AuditAction.RunReplayed || ticket.IsNew)
            await audit.RecordAsync(member.Actor, action, client, after: $"Run {run}");
        await starter.CarryOutAsync(durable, client, ticket, cancellationToken);
        return Answer.Accepted($"clients/{client}/runs/{run}", RunWords.Of(ticket), ApiJson.Default.RunStartedBody);
    }

    private async Task<Problem> WhyNotAsync(ClientId client, CancellationToken cancellationToken)
    {
        var connection = await connections.GetAsync(client, cancellationToken);
        return connection is { State: ConnectionState.ReconnectNeeded, Fault: { } fault }
            ? Problems.Of(new ProviderFault(fault.Kind, fault.Technical, fault.CorrelationId), words.ProviderName(connection.Organisation?.Provider))
            : Problems.NotConnected;
    }
}
