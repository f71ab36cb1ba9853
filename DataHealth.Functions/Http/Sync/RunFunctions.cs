using DataHealth.Core;
using DataHealth.Core.Practices;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Sync;

/// <summary>A client's runs as people read them.</summary>
public sealed class RunFunctions(ClientDoor door, RunStore runs, ReadProgress progress, ForecastSync forecast)
{
    [Function("ListRuns")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/runs")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (Paging.Read(request, out var paging) is { } wrong)
            return wrong;
        if (paging.Continuation is { } from && !RunStore.IsContinuation(from))
            return Problems.BadContinuation;
        var page = await runs.HistoryAsync(client.Id, paging.Continuation, paging.Take, cancellationToken);
        return Answer.Ok(new RunListBody([.. page.Runs.Select(RunWords.Of)], page.Continuation), ApiJson.Default.RunListBody);
    }

    [Function("GetCurrentRun")]
    public async Task<IResult> CurrentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/runs/current")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        return await progress.ExecuteAsync(client.Id, cancellationToken) is { } now
            ? await OneAsync(now.Run, now, cancellationToken)
            : Problems.NeverSynced;
    }

    [Function("GetRun")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/runs/{runId}")] HttpRequest request, string clientId, string runId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (!IsRunId(runId) || await runs.FindAsync(client.Id, new RunId(runId), cancellationToken) is not { } run)
            return Problems.NoRun;
        var now = await progress.ExecuteAsync(client.Id, cancellationToken);
        return await OneAsync(run, now?.Run.RunId == run.RunId ? now : null, cancellationToken);
    }

    [Function("Forecast")]
    public async Task<IResult> ForecastAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/forecast")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        return await forecast.ExecuteAsync(client.Id, cancellationToken) is { } reckoned
            ? Answer.Ok(RunWords.Of(reckoned), ApiJson.Default.ForecastBody)
            : Problems.NotConnected;
    }

    /// <summary>True when an id could be a run's; anything else must not become a storage key.</summary>
    internal static bool IsRunId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    private async Task<IResult> OneAsync(RunRecord run, SyncProgress? now, CancellationToken cancellationToken) =>
        Answer.Ok(RunWords.Of(run, now, await runs.EventsAsync(run.ClientId, run.RunId, cancellationToken)), ApiJson.Default.RunBody);
}
