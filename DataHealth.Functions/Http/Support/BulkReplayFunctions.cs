using System.Globalization;
using DataHealth.Core;
using DataHealth.Core.Audit;
using DataHealth.Core.Operations;
using DataHealth.Core.Practices;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Support;

/// <summary>Replays the failed runs of one cause, at a pace: first what it would do and cost, then the doing, then how far it is.</summary>
public sealed class BulkReplayFunctions(ICurrentMember member, SupportDoor door, ForecastReplays forecasts, ReplayBatches batches, SyncStarter starter, AuditTrail audit)
{
    internal const int MostMinutes = 60 * 24 * 366;
    private const int MostPerMinute = 600;
    private const int UsualPerMinute = 60;

    [Function("StartBulkReplay")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "support/replays")] HttpRequest request, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (door.Knock() is { } closed)
            return closed;
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.BulkReplayInput, cancellationToken);
        if (input is null)
            return problem!;
        (var filter, problem) = Filter(input.Filter);
        if (filter is null)
            return problem!;
        var from = input.From ?? ReplayFrom.Checkpoint;
        if (input.DryRun == true)
            return Answer.Ok(Body(await forecasts.ExecuteAsync(filter, from, cancellationToken)), ApiJson.Default.BulkReplayBody);
        (var reason, problem) = SupportDoor.Reason(input.Reason);
        if (reason is null)
            return problem!;
        var pace = input.PerMinute ?? UsualPerMinute;
        if (pace is < 1 or > MostPerMinute)
            return Problems.BadField("perMinute", $"a whole number from 1 to {MostPerMinute}.");

        var wanted = new ReplayBatch { Id = "", Filter = filter, From = from, PerMinute = pace, Reason = reason, By = member.Member, ByName = member.Name, RequestId = member.Actor.RequestId };
        var (batch, isNew) = await batches.BeginAsync(wanted, cancellationToken);
        if (isNew)
            await audit.RecordAsync(member.Actor, AuditAction.BulkReplayStarted, null, after: $"Batch {batch.Id} of {batch.Total} runs. Reason: {reason}");
        if (batch.FinishedAt is null)
            await starter.StartBatchAsync(durable, batch, cancellationToken);
        return Answer.Accepted($"support/replays/{batch.Id}", Body((await batches.ProgressAsync(batch.Id, cancellationToken))!), ApiJson.Default.BulkReplayBody);
    }

    [Function("GetBulkReplay")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "support/replays/{batchId}")] HttpRequest request, string batchId, CancellationToken cancellationToken)
    {
        if (door.Knock() is { } closed)
            return closed;
        return RunFunctions.IsRunId(batchId) && await batches.ProgressAsync(batchId, cancellationToken) is { } progress
            ? Answer.Ok(Body(progress), ApiJson.Default.BulkReplayBody)
            : Problems.NoBatch;
    }

    private static (OpenRunFilter? Filter, Problem? Problem) Filter(BulkReplayFilter? wanted)
    {
        if (wanted is null or { Code: null, Provider: null, PracticeId: null, OlderThanMinutes: null })
            return (null, Problems.BadField("filter", "give at least one of code, provider, practiceId and olderThanMinutes: an empty filter would replay everything."));
        foreach (var (name, value) in ((string, string?)[])[("code", wanted.Code), ("provider", wanted.Provider), ("practiceId", wanted.PracticeId)])
        {
            if (value is not null && !SupportRunFunctions.IsWord(value))
                return (null, Problems.BadField($"filter.{name}", "letters, digits and hyphens, at most 60."));
        }
        if (wanted.OlderThanMinutes is < 1 or > MostMinutes)
            return (null, Problems.BadField("filter.olderThanMinutes", $"a whole number from 1 to {MostMinutes}."));
        return (new OpenRunFilter
        {
            Code = wanted.Code,
            Provider = wanted.Provider,
            Practice = wanted.PracticeId is { } practice ? new PracticeId(practice) : null,
            OlderThan = wanted.OlderThanMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        }, null);
    }

    private static BulkReplayBody Body(ReplayForecast forecast) => new(
        null,
        $"It would replay {Count(forecast.Runs, "run")} of {Count(forecast.Practices, "practice")}, in about {Count(forecast.Calls, "call")}. Nothing was begun.",
        forecast.Runs,
        new BulkReplayForecastBody(forecast.Practices, forecast.Calls, forecast.IsCut, forecast.ByCode),
        null);

    private static BulkReplayBody Body(ReplayProgress progress)
    {
        var batch = progress.Batch;
        int Of(BatchedState state) => progress.Counts.GetValueOrDefault(state);
        var words = batch.FinishedAt is null
            ? $"{batch.Total - Of(BatchedState.Pending)} of {Count(batch.Total, "run")} dealt with, {batch.PerMinute} a minute."
            : (batch.Total == 1 ? "The run is dealt with." : $"All {Count(batch.Total, "run")} are dealt with.");
        return new BulkReplayBody(batch.Id, words, batch.Total, null, new BulkReplayProgressBody(
            batch.StartedAt.ToUniversalTime(), batch.FinishedAt?.ToUniversalTime(), batch.Reason, batch.PerMinute, Of(BatchedState.Pending), Of(BatchedState.Started),
            Of(BatchedState.InFlight), Of(BatchedState.AlreadyReplayed), Of(BatchedState.Outdated), Of(BatchedState.ReadsUsedUp), Of(BatchedState.NotConnected), Of(BatchedState.Gone)));
    }

    private static string Count(int number, string what) => $"{number.ToString("N0", CultureInfo.InvariantCulture)} {what}{(number == 1 ? "" : "s")}";
}
