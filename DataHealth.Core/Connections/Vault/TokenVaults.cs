using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Vault;

/// <summary>Chooses the vault by its options.</summary>
internal static class TokenVaults
{
    public static ITokenVault Open(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<VaultOptions>>().Value;
        if (options.Uri is not { } address)
            return new LocalTokenVault(options.LocalFolder);
        TokenCredential identity = new ManagedIdentityCredential(
            options.ManagedIdentityClientId is { Length: > 0 } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);
        var client = KeyVaultTokenVault.ClientOptions();
        client.AddPolicy(new CountThrottles(services.GetRequiredService<ConnectionMetrics>()), HttpPipelinePosition.PerRetry);
        return new KeyVaultTokenVault(new SecretClient(address, identity, client));
    }
}
