using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Storage;

/// <summary>The app's tables and blob containers, by their logical names.</summary>
public sealed class AppStorage
{
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(30);

    private readonly StorageOptions _options;
    private readonly TableServiceClient _tables;
    private readonly BlobServiceClient _blobs;
    private readonly ConcurrentDictionary<string, Task<TableClient>> _created = new();
    private readonly ConcurrentDictionary<string, Task<BlobContainerClient>> _containers = new();

    /// <summary>Opens the storage that the options name; makes no call.</summary>
    public AppStorage(IOptions<StorageOptions> options)
        : this(options.Value, null)
    {
    }

    private AppStorage(StorageOptions options, TokenCredential? identity)
    {
        _options = options;
        if (_options.ConnectionString is { Length: > 0 } connection)
        {
            _tables = new TableServiceClient(connection, TableOptions());
            _blobs = new BlobServiceClient(connection, BlobOptions());
        }
        else if (_options is { TablesUri: { } tables, BlobsUri: { } blobs })
        {
            identity ??= new ManagedIdentityCredential(
                _options.ManagedIdentityClientId is { Length: > 0 } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);
            _tables = new TableServiceClient(tables, identity, TableOptions());
            _blobs = new BlobServiceClient(blobs, identity, BlobOptions());
        }
        else
        {
            throw new InvalidOperationException("Set Storage:ConnectionString (Azurite), or Storage:TablesUri and Storage:BlobsUri (Azure).");
        }
    }

    /// <summary>Opens the storage as somebody else than the app: a person at a command line.</summary>
    /// <param name="options">Which storage.</param>
    /// <param name="identity">Who; not asked where a connection string is given.</param>
    public static AppStorage Open(StorageOptions options, TokenCredential identity) => new(options, identity);

    // One try must end well within a lease (a minute); the SDK's own bound is 100 s.
    private static TableClientOptions TableOptions()
    {
        var options = new TableClientOptions { Retry = { NetworkTimeout = NetworkTimeout } };
        options.AddPolicy(new NotReachedPolicy(), HttpPipelinePosition.PerCall);
        return options;
    }

    private static BlobClientOptions BlobOptions()
    {
        var options = new BlobClientOptions { Retry = { NetworkTimeout = NetworkTimeout } };
        options.AddPolicy(new NotReachedPolicy(), HttpPipelinePosition.PerCall);
        return options;
    }

    /// <summary>The table of that logical name, created when it is not there yet.</summary>
    /// <param name="name">Letters and digits, e.g. <c>clients</c>.</param>
    /// <param name="cancellationToken">Stops waiting; the creation itself is shared and goes on.</param>
    public Task<TableClient> TableAsync(string name, CancellationToken cancellationToken = default) =>
        OnceAsync(_created, name, CreateTableAsync).WaitAsync(cancellationToken);

    /// <summary>The blob container of that logical name, created when it is not there yet.</summary>
    /// <param name="name">Lower-case letters, digits and single hyphens.</param>
    /// <param name="cancellationToken">Stops waiting; the creation itself is shared and goes on.</param>
    public Task<BlobContainerClient> ContainerAsync(string name, CancellationToken cancellationToken = default) =>
        OnceAsync(_containers, name, CreateContainerAsync).WaitAsync(cancellationToken);

    /// <summary>The table of that logical name, whether or not it is there.</summary>
    internal TableClient Existing(string name) => _tables.GetTableClient(TableName(name));

    /// <summary>Whether a table is there and holds anything; makes none.</summary>
    internal async Task<bool> HasRowsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Existing(name).QueryAsync<TableEntity>(maxPerPage: 1, select: ["RowKey"], cancellationToken: cancellationToken).AnyAsync(cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return false;
        }
    }

    /// <summary>The real name of a table, prefix included.</summary>
    public string TableName(string name) => _options.TablePrefix + name;

    private static Task<T> OnceAsync<T>(ConcurrentDictionary<string, Task<T>> made, string name, Func<string, Task<T>> make) =>
        made.AddOrUpdate(name, make, (key, task) => task.IsFaulted || task.IsCanceled ? make(key) : task);

    private async Task<TableClient> CreateTableAsync(string name)
    {
        var table = _tables.GetTableClient(TableName(name));
        await table.CreateIfNotExistsAsync();
        return table;
    }

    private async Task<BlobContainerClient> CreateContainerAsync(string name)
    {
        var container = _blobs.GetBlobContainerClient($"{_options.TablePrefix.ToLowerInvariant()}-{name}");
        await container.CreateIfNotExistsAsync();
        return container;
    }
}
