using DataHealth.Core.Clients;
using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Sync;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Health.History;

/// <summary>
/// Judges the books as they stand today for past month-ends, by the rules, settings, weights and dismissals of today, and writes each as a point beside those that were recorded then. What checks remember is what they remember today, and is
/// not changed. One month-end at a time: killed anywhere, the next call goes on with the first that has no point yet.
/// </summary>
public sealed partial class RecomputeHistory(
    IClientBooks books, ClientStore clients, HealthStore health, RecomputationStore recomputations, NoteStore notes, SettingStore settings, PracticeScores scores, RunStore runs, TimeProvider time, ILogger<RecomputeHistory> logger)
{
    /// <summary>Called at named places; tests crash or freeze there.</summary>
    internal Func<RecomputationPlace, Task>? Reached { get; set; }

    /// <summary>Judges the next month-end of what is asked for.</summary>
    /// <param name="client">Whose books.</param>
    /// <param name="cancellationToken">Breaks it off; the month-end has its point, whole, or none.</param>
    public async Task<RecomputationStep> NextAsync(ClientId client, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new RunScope(client));
        if (await clients.FindAsync(client, cancellationToken) is not { ClearedBy: null } owner
            || await recomputations.FindAsync(client, cancellationToken) is not { EndedAt: null } asked)
            return RecomputationStep.Over;
        // A copy that is on its way is the books of no day; and at its end it is recalculated. A pause of minutes changes nothing about that; one of hours is not waited for, as the score of today is not.
        var run = await runs.CurrentAsync(client, cancellationToken);
        if (run is not (null or { State: RunState.Finished } or { State: RunState.Paused, Pause.IsLong: true }))
            return RecomputationStep.Wait;
        var recalculations = await recomputations.RecalculationsAsync(client, cancellationToken);
        if (await books.OpenAsync(client, cancellationToken) is not { } reader)
        {
            await recomputations.FailAsync(client, asked.Id, time.GetUtcNow(), cancellationToken);
            return RecomputationStep.Over;
        }
        var day = asked.Days[asked.Done];
        await AtAsync(RecomputationPlace.Begun);
        var result = await new HealthEngine().RunAsync(
            reader,
            new HealthRequest
            {
                Period = Period.MonthOf(day),
                ReportingDate = day,
                Settings = await settings.UnderstoodAsync(client, cancellationToken),
                Memory = await health.MemoryOfAsync(client, await reader.OrganisationAsync(cancellationToken), cancellationToken),
            },
            cancellationToken);
        await AtAsync(RecomputationPlace.Judged);
        // Beside a recalculation or a sync that began meanwhile it may have seen parts of two copies: another time.
        if (await recomputations.RecalculationsAsync(client, cancellationToken) != recalculations || await runs.CurrentAsync(client, cancellationToken) is var now && (now?.RunId, now?.State, now?.Pause?.Until) != (run?.RunId, run?.State, run?.Pause?.Until))
        {
            Log.Beside(logger, client, day);
            return RecomputationStep.Wait;
        }
        var at = time.GetUtcNow();
        if (!await recomputations.WriteAsync(client, asked, () => PointAsync(owner, asked, result, at, cancellationToken), at, cancellationToken))
            return RecomputationStep.More;
        await AtAsync(RecomputationPlace.Written);
        Log.Done(logger, client, day);
        return asked.Done + 1 == asked.Days.Count ? RecomputationStep.Over : RecomputationStep.More;
    }

    /// <summary>Ends what is asked for, which comes to nothing more; points that are written stay.</summary>
    public async Task FailAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (await recomputations.FindAsync(client, cancellationToken) is { EndedAt: null } asked)
            await recomputations.FailAsync(client, asked.Id, time.GetUtcNow(), cancellationToken);
    }

    private async Task<RecomputedPoint> PointAsync(Client owner, Recomputation asked, HealthResult result, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var recipe = await scores.RecipeAsync(owner.Practice, cancellationToken);
        var noted = await notes.AllAsync(owner.Id, cancellationToken);
        var score = result.Score(recipe, noted.IsOpen);
        var point = new ScorePoint
        {
            Version = HealthVersion.New(time),
            At = at,
            ReportingDate = result.Request.ReportingDate,
            Exact = score?.Exact,
            RulesVersion = result.RulesVersion,
            IsPartial = !result.IsComplete,
            Weights = recipe.Weights,
            Checks = score?.Checks ?? [],
        };
        return new RecomputedPoint(point, asked.Id, asked.By, asked.ByName, result.Coverage.Min(dataset => dataset.UpTo));
    }

    private Task AtAsync(RecomputationPlace place) => Reached?.Invoke(place) ?? Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Client {Client}: {Day} is judged by the rules of today")]
        public static partial void Done(ILogger logger, ClientId client, DateOnly day);

        [LoggerMessage(LogLevel.Information, "Client {Client}: a recalculation or a sync began while {Day} was judged; it is judged again after it")]
        public static partial void Beside(ILogger logger, ClientId client, DateOnly day);
    }
}

/// <summary>What became of one step of a recomputation.</summary>
public enum RecomputationStep
{
    /// <summary>There is more to judge.</summary>
    More,

    /// <summary>Not now: a sync or a recalculation is at work.</summary>
    Wait,

    /// <summary>All is judged, or nothing more is to be.</summary>
    Over,
}

/// <summary>Places in a step of a recomputation; tests crash or freeze there.</summary>
internal enum RecomputationPlace
{
    /// <summary>Nothing is judged.</summary>
    Begun,

    /// <summary>The month-end is judged, nothing is written.</summary>
    Judged,

    /// <summary>Its point is written.</summary>
    Written,
}
