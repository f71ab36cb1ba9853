using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Health;

/// <summary>A client's score over time, why it changed, and what would move it.</summary>
public sealed class HistoryFunctions(ClientDoor door, ReadHealth health, ReadScoreHistory history, AttributeChange attribute, TimeProvider time)
{
    private const int UsualDays = 90;

    [Function("GetHealthHistory")]
    public async Task<IResult> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/history")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (ReadSeries(request, out var unit, out var from, out var to) is { } wrong)
            return wrong;
        var series = await history.ExecuteAsync(client.Id, unit, from, to, cancellationToken);
        return Answer.Ok(new HistoryBody(unit, from, to, [.. series.Select(HistoryPointBody.Of)]), ApiJson.Default.HistoryBody);
    }

    [Function("ExportHealthHistory")]
    public async Task<IResult> ExportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/history/export")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ExportData, cancellationToken);
        if (client is null)
            return problem!;
        if (ReadSeries(request, out var unit, out var from, out var to) is { } wrong)
            return wrong;
        var grid = HistoryGrid.Of(await history.ExecuteAsync(client.Id, unit, from, to, cancellationToken));
        return Results.Stream(into => GridCsv.WriteAsync(grid, into, cancellationToken), GridCsv.ContentType, "health-history.csv");
    }

    [Function("GetHealthMoves")]
    public async Task<IResult> MovesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/moves")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (Paging.Read(request, out var paging) is { } wrong)
            return wrong;
        if (await health.ExecuteAsync(client.Id, client.Practice, cancellationToken) is not { } standing)
            return Problems.NotJudged;
        var moves = standing.Moves();
        return Answer.Ok(
            new MovesBody(
                HealthWords.Of(standing.Score()),
                [
                    .. (moves?.Findings ?? []).Take(paging.Take)
                        .Select(move => new FindingMoveBody(move.Finding, move.Check, standing.Health.Find(move.Finding)!.Finding.Text, HealthWords.Round(move.Points), move.MoreBeforeItMoves)),
                ],
                moves?.Findings.Count ?? 0,
                [.. (moves?.Checks ?? []).Select(move => new CheckMoveBody(move.Check, move.Findings, HealthWords.Round(move.Points)))]),
            ApiJson.Default.MovesBody);
    }

    [Function("GetHealthAttribution")]
    public async Task<IResult> AttributionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/attribution")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (Before(request, "from", out var asked) is { } bad)
            return bad;
        if (Before(request, "to", out var to) is { } wrong)
            return wrong;
        if (to < asked)
            return Problems.BadField("to", "not before from.");
        return await attribute.ExecuteAsync(client.Id, client.Practice, asked, to, cancellationToken) switch
        {
            AttributionOutcome.Done { Parts: var parts } done => Answer.Ok(
                new AttributionBody(
                    done.From.ToUniversalTime(), done.To.ToUniversalTime(), HealthWords.Round(parts.Before), HealthWords.Round(parts.After), HealthWords.Round(parts.After - parts.Before),
                    HealthWords.Round(parts.RulesAndWeights), HealthWords.Round(parts.Coverage), HealthWords.Round(parts.NewPostings), HealthWords.Round(parts.WorkDone)),
                ApiJson.Default.AttributionBody),
            AttributionOutcome.NoPoint lacks => Problems.NoPoint(lacks.Before),
            AttributionOutcome.TooOld old => Problems.PointTooOld(old.Before),
            AttributionOutcome.NoScore => Problems.NoScore,
            var other => throw new InvalidOperationException($"{other} is not an outcome of attribution."),
        };
    }

    private Problem? ReadSeries(HttpRequest request, out SeriesUnit unit, out DateOnly from, out DateOnly to)
    {
        (unit, to) = (SeriesUnit.Day, Today());
        from = to.AddDays(-UsualDays);
        if (request.Query["unit"] is [{ } word])
        {
            if (QueryReader.Word<SeriesUnit>(word) is not { } known)
                return Problems.BadField("unit", "day, week or month.");
            unit = known;
        }
        return Day(request, "from", ref from) ?? Day(request, "to", ref to)
            ?? (from > to || to.DayNumber - from.DayNumber > ReadScoreHistory.MostDays ? Problems.BadField("to", $"not before from, and at most {ReadScoreHistory.MostDays} days after it.") : null);
    }

    private static Problem? Day(HttpRequest request, string name, ref DateOnly day)
    {
        if (!request.Query.TryGetValue(name, out var values))
            return null;
        if (values.Count != 1 || QueryReader.Day(values[0]) is not { } given)
            return Problems.BadField(name, QueryReader.DayWords);
        day = given;
        return null;
    }

    /// <summary>Which recalculation is meant: the last before this moment.</summary>
    private static Problem? Before(HttpRequest request, string name, out DateTimeOffset? before)
    {
        before = null;
        if (!request.Query.TryGetValue(name, out var values))
            return null;
        if (values.Count == 1 && QueryReader.Day(values[0]) is { } day)
            before = NextDay(day);
        else if (values.Count == 1 && QueryReader.Moment(values[0]) is { } moment)
            before = moment.AddMilliseconds(1); // Points are told apart by the millisecond.
        else
            return Problems.BadField(name, "a day, as 2026-10-31, or the moment of a recalculation, as 2026-10-31T09:30:00.000Z.");
        return null;
    }

    private static DateTimeOffset NextDay(DateOnly day) => new(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
