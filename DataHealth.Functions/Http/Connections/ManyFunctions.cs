using DataHealth.Core;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Connections;

/// <summary>One consent for many clients: connects several organisations, or reconnects all that a person's earlier consent gave.</summary>
public sealed class ManyFunctions(ICurrentMember member, StartMany start, OfferMany offer, MatchOrganisations match, FirstSyncs syncs, ConnectionWords words, KnownActors known)
{
    private const int LongestId = 200;

    [Function("StartManyConnect")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "connections/many/{provider}")] HttpRequest request, string provider, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ConnectClients))
            return Problems.MayNot(member.Actor, Permissions.ConnectClients);
        return await start.ExecuteAsync(member.Actor, provider, cancellationToken) switch
        {
            StartOutcome.Redirect redirect => Answer.Created("connections", new ConnectBody(redirect.AuthorizeUri, redirect.ExpiresAt.ToUniversalTime()), ApiJson.Default.ConnectBody),
            StartOutcome.ProviderUnknown => Problems.NoProvider,
            StartOutcome.NotConfigured missing => Problems.Of(missing.Fault, words.ProviderName(provider)),
            StartOutcome.OneAtATime single => Problems.OneAtATime(single.Provider),
            var other => throw new InvalidOperationException($"{other} is not an outcome of starting to connect many."),
        };
    }

    [Function("OfferOrganisations")]
    public async Task<IResult> OfferAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "connections/offer")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ConnectClients))
            return Problems.MayNot(member.Actor, Permissions.ConnectClients);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.OfferInput, cancellationToken);
        if (input is null)
            return problem!;
        if (Code(input.Result, out problem) is not { } code)
            return problem!;
        var outcome = await offer.ExecuteAsync(member.Actor, code, cancellationToken);
        if (outcome is not ManyOutcome.Offer offered)
            return Refusal(outcome);
        await syncs.StartAsync(durable, offered.Mended.Select(connection => connection.Client), cancellationToken);
        var open = offered.Organisations.Count(one => !one.IsByThisConsent);
        var mended = offered.Mended.Count == 0 ? "" : $"{Count(offered.Mended.Count, "connection")} of your clients were dead and work again; their syncs have started. ";
        var body = new ManyOfferBody(
            $"{mended}{(open == 0 ? "Nothing is left to be matched." : $"{Count(open, "organisation")} can be matched to clients. Nothing is connected without your word.")}",
            offered.ExpiresAt.ToUniversalTime(), [.. offered.Organisations.Select(ManyOfferItem.Of)], [.. offered.Mended.Select(connection => connection.Client.Value)]);
        return Answer.Ok(body, ApiJson.Default.ManyOfferBody);
    }

    [Function("MatchOrganisations")]
    public async Task<IResult> MatchAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "connections/match")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ConnectClients))
            return Problems.MayNot(member.Actor, Permissions.ConnectClients);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.MatchInput, cancellationToken);
        if (input is null)
            return problem!;
        if (Code(input.Result, out problem) is not { } code)
            return problem!;
        if (Matches(input.Matches, out problem) is not { } matches)
            return problem!;
        var outcome = await match.ExecuteAsync(member.Actor, code, matches, cancellationToken);
        if (outcome is not ManyOutcome.Matched matched)
            return Refusal(outcome);
        if (!member.Actor.Clients.IsAll)
            known.Forget();
        await syncs.StartAsync(durable, matched.Results.Where(one => one is { State: MatchState.Connected, Client: not null }).Select(one => one.Client!.Value), cancellationToken);
        var connected = matched.Results.Count(one => one.State is MatchState.Connected or MatchState.AlreadyConnected);
        var refused = matched.Results.Count - connected;
        var body = new ManyMatchBody(
            refused == 0 ? (connected == 1 ? "The organisation is connected." : $"All {Count(connected, "organisation")} are connected.") : $"{Count(connected, "organisation")} connected, {refused} not: see each, and repeat those.",
            connected, refused, [.. matched.Results.Select(one => new MatchBody(one.Organisation, one.Client?.Value, one.State, Words(one)))]);
        return Answer.Ok(body, ApiJson.Default.ManyMatchBody);
    }

    private static List<OrganisationMatch>? Matches(IReadOnlyList<MatchInputItem>? items, out Problem? problem)
    {
        problem = items is { Count: > 0 and <= MatchOrganisations.Most } ? null : Problems.BadField("matches", $"1 to {MatchOrganisations.Most} matches.");
        List<OrganisationMatch> matches = [];
        foreach (var (item, index) in problem is null ? items!.Select((item, index) => (item, index)) : [])
        {
            var at = $"matches[{index}]";
            ClientName? name = null;
            if (item?.OrganisationId is not { Length: > 0 and <= LongestId } organisation)
                problem = Problems.BadField($"{at}.organisationId", "the id of one of the organisations on offer.");
            else if (matches.Any(other => other.Organisation == organisation))
                problem = Problems.BadField($"{at}.organisationId", "given twice.");
            else if (item.ClientId is null == item.NewClientName is null)
                problem = Problems.BadField(at, "give either clientId or newClientName.");
            else if (item.ClientId is { } id && !ClientStore.IsWellFormed(new ClientId(id)))
                problem = Problems.BadField($"{at}.clientId", "a client's id.");
            else if (item.NewClientName is not null && !ClientName.TryParse(item.NewClientName, out name, out var wrong))
                problem = Problems.BadField($"{at}.newClientName", wrong);
            else
                matches.Add(new OrganisationMatch(organisation, item.ClientId is { } client ? new ClientId(client) : null, name, item.AcceptDifferent ?? false));
            if (problem is not null)
                return null;
        }
        return problem is null ? matches : null;
    }

    private static string? Code(string? text, out Problem? problem)
    {
        var result = text is { Length: > 0 and <= 512 } ? ConsentResult.Parse(text) : null;
        problem = text is null or "" ? Problems.BadField("result", "the value that the browser brought back.")
            : result is null or ConsentResult.Pending ? Problems.ResultUnknown
            : result.Problem("The provider");
        return problem is null ? (result as ConsentResult.PendingMany)?.Code : null;
    }

    private static Problem Refusal(ManyOutcome outcome) => outcome switch
    {
        ManyOutcome.CodeUnknown or ManyOutcome.CodeExpired => Problems.ResultUnknown,
        ManyOutcome.Failed failed => Problems.Of(failed.Fault, "The provider"),
        _ => throw new InvalidOperationException($"{outcome} is not an outcome of a consent for many."),
    };

    private static string Words(MatchResult result) => result.State switch
    {
        MatchState.Connected => "Connected; copying the books starts by itself.",
        MatchState.AlreadyConnected => "Connected already.",
        MatchState.NotOffered => "The consent does not reach this organisation, or not any more: it may have been disconnected at the provider. Begin again and choose it there.",
        MatchState.ClientUnknown => "There is no such client that you may see.",
        MatchState.MayNotAdd => "You may not add clients. Match it to an existing one, or let someone add it who may manage clients.",
        MatchState.Taken => $"It is connected to {result.Detail ?? "another client"} already. One set of books belongs to one client: disconnect it there first.",
        MatchState.DifferentOrganisation => $"This client held {result.Detail ?? "other books"} before, and the two copies would mix. Repeat with acceptDifferent only if that is meant.",
        MatchState.Full => "It has to wait: our app holds as many organisations as its tier at the provider allows. Disconnect one that no longer needs it, or an operator moves the app to a higher tier.",
        MatchState.TryAgain => "It could not be done now. Nothing was changed; repeat it.",
        _ => throw new InvalidOperationException($"{result.State} has no words."),
    };

    private static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
