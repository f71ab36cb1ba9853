using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Connections;

/// <summary>Somebody else authorises a client's connection from now on; or a person says that books with another name are the right ones.</summary>
public sealed class TakeOverFunctions(ICurrentMember member, ClientDoor door, StartConnect connect, ConnectionStore connections, ClientStore clients, ConnectionWords words)
{
    [Function("TakeOverConnection")]
    public async Task<IResult> TakeOverAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/connection/takeover")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ConnectClients, cancellationToken);
        if (client is null)
            return problem!;
        return await connect.TakeOverAsync(member.Actor, client.Id, cancellationToken) switch
        {
            StartOutcome.Redirect redirect => Answer.Created(
                $"clients/{client.Id}/connection", new ConnectBody(redirect.AuthorizeUri, redirect.ExpiresAt.ToUniversalTime()), ApiJson.Default.ConnectBody),
            StartOutcome.ClientUnknown => Problems.NoClient,
            StartOutcome.NotConnected => Problems.NotConnected,
            StartOutcome.NotConfigured missing => Problems.Of(missing.Fault, "The provider"),
            var other => throw new InvalidOperationException($"{other} is not an outcome of taking over."),
        };
    }

    [Function("AcceptOrganisationName")]
    public async Task<IResult> AcceptNameAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/connection/accept-name")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ConnectClients | Permissions.ManageClients, cancellationToken);
        if (client is null)
            return problem!;
        var connection = await connections.GetAsync(client.Id, cancellationToken);
        if (connection is not { IsLive: true, OrganisationName: { Length: > 0 } name })
            return Problems.NotConnected;
        var outcome = await clients.ChangeAsync(member.Actor, client.Id, new ClientChange { AcceptedOrganisationName = name }, null, cancellationToken);
        return outcome is ChangeOutcome.Done ? Answer.Ok(words.Of(connection), ApiJson.Default.ConnectionBody) : Problems.NoClient;
    }
}
