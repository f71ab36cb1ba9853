using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections;

/// <summary>
/// What of a client stays at a provider, which refused for so long to let it go that we gave up. Noted beside the releases, for as long as we have the client: the certificate of its
/// deletion must not say that nothing is left there.
/// </summary>
public sealed class LeftThere(AppStorage storage)
{
    internal const string Partition = "left";

    internal async Task NoteAsync(ClientId client, GrantId grant, string what, DateTimeOffset at, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(
            new TableEntity(Partition, RowOf(client, grant, what)) { ["Client"] = client.Value, ["Grant"] = grant.Value, ["At"] = at }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>It was let go after all.</summary>
    internal async Task ForgetAsync(ClientId client, GrantId grant, string what, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(Partition, RowOf(client, grant, what), ETag.All, cancellationToken);

    /// <summary>Whether something of the client stays.</summary>
    internal async Task<bool> IsThereAsync(ClientId client, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(OfClient(client), maxPerPage: 1, cancellationToken: cancellationToken).AnyAsync(cancellationToken);

    // '.' is the letter after '-'.
    internal static string OfClient(ClientId client) => $"PartitionKey eq '{Partition}' and RowKey ge '{client}-' and RowKey lt '{client}.'";

    private static string RowOf(ClientId client, GrantId grant, string what) => $"{client}-{StorageKeys.Hash($"{grant}|{what}")}";

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Releases.Table, cancellationToken);
}
