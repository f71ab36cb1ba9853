using System.Globalization;
using DataHealth.Core;
using DataHealth.Core.Operations;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Support;

/// <summary>The runs of all practices that somebody may have to look after.</summary>
public sealed class SupportRunFunctions(SupportDoor door, FindOpenRuns find, ReadRunDossier dossiers)
{
    [Function("ListOpenRuns")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "support/runs")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (door.Knock() is { } closed)
            return closed;
        if (Paging.Read(request, out var paging) is { } wrong)
            return wrong;
        if (ReadFilter(request, out var filter) is { } bad)
            return bad;
        if (paging.Continuation is not null && !RunFunctions.IsRunId(paging.Continuation))
            return Problems.BadContinuation;
        var page = await find.ExecuteAsync(filter, paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(new OpenRunListBody([.. page.Items.Select(Body)], page.Continuation), ApiJson.Default.OpenRunListBody);
    }

    [Function("GetRunDossier")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "support/runs/{clientId}/{runId}")] HttpRequest request,
        string clientId,
        string runId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (run, problem) = await door.OpenAsync(clientId, runId, cancellationToken);
        if (run is null || await dossiers.ExecuteAsync(run.Client.Id, run.Run.RunId, cancellationToken) is not { } dossier)
            return problem ?? Problems.NoRun;
        var orchestration = await OrchestrationAsync(durable, run.Run, cancellationToken);
        return Answer.Ok(
            new RunDossierBody(
                RunWords.Of(dossier.Run, null, dossier.Timeline), run.Client.Practice.Value, dossier.Run.Provider, dossier.IsStuck, dossier.Run.Error?.Technical, orchestration,
                [.. dossier.Datasets.Select(Body)], [.. dossier.Skipped.Select(RunWords.Of)]),
            ApiJson.Default.RunDossierBody);
    }

    private static async Task<OrchestrationBody?> OrchestrationAsync(DurableTaskClient durable, RunRecord run, CancellationToken cancellationToken)
    {
        var id = SyncStarter.InstanceId(run.ClientId);
        // Its history is dropped by the platform when the id is used again, so it is shown only where it is still this run's.
        return await durable.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } there && there.ReadInputAs<SyncRunInput>()?.RunId == run.RunId.Value
            ? new OrchestrationBody(
                id, there.RuntimeStatus.ToString(), there.CreatedAt.ToUniversalTime(), there.LastUpdatedAt.ToUniversalTime(), there.ReadCustomStatusAs<string>(), there.FailureDetails?.ErrorType)
            : null;
    }

    private static OpenRunBody Body(OpenRunItem item) => new(
        item.Run.Client.Value, item.Run.Run.Value, item.Run.Practice.Value, item.Run.Provider, item.Run.State, item.IsStuck, item.Run.Code, item.Run.Dataset,
        item.Run.RequestedAt.ToUniversalTime(), item.Run.Since.ToUniversalTime(), item.Run.PausedUntil?.ToUniversalTime());

    private static DatasetStandingBody Body(DatasetStanding one) => new(
        one.Dataset, one.Held, one.CompleteUpTo?.ToUniversalTime(), one.CompletedAt?.ToUniversalTime(), one.IsDone, one.Mode, one.NextPage, one.RecordsRead, one.RecordsToRead,
        one.Unavailable?.Kind, one.Unavailable?.Technical);

    private static Problem? ReadFilter(HttpRequest request, out OpenRunFilter filter)
    {
        filter = new OpenRunFilter();
        foreach (var (name, values) in request.Query)
        {
            var value = values[0] ?? "";
            switch (name)
            {
                case "state" when value == "stuck":
                    filter = filter with { IsStuck = true };
                    break;
                case "state" when value.Length > 0 && !char.IsAsciiDigit(value[0]) && Enum.TryParse<OpenRunState>(value, ignoreCase: true, out var state):
                    filter = filter with { State = state };
                    break;
                case "state":
                    return Problems.BadField("state", "running, paused, stuck, failed or connectionLost.");
                case "code" or "provider" or "practice" when !IsWord(value):
                    return Problems.BadField(name, "letters, digits and hyphens, at most 60.");
                case "code":
                    filter = filter with { Code = value };
                    break;
                case "provider":
                    filter = filter with { Provider = value };
                    break;
                case "practice":
                    filter = filter with { Practice = new PracticeId(value) };
                    break;
                case "olderThanMinutes" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= BulkReplayFunctions.MostMinutes:
                    filter = filter with { OlderThan = TimeSpan.FromMinutes(minutes) };
                    break;
                case "olderThanMinutes":
                    return Problems.BadField("olderThanMinutes", $"a whole number from 1 to {BulkReplayFunctions.MostMinutes}.");
            }
        }
        return null;
    }

    internal static bool IsWord(string value) => value.Length is > 0 and <= 60 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
