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
    public ValidateOptionsResult Validate(string? name, VaultOptions options) => options switch
    {
        { Uri: { } address } when !address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps => ValidateOptionsResult.Fail("Vault:Uri must be an https address."),
        { Uri: null } when place.IsAzure => ValidateOptionsResult.Fail("Vault:Uri is empty, but this runs in Azure, where instances and their disks vanish. Set it to the Key Vault's address."),
        { Uri: null, LocalFolder: null or "" } => ValidateOptionsResult.Fail("Vault:LocalFolder must name a folder where Vault:Uri is empty."),
        _ => ValidateOptionsResult.Success,
    };
}
