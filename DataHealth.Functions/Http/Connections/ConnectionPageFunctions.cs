using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Clients;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Connections;

/// <summary>The practice's connections as one table: how each client stands, why, and what mends it.</summary>
public sealed class ConnectionPageFunctions(ICurrentMember member, ListClients list, CountStandings counts, ConnectionStandings standings, StandingWords words, TimeProvider time)
{
    [Function("ListConnections")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "connections")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewClients))
            return Problems.MayNot(member.Actor, Permissions.ViewClients);
        if (ClientListRequest.Read(request, member.Actor, out var query, out var paging) is { } problem)
            return problem;
        if (request.Query.TryGetValue("standing", out var asked))
        {
            if (asked.Count != 1 || QueryReader.Word<Standing>(asked[0] ?? "") is not { } wanted)
                return Problems.BadField("standing", "one of the standings of a connection.");
            var now = time.GetUtcNow();
            query = query with { State = query.State ?? ConnectionStandings.StateOf(wanted), Also = client => standings.Of(client, now) == wanted };
        }
        var page = await list.ExecuteAsync(member.Actor, query, paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(new ConnectionListBody([.. page.Clients.Select(words.Of)], page.Continuation), ApiJson.Default.ConnectionListBody);
    }

    [Function("CountConnections")]
    public async Task<IResult> CountAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "connections/counts")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewClients))
            return Problems.MayNot(member.Actor, Permissions.ViewClients);
        var counted = await counts.ExecuteAsync(member.Actor, cancellationToken);
        return Answer.Ok(
            new StandingCountsBody(
                counted.Clients.ToDictionary(pair => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(pair.Key.ToString()), pair => pair.Value, StringComparer.Ordinal),
                counted.IsComplete),
            ApiJson.Default.StandingCountsBody);
    }
}
