using Azure.Data.Tables;
using DataHealth.Core.Practices;
using DataHealth.Core.Settings;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Composition;

/// <summary>What the storage options must be, said at start.</summary>
public sealed class StorageRule(HostingPlace place) : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var hasConnection = !string.IsNullOrEmpty(options.ConnectionString);
        return new SettingFaults(StorageOptions.Section)
            .Must(hasConnection || options.TablesUri is not null || options.BlobsUri is not null, nameof(options.ConnectionString), "is missing: set it (Azurite), or Storage:TablesUri and Storage:BlobsUri (Azure)")
            .Must(!hasConnection || place.IsAzure || IsConnection(options.ConnectionString!), nameof(options.ConnectionString), "is not the connection string of a storage account")
            .Must(!hasConnection || !place.IsAzure, nameof(options.ConnectionString), "holds a key, which is for Azurite only: in Azure set Storage:TablesUri and Storage:BlobsUri")
            .Must(options.TablesUri is null ? hasConnection || options.BlobsUri is null : IsEndpoint(options.TablesUri), nameof(options.TablesUri), "must be the https address of the account's tables")
            .Must(options.BlobsUri is null ? hasConnection || options.TablesUri is null : IsEndpoint(options.BlobsUri), nameof(options.BlobsUri), "must be the https address of the account's blobs")
            .Identity(nameof(options.ManagedIdentityClientId), options.ManagedIdentityClientId)
            .Must(options.TablePrefix is { Length: > 0 and <= 20 } prefix && char.IsAsciiLetter(prefix[0]) && prefix.All(char.IsAsciiLetterOrDigit), nameof(options.TablePrefix), "must be letters and digits, starting with a letter, at most 20")
            .Result;
    }

    private static bool IsEndpoint(Uri address) => address is { IsAbsoluteUri: true, Query.Length: 0 } && address.Scheme == Uri.UriSchemeHttps;

    private static bool IsConnection(string connection)
    {
        try
        {
            return new TableServiceClient(connection).Uri is not null;
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
