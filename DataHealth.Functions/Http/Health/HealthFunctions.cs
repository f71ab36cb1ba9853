using DataHealth.Core;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.Overview;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Health;

/// <summary>A client's health: the overview, its checks and their settings.</summary>
public sealed class HealthFunctions(ICurrentMember member, ClientDoor door, ReadHealth health, SettingStore settings, ChangeCheckSettings change, LedgerStore ledger, ProviderCatalog providers, HealthStarter starter)
{
    [Function("GetHealth")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health")] HttpRequest request, string clientId, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (await health.ExecuteAsync(client.Id, client.Practice, cancellationToken) is not { } standing)
            return Problems.NotJudged;
        var body = HealthWords.Of(HealthOverview.Of(standing)) with
        {
            HasNewerData = await HasNewerDataAsync(client.Id, standing.Head, cancellationToken),
            Recalculation = await starter.StandsAsync(durable, client.Id, standing.Head.CalculatedAt, cancellationToken),
        };
        return Answer.Ok(body, ApiJson.Default.OverviewBody);
    }

    [Function("ListChecks")]
    public async Task<IResult> ChecksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/checks")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        return await health.ExecuteAsync(client.Id, client.Practice, cancellationToken) is { } standing
            ? Answer.Ok(new CheckListBody([.. HealthOverview.Of(standing).Checks.Select(HealthWords.Of)]), ApiJson.Default.CheckListBody)
            : Problems.NotJudged;
    }

    [Function("GetCheck")]
    public async Task<IResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/health/checks/{check}")] HttpRequest request, string clientId, string check, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        return CheckCatalog.Find(check) is { } known ? await OneAsync(client.Id, known, cancellationToken) : Problems.NoCheck;
    }

    [Function("ChangeCheckSettings")]
    public async Task<IResult> SettingsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "clients/{clientId}/health/checks/{check}/settings")] HttpRequest request, string clientId, string check, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ManageClients, cancellationToken);
        if (client is null)
            return problem!;
        if (CheckCatalog.Find(check) is not { } known)
            return Problems.NoCheck;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.CheckSettingsInput, cancellationToken);
        if (input is null)
            return problem!;
        if (input.Settings is not { ValueKind: System.Text.Json.JsonValueKind.Object } given)
            return Problems.BadField("settings", "an object; what it leaves out is as by default.");
        return await change.ExecuteAsync(member.Actor, client.Id, known, given.GetRawText(), cancellationToken) switch
        {
            SettingsOutcome.Saved => await OneAsync(client.Id, known, cancellationToken),
            SettingsOutcome.Refused refused => Problems.BadField("settings", refused.Problem),
            var other => throw new InvalidOperationException($"{other} is not an outcome of saving settings."),
        };
    }

    private async Task<IResult> OneAsync(ClientId client, HealthCheck check, CancellationToken cancellationToken)
    {
        var own = (await settings.AllAsync(client, cancellationToken)).GetValueOrDefault(check.Key);
        var standing = await health.ExecuteAsync(client, member.Practice, cancellationToken);
        return Answer.Ok(
            HealthWords.Of(check, own, standing is { } known && known.Head.Outcomes.ContainsKey(check.Key) ? CheckStanding.Of(check, known) : null, providers), ApiJson.Default.CheckDetailBody);
    }

    private async Task<bool> HasNewerDataAsync(ClientId client, HealthHead head, CancellationToken cancellationToken)
    {
        var judged = head.Coverage.ToDictionary(dataset => dataset.Dataset, dataset => dataset.UpTo, StringComparer.Ordinal);
        return (await ledger.CountsAsync(client, cancellationToken)).Any(held => judged.TryGetValue(held.Dataset, out var upTo) && held.UpTo is { } now && (upTo is null || now > upTo));
    }
}
