using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Clients;

/// <summary>A client of the practice: add, see, change.</summary>
public sealed class ClientFunctions(ICurrentMember member, ClientDoor door, ClientStore clients, MemberChanges members, MemberStore people, KnownActors known)
{
    [Function("AddClient")]
    public async Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ManageClients))
            return Problems.MayNot(member.Actor, Permissions.ManageClients);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ClientInput, cancellationToken);
        if (input is null)
            return problem!;
        if (!ClientName.TryParse(input.Name, out var name, out var wrong))
            return Problems.BadField("name", wrong);
        if (Fields(input, out problem) is not { } fields)
            return problem!;
        if (await ManagerProblemAsync(fields, cancellationToken) is { } stranger)
            return stranger;
        var client = await clients.CreateAsync(member.Actor, name, fields, cancellationToken);
        // Also where the caller has gone: else somebody who sees given clients only had made one that they never see.
        await members.KeepOwnAsync(member.Actor, client.Id, CancellationToken.None);
        if (!member.Actor.Clients.IsAll)
            known.Forget();
        return new Answer<ClientBody>(StatusCodes.Status201Created, ClientBody.Of(client), ApiJson.Default.ClientBody)
        {
            Location = $"clients/{client.Id}",
            ETag = client.Version,
        };
    }

    [Function("GetClient")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        return client is null ? problem! : One(client);
    }

    [Function("ChangeClient")]
    public async Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "clients/{clientId}")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ManageClients, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ClientInput, cancellationToken);
        if (input is null)
            return problem!;
        if (Fields(input, out problem) is not { } change)
            return problem!;
        if (await ManagerProblemAsync(change, cancellationToken) is { } stranger)
            return stranger;
        if (input.Name is not null)
        {
            if (!ClientName.TryParse(input.Name, out var name, out var wrong))
                return Problems.BadField("name", wrong);
            change = change with { Name = name };
        }
        if (change == new ClientChange())
            return Problems.BadField("name", "give at least one field to change.");
        var seen = request.Headers.IfMatch is { Count: > 0 } match && match != "*" ? match.ToString() : null;
        return await clients.ChangeAsync(member.Actor, client.Id, change, seen, cancellationToken) switch
        {
            ChangeOutcome.Done done => One(done.Client),
            ChangeOutcome.ChangedMeanwhile => Problems.Changed,
            ChangeOutcome.Unknown => Problems.NoClient,
            var other => throw new InvalidOperationException($"{other} is not an outcome of changing."),
        };
    }

    private async Task<Problem?> ManagerProblemAsync(ClientChange change, CancellationToken cancellationToken) =>
        change.Manager is { Value.Length: > 0 } manager && await people.FindAsync(member.Practice, manager, cancellationToken) is not { State: MemberState.Active }
            ? Problems.BadField("accountManager", "the id of an active member of the practice, or empty for nobody.")
            : null;

    private static ClientChange? Fields(ClientInput input, out Problem? problem)
    {
        problem = null;
        string? taxNumber = null;
        if (input.TaxNumber is not null && !ClientChange.TryReadTaxNumber(input.TaxNumber, out taxNumber))
            problem = Problems.BadField("taxNumber", "at most 30 letters, digits, blanks, hyphens, dots and slashes.");
        if (input.AccountManager is { } manager && (manager.Length > 100 || !manager.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')))
            problem = Problems.BadField("accountManager", "the id of a member of the practice, or empty for nobody.");
        return problem is null ? new ClientChange { TaxNumber = taxNumber, Manager = input.AccountManager is { } id ? new Core.MemberId(id) : null } : null;
    }

    private static Answer<ClientBody> One(Client client) =>
        new(StatusCodes.Status200OK, ClientBody.Of(client), ApiJson.Default.ClientBody) { ETag = client.Version };
}
