namespace DataHealth.Core.Storage;

/// <summary>Where the app's own data lives. Section <c>Storage</c>. Give either <see cref="ConnectionString"/> or both addresses.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Storage";

    /// <summary>A connection string with keys: for Azurite only.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The table endpoint, reached with the app's managed identity.</summary>
    public Uri? TablesUri { get; set; }

    /// <summary>The blob endpoint, reached with the app's managed identity.</summary>
    public Uri? BlobsUri { get; set; }

    /// <summary>The client id of a user-assigned identity; empty for the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>Put before every table and container name: letters and digits, starting with a letter. Lets several copies share one account.</summary>
    public string TablePrefix { get; set; } = "dh";
}
