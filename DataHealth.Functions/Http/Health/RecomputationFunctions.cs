using System.Globalization;
using DataHealth.Core.Connections;
using DataHealth.Core.Health;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Health;

/// <summary>Past month-ends judged anew by the rules of today, because somebody asked for it.</summary>
public sealed class RecomputationFunctions(ICurrentMember member, ClientDoor door, ConnectionStore connections, RequestRecomputation recompute, RecomputationStore recomputations, HealthWishes wishes, TimeProvider time)
{
    [Function("RecomputeHealthHistory")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/health/history/recomputation")] HttpRequest request, string clientId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ManageClients, cancellationToken);
        if (client is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.RecomputeInput, cancellationToken);
        if (input is null)
            return problem!;
        if (Read(input, out var days) is { } wrong)
            return wrong;
        if ((await connections.GetAsync(client.Id, cancellationToken)).Organisation is null)
            return Problems.NotConnected;
        switch (await recompute.ExecuteAsync(member.Actor, client.Id, days, cancellationToken))
        {
            case RecomputationOutcome.Accepted accepted:
                await HealthStarter.StartAsync(durable, client.Id, HealthWishKind.History, CancellationToken.None);
                return Answer.Accepted($"clients/{client.Id}/health/history/recomputation", await BodyAsync(durable, client.Id, accepted.Asked, CancellationToken.None), ApiJson.Default.RecomputationBody);
            case RecomputationOutcome.AtWork other:
                return Problems.Recomputing(other.Open.ByName);
            case RecomputationOutcome.NotOver:
                return Refused();
            default:
                return Problems.NotJudged;
        }
    }

    [Function("GetHealthRecomputation")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/history/recomputation")] HttpRequest request, string clientId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        return await recomputations.FindAsync(client.Id, cancellationToken) is { } asked
            ? Answer.Ok(await BodyAsync(durable, client.Id, asked, cancellationToken), ApiJson.Default.RecomputationBody)
            : Problems.NoRecomputation;
    }

    private async Task<RecomputationBody> BodyAsync(DurableTaskClient durable, Core.ClientId client, Recomputation asked, CancellationToken cancellationToken)
    {
        var isRecomputing = asked.EndedAt is null && await HealthStarter.IsRecomputingAsync(durable, client, cancellationToken);
        // Nobody is at work for it and nobody will be: it came back with a backup. Read once more, since it may have ended in this moment.
        var isLost = asked.EndedAt is null && !isRecomputing && await wishes.FindAsync(client, HealthWishKind.History, cancellationToken) is null;
        if (isLost && await recomputations.FindAsync(client, cancellationToken) is { } now && now.Id == asked.Id)
            asked = now;
        var state = asked switch
        {
            { HasFailed: true } => RecomputationState.Failed,
            { EndedAt: not null } => RecomputationState.Done,
            _ => isLost ? RecomputationState.Failed : isRecomputing ? RecomputationState.Running : RecomputationState.Waiting,
        };
        var words = state switch
        {
            RecomputationState.Waiting => "It begins when what is at work for this client's health is done, or within minutes of it.",
            RecomputationState.Running => "Month-ends are judged one after another; each point shows in the history as soon as it is there.",
            RecomputationState.Done => "Every month-end has its point in the history, beside those that were recorded then.",
            _ => "It ended before every month-end had its point; those that have one keep it. Ask again for the others.",
        };
        return new RecomputationBody(
            asked.Id, state, words, [.. asked.Days.Select((day, place) => new RecomputedMonthBody(Month(day), day, place < asked.Done))],
            asked.AskedAt.ToUniversalTime(), new RecomputedByBody(asked.By.Value, asked.ByName), asked.EndedAt?.ToUniversalTime());
    }

    private Problem? Read(RecomputeInput input, out IReadOnlyList<DateOnly> days)
    {
        // A month that ends today in UTC may be over where the books are: that is looked at with the books.
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var read = (input.Months ?? []).Select(End).ToList();
        days = [.. read.OfType<DateOnly>().Order()];
        return read.Count is 0 or > RequestRecomputation.MostDays || read.Contains(null) || days.Distinct().Count() < days.Count || days[^1] > today || days[0] < today.AddYears(-RequestRecomputation.MostYearsBack)
            ? Refused()
            : null;
    }

    private static Problem Refused() => Problems.BadField("months", $"1 to {RequestRecomputation.MostDays} different months that are over, of the last {RequestRecomputation.MostYearsBack} years, each as 2026-09.");

    private static DateOnly? End(string? month) =>
        QueryReader.Day($"{month}-01") is { } first ? Period.MonthOf(first).To : null;

    private static string Month(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
