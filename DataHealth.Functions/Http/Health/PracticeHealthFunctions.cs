using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Practices;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Health;

/// <summary>Health over all clients of a practice, and the practice's own score.</summary>
public sealed class PracticeHealthFunctions(ICurrentMember member, ReadPracticeHealth read, PracticeScores scores)
{
    private const int MostPreviewed = 100;

    [Function("GetPracticeHealth")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "practice/health")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.ViewClients))
            return Problems.MayNot(member.Actor, Permissions.ViewClients);
        if (Paging.Read(request, out var paging) is { } wrong)
            return wrong;
        if (paging.Continuation is { } from && !ReadPracticeHealth.IsContinuation(from))
            return Problems.BadContinuation;
        var page = await read.ExecuteAsync(member.Actor, paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(
            new PracticeHealthBody
            {
                Clients = page.Total,
                WithoutScore = page.WithoutScore,
                Average = Rounded(page.Average),
                ChangeOnMonth = Rounded(page.ChangeOnMonth),
                Distribution = new(page.Colours.GetValueOrDefault(ScoreColour.Teal), page.Colours.GetValueOrDefault(ScoreColour.Amber), page.Colours.GetValueOrDefault(ScoreColour.Red)),
                WorstChecks = [.. page.Worst.Select(check => check with { AverageShare = HealthWords.Round(check.AverageShare) })],
                Volumes = page.Volumes,
                Items = [.. page.Clients.Select(Of)],
                Continuation = page.Continuation,
            },
            ApiJson.Default.PracticeHealthBody);
    }

    [Function("GetPracticeScore")]
    public async Task<IResult> ScoreAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "practice/health/score")] HttpRequest request, CancellationToken cancellationToken) =>
        member.May(Permissions.ViewClients) ? One(await scores.FindAsync(member.Practice, cancellationToken)) : Problems.MayNot(member.Actor, Permissions.ViewClients);

    [Function("ChangePracticeScore")]
    public async Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "practice/health/score")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (recipe, problem) = await ReadAsync(request, cancellationToken);
        return problem ?? (IResult)One(await scores.SaveAsync(member.Actor, recipe, cancellationToken));
    }

    [Function("PreviewPracticeScore")]
    public async Task<IResult> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "practice/health/score/preview")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (recipe, problem) = await ReadAsync(request, cancellationToken);
        if (problem is not null)
            return problem;
        var clients = await read.PreviewAsync(member.Actor, recipe ?? ScoreRecipe.Default, cancellationToken);
        return Answer.Ok(
            new ScorePreviewBody(
                Average(clients.Select(one => one.Before)), Average(clients.Select(one => one.After)), clients.Count,
                [.. clients.Take(MostPreviewed).Select(one => new ScorePreviewItem(one.Client.Client.Value, one.Client.Name, HealthWords.Of(one.Before), HealthWords.Of(one.After)))]),
            ApiJson.Default.ScorePreviewBody);
    }

    private async Task<(ScoreRecipe? Recipe, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.PracticeSettings))
            return (null, Problems.MayNot(member.Actor, Permissions.PracticeSettings));
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.PracticeScoreInput, cancellationToken);
        if (input is null)
            return (null, problem);
        if (input.Weights is null)
            return (null, null);
        var recipe = new ScoreRecipe(input.Weights);
        return recipe.Problem() is { } wrong ? (null, Problems.BadField("weights", wrong)) : (recipe, null);
    }

    private static Answer<PracticeScoreBody> One(CustomScore? custom) => Answer.Ok(
        new PracticeScoreBody(custom is not null, custom?.Weights ?? ScoreRecipe.Default.Weights, ScoreRecipe.Default.Weights, custom?.By.Value, custom?.At.ToUniversalTime()), ApiJson.Default.PracticeScoreBody);

    private static ClientHealthBody Of(ClientStanding standing) => new()
    {
        ClientId = standing.Client.Client.Value,
        Name = standing.Client.Name,
        Score = HealthWords.Of(standing.Score),
        ChangeOnMonth = Rounded(standing.ChangeOnMonth),
        CalculatedAt = standing.Row?.CalculatedAt.ToUniversalTime(),
        ReportingDate = standing.Row?.ReportingDate,
        IsPartial = standing.Row?.IsPartial,
        Sparkline = standing.Row?.Sparkline,
        Volumes = standing.Row?.Volumes,
        Locks = standing.Row is { } row ? new(row.PeriodLock, row.YearEndLock, row.Locks) : null,
        WorstChecks = standing.Row is null ? null : [.. standing.Worst.Select(HistoryCheckBody.Of)],
    };

    private static decimal? Average(IEnumerable<HealthScore?> scores) => scores.OfType<HealthScore>().Select(score => score.Exact).ToList() is { Count: > 0 } exact ? HealthWords.Round(exact.Average()) : null;

    private static decimal? Rounded(decimal? value) => value is { } known ? HealthWords.Round(known) : null;
}
