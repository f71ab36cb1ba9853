using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Clients;

/// <summary>The list of the practice's clients, and the member's favourites among them.</summary>
public sealed class ClientListFunctions(ICurrentMember member, ClientDoor door, ListClients list, Favourites favourites, TimeProvider time)
{
    [Function("ListClients")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewClients))
            return Problems.MayNot(member.Actor, Permissions.ViewClients);
        if (ClientListRequest.Read(request, member.Actor, out var query, out var paging) is { } problem)
            return problem;
        var page = await list.ExecuteAsync(member.Actor, query, paging.Take, paging.Continuation, cancellationToken);
        var now = time.GetUtcNow();
        return Answer.Ok(
            new ClientListBody([.. page.Clients.Select(client => ClientListItem.Of(client, page.Favourites.Contains(client.Client), now))], page.Continuation),
            ApiJson.Default.ClientListBody);
    }

    [Function("AddFavourite")]
    public async Task<IResult> AddFavouriteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "clients/{clientId}/favourite")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        return await favourites.AddAsync(member.Actor, client.Id, cancellationToken) ? Results.NoContent() : Problems.TooManyFavourites;
    }

    [Function("RemoveFavourite")]
    public async Task<IResult> RemoveFavouriteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "clients/{clientId}/favourite")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        await favourites.RemoveAsync(member.Actor, client.Id, cancellationToken);
        return Results.NoContent();
    }
}
