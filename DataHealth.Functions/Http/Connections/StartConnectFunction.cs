using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Connections;

/// <summary>A person presses Connect or Reconnect.</summary>
public sealed class StartConnectFunction(ICurrentMember member, ClientDoor door, StartConnect connect, ConnectionWords words)
{
    [Function("StartConnect")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/connections/{provider}")] HttpRequest request,
        string clientId,
        string provider,
        CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ConnectClients, cancellationToken);
        if (client is null)
            return problem!;
        return await connect.ExecuteAsync(member.Actor, client.Id, provider, cancellationToken) switch
        {
            StartOutcome.Redirect redirect => Answer.Created(
                $"clients/{client.Id}/connection", new ConnectBody(redirect.AuthorizeUri, redirect.ExpiresAt.ToUniversalTime()), ApiJson.Default.ConnectBody),
            StartOutcome.BeingCleared => Problems.BeingCleared,
            StartOutcome.ClientUnknown => Problems.NoClient,
            StartOutcome.ProviderUnknown => Problems.NoProvider,
            StartOutcome.Full full => Problems.AppFull(full.Provider, full.Use),
            StartOutcome.NotConfigured missing => Problems.Of(missing.Fault, words.ProviderName(provider)),
            var other => throw new InvalidOperationException($"{other} is not an outcome of starting to connect."),
        };
    }
}
