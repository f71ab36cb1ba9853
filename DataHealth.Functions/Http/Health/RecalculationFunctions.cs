using System.Text.Json;
using DataHealth.Core.Audit;
using DataHealth.Core.Connections;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Overview;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Health;

/// <summary>A person presses Recalculate, or looks at the books by another day.</summary>
public sealed class RecalculationFunctions(ICurrentMember member, ClientDoor door, ConnectionStore connections, PreviewHealth preview, PassGate gate, HealthStarter starter, AuditTrail audit, TimeProvider time)
{
    [Function("RecalculateHealth")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/health/recalculate")] HttpRequest request, string clientId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.SyncClients, cancellationToken);
        if (client is null)
            return problem!;
        // Books that were disconnected are still ours to judge; only without any there is nothing.
        if ((await connections.GetAsync(client.Id, cancellationToken)).Organisation is null)
            return Problems.NotConnected;
        // Also of a press that joins, and first: what is pressed must not be without its entry.
        await audit.RecordAsync(member.Actor, AuditAction.HealthRecalculated, client.Id);
        var isNew = await starter.RecalculateAsync(durable, client.Id, cancellationToken);
        return Answer.Accepted(
            $"clients/{client.Id}/health",
            isNew
                ? new RecalculationBody(RecalculationStart.Started, "The recalculation has been started. Until it is done, what was there before stays.")
                : new RecalculationBody(RecalculationStart.Joined, "Something is at work for this client's health; the recalculation follows it, within minutes of its end. Until then, what was there before stays."),
            ApiJson.Default.RecalculationBody);
    }

    [Function("PreviewHealth")]
    public async Task<IResult> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/health/preview")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.PreviewInput, cancellationToken);
        if (input is null)
            return problem!;
        if (Read(input, out var wish) is { } wrong)
            return wrong;
        using var place = await gate.EnterAsync(cancellationToken);
        if (place is null)
            return Problems.TooManyPasses;
        return await preview.ExecuteAsync(client.Id, client.Practice, wish, cancellationToken) is { } judged
            ? Answer.Ok(HealthWords.Of(HealthOverview.Of(judged)), ApiJson.Default.OverviewBody)
            : Problems.NotConnected;
    }

    private Problem? Read(PreviewInput input, out PreviewWish wish)
    {
        wish = new PreviewWish { ReportingDate = input.ReportingDate };
        foreach (var (field, day) in ((string, DateOnly?)[])[("from", input.From), ("to", input.To), ("reportingDate", input.ReportingDate)])
        {
            if (day is { } given && Math.Abs(given.Year - time.GetUtcNow().Year) > RequestRecomputation.MostYearsBack)
                return Problems.BadField(field, $"a day within {RequestRecomputation.MostYearsBack} years.");
        }
        // A day further on, since it may be tomorrow already where the books are.
        if ((input.ReportingDate ?? input.To) > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1))
            return Problems.BadField(input.ReportingDate is null ? "to" : "reportingDate", "not after today: nobody can judge books of days to come.");
        if (input.From is null != input.To is null || input.From > input.To)
            return Problems.BadField("to", "give both ends of the period, the first day first, or neither.");
        if (input is { From: { } from, To: { } to })
            wish = wish with { Period = new Period(from, to) };
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, given) in input.Settings ?? new Dictionary<string, JsonElement>())
        {
            if (CheckCatalog.Find(key) is not { } check)
                return Problems.BadField("settings", $"there is no check '{key}'.");
            if (check.Normalise(given.GetRawText(), out var problem) is not { } whole)
                return Problems.BadField("settings", problem ?? "not right.");
            settings[key] = whole;
        }
        wish = wish with { Settings = settings };
        return null;
    }
}
