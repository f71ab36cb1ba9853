using DataHealth.Core.Health.Records;
using DataHealth.Core.Insights;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Http.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Insights;

/// <summary>The numbers of a client's books that are looked at and not scored.</summary>
public sealed class InsightFunctions(ClientDoor door, CurrentMember member, ReadInsights insights, PassGate gate, ChangeInsightSettings change, SettingStore settings)
{
    [Function("GetInsights")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/insights")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        DateOnly? reportingDate = null;
        if (request.Query.TryGetValue("reportingDate", out var values))
        {
            if (values.Count != 1 || QueryReader.Day(values[0]) is not { } day)
                return Problems.BadField("reportingDate", QueryReader.DayWords);
            reportingDate = day;
        }

        if (reportingDate is null && await insights.FindAsync(client.Id, cancellationToken) is { } kept)
            return Answer.Ok(kept, ApiJson.Default.ClientInsights);
        using var place = await gate.EnterAsync(cancellationToken);
        if (place is null)
            return Problems.TooManyPasses;
        return await insights.GatherAsync(client.Id, reportingDate, cancellationToken) is { } read ? Answer.Ok(read, ApiJson.Default.ClientInsights) : Problems.NotConnected;
    }

    [Function("GetInsightSettings")]
    public async Task<IResult> SettingsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/insights/settings")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        return client is null ? problem! : Answer.Ok(await settings.OfInsightsAsync(client.Id, cancellationToken), ApiJson.Default.InsightSettings);
    }

    [Function("ChangeInsightSettings")]
    public async Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "clients/{clientId}/insights/settings")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ManageClients, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.InsightSettings, cancellationToken);
        if (input is null)
            return problem!;
        return await change.ExecuteAsync(member.Actor, client.Id, input, cancellationToken) is { } wrong
            ? Problems.BadField("settings", wrong)
            : Answer.Ok(await settings.OfInsightsAsync(client.Id, cancellationToken), ApiJson.Default.InsightSettings);
    }
}
