using DataHealth.Core;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Practices;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Sync;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Connections;

/// <summary>The member who began a consent confirms it, signed in, and chooses where it reaches several organisations. Once connected, the first sync starts by itself.</summary>
public sealed class ConfirmFunctions(
    ICurrentMember member, ConfirmConsent confirm, ChooseOrganisation choose, ConnectionWords words, FirstSyncs syncs)
{
    private const int LongestId = 200;

    [Function("ConfirmConsent")]
    public async Task<IResult> ConfirmAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "connections/confirm")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ConfirmInput, cancellationToken);
        if (input is null)
            return problem!;
        if (Pending(input.Result, out problem) is not { } pending)
            return problem!;
        var outcome = await confirm.ExecuteAsync(member.Actor, pending.Client, pending.Code, input.AcceptDifferent ?? false, cancellationToken);
        return await AnswerAsync(pending.Client, outcome, durable, cancellationToken);
    }

    [Function("ChooseOrganisation")]
    public async Task<IResult> ChooseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "connections/choose")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ChooseInput, cancellationToken);
        if (input is null)
            return problem!;
        if (input.OrganisationId is not { Length: > 0 and <= LongestId } organisation)
            return Problems.BadField("organisationId", "the id of one of the organisations that confirming listed.");
        if (Pending(input.Result, out problem) is not { } pending)
            return problem!;
        var outcome = await choose.ExecuteAsync(member.Actor, pending.Client, pending.Code, organisation, input.AcceptDifferent ?? false, cancellationToken);
        return await AnswerAsync(pending.Client, outcome, durable, cancellationToken);
    }

    private ConsentResult.Pending? Pending(string? text, out Problem? problem)
    {
        var result = text is { Length: > 0 and <= 512 } ? ConsentResult.Parse(text) : null;
        problem = !member.May(Permissions.ConnectClients) ? Problems.MayNot(member.Actor, Permissions.ConnectClients)
            : text is null or "" ? Problems.BadField("result", "the value that the browser brought back.")
            : result is null ? Problems.ResultUnknown
            : result is ConsentResult.PendingMany ? Problems.ResultForMany
            : result.Problem("The provider");
        return problem is null ? result as ConsentResult.Pending : null;
    }

    private async Task<IResult> AnswerAsync(ClientId client, ConsentOutcome outcome, DurableTaskClient durable, CancellationToken cancellationToken) => outcome switch
    {
        ConsentOutcome.Connected connected => await ConnectedAsync(connected, durable, cancellationToken),
        ConsentOutcome.Choose several => Next(client, ConsentStep.Choose,
            "The consent reaches several organisations. Choose the one whose books belong to this client.", organisations: several.Organisations),
        ConsentOutcome.DifferentOrganisation different => Next(client, ConsentStep.DifferentOrganisation,
            $"This client held {different.EarlierName} before; {different.Chosen.Name} is another set of books, and the two copies would mix. Go on only if that is meant.",
            earlier: different.EarlierName, chosen: different.Chosen),
        ConsentOutcome.NoOrganisation => Problems.NoOrganisation,
        ConsentOutcome.OrganisationTaken taken => Problems.AlreadyConnected(taken.OrganisationName, taken.ByName),
        ConsentOutcome.ChangedMeanwhile => Problems.ConnectionChanged,
        ConsentOutcome.NotOffered => Problems.NotOffered,
        ConsentOutcome.NotTheSameOrganisation other => Problems.OtherOrganisation(other.OrganisationName),
        ConsentOutcome.ClientUnknown or ConsentOutcome.CodeUnknown or ConsentOutcome.CodeExpired => Problems.ResultUnknown,
        ConsentOutcome.Failed failed => Problems.Of(failed.Fault, "The provider"),
        _ => throw new InvalidOperationException($"{outcome} is not an outcome of confirming."),
    };

    private async Task<IResult> ConnectedAsync(ConsentOutcome.Connected outcome, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var connection = outcome.Connection;
        var ticket = await syncs.StartAsync(durable, connection.Client, cancellationToken);
        await syncs.StartAsync(durable, outcome.Mended, cancellationToken);
        var sync = ticket.RunId is null ? null : RunWords.Of(ticket);
        var next = ticket switch
        {
            { State: TicketState.Started } => "Copying the books has started by itself.",
            { State: TicketState.ReadsUsedUp, PausedUntil: { } until } when Problems.ReadsUsedUp(words.ProviderName(connection.Organisation?.Provider), until) is var why =>
                $"Copying the books waits. {why.Title} {why.Detail}",
            _ => sync?.Words,
        };
        var body = new ConsentBody(
            ConsentStep.Connected,
            $"Connected to {connection.OrganisationName}. {next}".TrimEnd(),
            connection.Client.Value, words.Of(connection), sync, null, null, null);
        return Answer.Ok(body, ApiJson.Default.ConsentBody);
    }

    private static Answer<ConsentBody> Next(
        ClientId client, ConsentStep step, string words, IReadOnlyList<OfferedOrganisation>? organisations = null, string? earlier = null, OfferedOrganisation? chosen = null) =>
        Answer.Ok(
            new ConsentBody(
                step, words, client.Value, null, null,
                organisations is null ? null : [.. organisations.Select(OfferBody.Of)], earlier, chosen is null ? null : OfferBody.Of(chosen)),
            ApiJson.Default.ConsentBody);
}
