using DataHealth.Core.Connections;
using DataHealth.Core.Practices;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Connections;

/// <summary>A client's connection: see it, end it. The copied data stays.</summary>
public sealed class ConnectionFunctions(
    ICurrentMember member, ClientDoor door, ConnectionStore connections, DisconnectClient disconnect, DueClients due, ConnectionWords words)
{
    [Function("GetConnection")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/connection")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        return client is null ? problem! : One(await connections.GetAsync(client.Id, cancellationToken));
    }

    [Function("Disconnect")]
    public async Task<IResult> DisconnectAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "clients/{clientId}/connection")] HttpRequest request,
        string clientId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ConnectClients, cancellationToken);
        if (client is null)
            return problem!;
        var outcome = await disconnect.ExecuteAsync(member.Actor, client.Id, cancellationToken);
        if (outcome is DisconnectOutcome.ClientUnknown)
            return Problems.NoClient;
        await due.RemoveAsync(client.Id, cancellationToken);
        // A run that sleeps until a limit lifts would be shown as paused until then; woken, it finds no connection and ends.
        await SyncStarter.WakeAsync(durable, client.Id, cancellationToken);
        return outcome is DisconnectOutcome.Disconnected { Connection: var connection } ? One(connection) : Problems.NotConnected;
    }

    private Answer<ConnectionBody> One(Connection connection) => Answer.Ok(words.Of(connection), ApiJson.Default.ConnectionBody);
}
