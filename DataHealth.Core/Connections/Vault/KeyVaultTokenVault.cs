using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;

namespace DataHealth.Core.Connections.Vault;

/// <summary>
/// Secrets in Azure Key Vault. Writing makes a version; removing leaves the name reserved until it is purged, so a name that comes back while it is reserved is recovered first.
/// The SDK waits as a 429 says, within bounds.
/// </summary>
public sealed class KeyVaultTokenVault(SecretClient client) : ITokenVault
{
    private const int MaxSteps = 20;

    /// <summary>Bounds that fit inside a grant's lease: some 20 seconds of trying in all.</summary>
    /// <param name="metrics">Where the vault's refusals for asking too often are counted, those that a retry mends included.</param>
    public static SecretClientOptions ClientOptions(ConnectionMetrics metrics)
    {
        var options = new SecretClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 4,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = TimeSpan.FromSeconds(5),
                NetworkTimeout = TimeSpan.FromSeconds(10),
            },
            Diagnostics = { IsLoggingContentEnabled = false },
        };
        options.AddPolicy(new CountThrottles(metrics), HttpPipelinePosition.PerRetry);
        return options;
    }

    /// <inheritdoc />
    public Task<string?> GetAsync(string name, CancellationToken cancellationToken) => Guarded<string?>(name, "read", async () =>
    {
        try
        {
            return (await client.GetSecretAsync(name, cancellationToken: cancellationToken)).Value.Value;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    });

    /// <inheritdoc />
    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => Guarded(name, "write", async () =>
    {
        for (var step = 1; ; step++)
        {
            try
            {
                await client.SetSecretAsync(new KeyVaultSecret(name, value) { Properties = { ContentType = "application/json" } }, cancellationToken);
                return true;
            }
            catch (RequestFailedException conflict) when (conflict.Status == 409 && step < MaxSteps)
            {
                await RecoverAsync(name, step, cancellationToken);
            }
        }
    });

    /// <inheritdoc />
    public Task<SecretRemoval> DeleteAsync(string name, CancellationToken cancellationToken) => Guarded(name, "remove", async () =>
    {
        try
        {
            var removal = await client.StartDeleteSecretAsync(name, cancellationToken);
            for (var step = 1; !removal.HasCompleted && step <= MaxSteps; step++)
            {
                await WaitAsync(step, cancellationToken);
                await removal.UpdateStatusAsync(cancellationToken);
            }
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // Never there, or removed before and perhaps not purged yet.
        }
        return await PurgeAsync(name, cancellationToken);
    });

    /// <inheritdoc />
    public Task<RetainedSecret?> FindRetainedAsync(string name, CancellationToken cancellationToken) => Guarded<RetainedSecret?>(name, "look for removed", async () =>
    {
        try
        {
            return new RetainedSecret((await client.GetDeletedSecretAsync(name, cancellationToken)).Value.ScheduledPurgeDate);
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException forbidden) when (forbidden.Status == 403)
        {
            // We may not look, so nobody can say that it is gone.
            return new RetainedSecret(null);
        }
    });

    // The removal of a secret takes the vault some seconds, in which it is neither there nor to be purged or recovered.
    private async Task<SecretRemoval> PurgeAsync(string name, CancellationToken cancellationToken)
    {
        for (var step = 1; step <= MaxSteps; step++)
        {
            try
            {
                await client.PurgeDeletedSecretAsync(name, cancellationToken);
                return SecretRemoval.Gone;
            }
            catch (RequestFailedException notPresent) when (notPresent.Status == 404)
            {
                if (!await IsThereAsync(name, cancellationToken))
                    return SecretRemoval.Gone;
            }
            catch (RequestFailedException busy) when (busy.Status == 409)
            {
                // Still being removed.
            }
            catch (RequestFailedException forbidden) when (forbidden.Status == 403)
            {
                return SecretRemoval.Retained;
            }
            await WaitAsync(step, cancellationToken);
        }
        return SecretRemoval.Retained;
    }

    private async Task<bool> IsThereAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetSecretAsync(name, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            return false;
        }
    }

    private async Task RecoverAsync(string name, int step, CancellationToken cancellationToken)
    {
        try
        {
            await client.StartRecoverDeletedSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException notYet) when (notYet.Status is 404 or 409)
        {
            // Still being removed or recovered, or purged meanwhile: the next write tells.
        }
        await WaitAsync(step, cancellationToken);
    }

    // The vault's own pace, so real time.
    private static Task WaitAsync(int step, CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(Math.Min(100 * step, 1000)), cancellationToken);

    private static async Task<T> Guarded<T>(string name, string verb, Func<Task<T>> action)
    {
        SecretName.Check(name);
        try
        {
            return await action();
        }
        catch (RequestFailedException failed)
        {
            // The SDK's message quotes the answer; its status and code say enough.
            throw failed.Status is 401 or 403
                ? new VaultException($"Key Vault refuses to {verb} secrets ({failed.Status} {failed.ErrorCode}): give this app's identity the role Key Vault Secrets Officer.", isRefusal: true)
                : new VaultException($"Key Vault did not {verb} secret {name}: {failed.Status} {failed.ErrorCode}.");
        }
        catch (AuthenticationFailedException)
        {
            throw new VaultException("No token for Key Vault: this app has no usable managed identity.", isRefusal: true);
        }
        catch (AggregateException)
        {
            throw new VaultException($"Key Vault was not reached to {verb} secret {name}.");
        }
    }
}
