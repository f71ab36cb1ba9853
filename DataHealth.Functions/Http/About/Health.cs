using Azure;
using Azure.Identity;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Http.About;

/// <summary>How an installation is, for whoever watches it.</summary>
/// <param name="Status"><c>ready</c> or <c>not-ready</c>.</param>
/// <param name="Checks">What was looked at.</param>
public sealed record HealthBody(string Status, IReadOnlyList<HealthCheckBody> Checks);

/// <summary>One thing that was looked at.</summary>
public sealed record HealthCheckBody(string Name, bool Ok, string Words);

/// <summary>Alive: the process answers. Ready: what it needs answers too.</summary>
public sealed partial class Health(AppStorage storage, ITokenVault vault, ProviderCatalog providers, ILogger<Health> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [OpenToAll]
    [Function("HealthLive")]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        Answer.Ok(new HealthBody("live", []), ApiJson.Default.HealthBody);

    [OpenToAll]
    [Function("HealthReady")]
    public async Task<IResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken)
    {
        var checks = await Task.WhenAll(
            LookAsync("storage", "Our storage answers.", "Our storage does not answer.", StorageAsync, cancellationToken),
            LookAsync("vault", "The vault of tokens answers.", "The vault of tokens does not answer, or refuses us.", VaultAsync, cancellationToken));
        var provider = providers.All.Any(each => each.IsConfigured)
            ? new HealthCheckBody("provider", true, "At least one bookkeeping provider is configured.")
            : new HealthCheckBody("provider", false, "No bookkeeping provider is configured: set its app id and secret.");
        HealthCheckBody[] all = [.. checks, provider];
        var ready = all.All(check => check.Ok);
        return Answer.Of(
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, new HealthBody(ready ? "ready" : "not-ready", all), ApiJson.Default.HealthBody, "application/json");
    }

    private async Task<HealthCheckBody> LookAsync(string name, string good, string bad, Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await look(patience.Token);
            return new(name, true, good);
        }
        catch (Exception exception) when (exception is RequestFailedException or AuthenticationFailedException or AggregateException or VaultException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.NotReady(logger, exception, name);
            return new(name, false, bad);
        }
    }

    private async Task StorageAsync(CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync("clients", cancellationToken);
        await table.GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>("ready", "ready", cancellationToken: cancellationToken);
    }

    // Reading a secret that is not there shows that the vault answers and lets us read.
    private Task VaultAsync(CancellationToken cancellationToken) => vault.GetAsync("readiness-probe", cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1010, Level = LogLevel.Warning, Message = "Not ready: {Check}.")]
        public static partial void NotReady(ILogger logger, Exception exception, string check);
    }
}
