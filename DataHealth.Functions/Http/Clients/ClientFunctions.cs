using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Clients;

/// <summary>The practice's clients: add, list, see, rename.</summary>
public sealed class ClientFunctions(ICurrentMember member, ClientDoor door, ClientStore clients)
{
    [Function("AddClient")]
    public async Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ManageClients))
            return Problems.MayNot(Permissions.ManageClients);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ClientInput, cancellationToken);
        if (input is null)
            return problem!;
        if (!ClientName.TryParse(input.Name, out var name, out var wrong))
            return Problems.BadField("name", wrong);
        var client = await clients.CreateAsync(member.Actor, name, cancellationToken);
        return new Answer<ClientBody>(StatusCodes.Status201Created, ClientBody.Of(client), ApiJson.Default.ClientBody)
        {
            Location = $"clients/{client.Id}",
            ETag = client.Version,
        };
    }

    [Function("ListClients")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewClients))
            return Problems.MayNot(Permissions.ViewClients);
        if (Paging.Read(request, out var paging) is { } problem)
            return problem;
        if (paging.Continuation is not null && !ClientStore.IsContinuation(paging.Continuation))
            return Problems.BadContinuation;
        var page = await clients.ListAsync(member.Practice, paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(new ClientListBody([.. page.Clients.Select(ClientBody.Of)], page.Continuation), ApiJson.Default.ClientListBody);
    }

    [Function("GetClient")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        return client is null ? problem! : One(client);
    }

    [Function("RenameClient")]
    public async Task<IResult> RenameAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "clients/{clientId}")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ManageClients, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ClientInput, cancellationToken);
        if (input is null)
            return problem!;
        if (!ClientName.TryParse(input.Name, out var name, out var wrong))
            return Problems.BadField("name", wrong);
        var seen = request.Headers.IfMatch is { Count: > 0 } match && match != "*" ? match.ToString() : null;
        return await clients.RenameAsync(member.Actor, client.Id, name, seen, cancellationToken) switch
        {
            RenameOutcome.Renamed renamed => One(renamed.Client),
            RenameOutcome.Changed => Problems.Changed,
            RenameOutcome.Unknown => Problems.NoClient,
            var other => throw new InvalidOperationException($"{other} is not an outcome of renaming."),
        };
    }

    private static Answer<ClientBody> One(Client client) =>
        new(StatusCodes.Status200OK, ClientBody.Of(client), ApiJson.Default.ClientBody) { ETag = client.Version };
}
