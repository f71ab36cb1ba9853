using System.Globalization;
using DataHealth.Core.Insights;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Insights;

/// <summary>The numbers of a client's books that are looked at and not scored.</summary>
public sealed class InsightFunctions(ClientDoor door, ReadInsights insights)
{
    private static readonly DateOnly Earliest = new(2000, 1, 1);
    private static readonly DateOnly Latest = new(2100, 12, 31);

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
            if (values.Count != 1 || !DateOnly.TryParseExact(values[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < Earliest || day > Latest)
                return Problems.BadField("reportingDate", "a day between 2000 and 2100, as yyyy-MM-dd.");
            reportingDate = day;
        }

        return await insights.ExecuteAsync(client.Id, reportingDate, cancellationToken) is { } read ? Answer.Ok(read, ApiJson.Default.ClientInsights) : Problems.NotConnected;
    }
}
