using System.CommandLine;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using DataHealth.Core.Backup;
using DataHealth.Core.Storage;

namespace DataHealth.Cli.Operations;

/// <summary>How the commands for operators reach the product's storage and the backups: as the person who is signed in to Azure, or on this machine by a connection string.</summary>
internal sealed class OperationsStorage(Surroundings surroundings)
{
    // With keys in it: not an option, since the command line of a process is for everyone on the machine to read.
    private const string Connection = "DATAHEALTH_STORAGE";
    private const string Container = "container:";

    private readonly Lazy<TokenCredential> _identity = new(() => new DefaultAzureCredential());

    /// <summary>Where the tables are.</summary>
    public Option<Uri?> Tables { get; } = new("--storage")
    {
        Description = "The table endpoint, e.g. https://ACCOUNT.table.core.windows.net, reached as who is signed in (az login). Without it DATAHEALTH_STORAGE is a connection string, for Azurite.",
        Recursive = true,
    };

    /// <summary>What all tables' names begin with.</summary>
    public Option<string> Prefix { get; } = new("--prefix") { Description = "What the tables' names begin with (Storage:TablePrefix).", DefaultValueFactory = _ => "dh", Recursive = true };

    /// <summary>The product's tables.</summary>
    /// <exception cref="CommandFailedException">Nothing says where they are.</exception>
    public AppStorage Open(ParseResult parsed)
    {
        var prefix = parsed.GetRequiredValue(Prefix);
        if (parsed.GetValue(Tables) is { } tables)
        {
            if (!tables.IsAbsoluteUri || tables.Scheme != Uri.UriSchemeHttps)
                throw new CommandFailedException($"'{tables}' is no https address of a storage account's tables.");
            // Of the blobs nothing is asked.
            return AppStorage.Open(new StorageOptions { TablesUri = tables, BlobsUri = tables, TablePrefix = prefix }, _identity.Value);
        }
        return AppStorage.Open(new StorageOptions { ConnectionString = ConnectionString(), TablePrefix = prefix }, _identity.Value);
    }

    /// <summary>A folder; an https address of a container and a folder in it; or <c>container:NAME/FOLDER</c> in the storage of DATAHEALTH_STORAGE.</summary>
    /// <exception cref="CommandFailedException">It is none of these.</exception>
    public IBackupPlace Place(string text)
    {
        if (text.StartsWith(Container, StringComparison.Ordinal))
        {
            var (name, folder) = Split(text[Container.Length..]);
            return new ContainerPlace(new BlobContainerClient(ConnectionString(), name), folder);
        }
        if (!text.Contains("://", StringComparison.Ordinal))
            return new FolderPlace(Path.GetFullPath(text));
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.AbsolutePath.Length < 2)
            throw new CommandFailedException($"'{text}' is no folder and no https address of a blob container.");
        var (container, inside) = Split(address.AbsolutePath.Trim('/'));
        return new ContainerPlace(new BlobContainerClient(new Uri(address, "/" + container), _identity.Value), inside);
    }

    private static (string Name, string Folder) Split(string path)
    {
        var parts = path.Split('/', 2, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? throw new CommandFailedException("Name the container.") : (parts[0], parts.Length == 1 ? "" : parts[1].Trim('/'));
    }

    private string ConnectionString() => surroundings.Variable(Connection) is { Length: > 0 } text
        ? text
        : throw new CommandFailedException($"Say where the storage is: --storage https://ACCOUNT.table.core.windows.net, or a connection string in {Connection} (Azurite).");
}
