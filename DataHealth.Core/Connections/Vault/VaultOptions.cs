using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Vault;

/// <summary>Where tokens live. Section <c>Vault</c>.</summary>
public sealed class VaultOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Vault";

    /// <summary>The Key Vault's address; empty for the local encrypted vault.</summary>
    public Uri? Uri { get; set; }

    /// <summary>The client id of a user-assigned identity; empty for the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>The folder of the local vault, and of its key.</summary>
    public string LocalFolder { get; set; } = Path.Combine(".data", "vault");
}

/// <summary>What the vault options must be.</summary>
/// <param name="place">Where this process runs.</param>
public sealed class VaultRule(Practices.HostingPlace place) : IValidateOptions<VaultOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, VaultOptions options) => new SettingFaults(VaultOptions.Section)
        .Must(options.Uri is null || (options.Uri.IsAbsoluteUri && options.Uri.Scheme == System.Uri.UriSchemeHttps), nameof(options.Uri), "must be an https address")
        .Must(options.Uri is not null || !place.IsAzure, nameof(options.Uri), "is empty, but this runs in Azure, where instances and their disks vanish: set it to the Key Vault's address")
        .Must(options.Uri is not null || !string.IsNullOrEmpty(options.LocalFolder), nameof(options.LocalFolder), "must name a folder where Vault:Uri is empty")
        .Identity(nameof(options.ManagedIdentityClientId), options.ManagedIdentityClientId)
        .Result;
}
