using DataHealth.Core;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Deletions;

/// <summary>Deleting clients and their data, and the certificates of it.</summary>
public sealed class DeletionFunctions(ICurrentMember member, ClientDoor door, RequestDeletion request, DeletionStore deletions)
{
    [Function("DeleteClient")]
    public async Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/deletion")] HttpRequest http,
        string clientId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.DeleteClients, cancellationToken);
        // One that is being deleted is told about below, so that pressing twice is no error.
        if (client is null && problem != Problems.BeingDeleted)
            return problem!;
        if (!member.May(Permissions.DeleteClients))
            return Problems.MayNot(member.Actor, Permissions.DeleteClients);
        (var input, problem) = await RequestBody.ReadAsync(http, ApiJson.Default.DeletionInput, cancellationToken);
        if (input is null)
            return problem!;
        var kind = input.KeepClient ? DeletionKind.Data : DeletionKind.Client;
        switch (await request.ExecuteAsync(member.Actor, new ClientId(clientId), kind, input.Name, cancellationToken))
        {
            case DeletionOutcome.UnderWay underWay:
                if (underWay.Deletion.CompletedAt is null)
                    await DeletionStarter.StartAsync(durable, underWay.Deletion.Id, cancellationToken);
                return Answer.Accepted($"deletions/{underWay.Deletion.Id}", DeletionBody.Of(underWay.Deletion), ApiJson.Default.DeletionBody);
            case DeletionOutcome.NameDiffers:
                return Problems.BadField("name", "type the client's name exactly as the list of clients shows it.");
            case DeletionOutcome.Busy:
                return Problems.BeingCleared;
            case DeletionOutcome.ClientUnknown:
                return Problems.NoClient;
            case var other:
                throw new InvalidOperationException($"{other} is not an outcome of a deletion.");
        }
    }

    [Function("GetDeletion")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "deletions/{deletionId}")] HttpRequest http, string deletionId, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.DeleteClients))
            return Problems.MayNot(member.Actor, Permissions.DeleteClients);
        return await deletions.FindAsync(member.Practice, new DeletionId(deletionId), cancellationToken) is { } deletion
            ? Answer.Ok(DeletionBody.Of(deletion), ApiJson.Default.DeletionBody)
            : Problems.NoDeletion;
    }

    [Function("ListDeletions")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "deletions")] HttpRequest http, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.DeleteClients))
            return Problems.MayNot(member.Actor, Permissions.DeleteClients);
        if (Paging.Read(http, out var paging) is { } problem)
            return problem;
        DeletionId? after = paging.Continuation is { } continuation ? new DeletionId(continuation) : null;
        if (after is { IsWellFormed: false })
            return Problems.BadContinuation;
        var page = await deletions.ListAsync(member.Practice, paging.Take, after, cancellationToken);
        return Answer.Ok(new DeletionListBody([.. page.Deletions.Select(DeletionBody.Of)], page.Continuation?.Value), ApiJson.Default.DeletionListBody);
    }
}
