using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Composition;

/// <summary>What the storage options must be, said at start.</summary>
public sealed class StorageRule : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (string.IsNullOrEmpty(options.ConnectionString) && (options.TablesUri is null || options.BlobsUri is null))
            return ValidateOptionsResult.Fail("Set Storage:ConnectionString (Azurite), or Storage:TablesUri and Storage:BlobsUri (Azure).");
        return options.TablePrefix is { Length: > 0 and <= 20 } prefix && char.IsAsciiLetter(prefix[0]) && prefix.All(char.IsAsciiLetterOrDigit)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Storage:TablePrefix must be letters and digits, starting with a letter, at most 20.");
    }
}
