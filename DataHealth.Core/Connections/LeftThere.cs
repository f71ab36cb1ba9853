using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections;

/// <summary>
/// What of a client stays at a provider, which refused for so long to let it go that we gave up. Noted beside the releases, for as long as we have the client: the certificate of its
/// deletion must not say that nothing is left there.
/// </summary>
public sealed class LeftThere(AppStorage storage)
{
    internal const string Partition = "left";

    /// <summary>Notes an organisation.</summary>
    internal async Task NoteAsync(ClientId client, GrantId grant, OrganisationId organisation, DateTimeOffset at, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(
            new TableEntity(Partition, RowOf(client, grant, organisation.ToString())) { ["Client"] = client.Value, ["Grant"] = grant.Value, ["Organisation"] = organisation.ToString(), ["At"] = at },
            TableUpdateMode.Replace, cancellationToken);

    /// <summary>Notes what a consent added.</summary>
    internal async Task NoteAsync(ClientId client, GrantId grant, ConsentId consent, DateTimeOffset at, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(
            new TableEntity(Partition, RowOf(client, grant, consent.ToString())) { ["Client"] = client.Value, ["Grant"] = grant.Value, ["At"] = at }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>The provider has removed the client's organisation after all, by this grant or a later one of it.</summary>
    internal async Task ForgetAsync(ClientId client, GrantId grant, OrganisationId organisation, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        // Notes of before do not say their organisation.
        await table.DeleteEntityAsync(Partition, RowOf(client, grant, organisation.ToString()), ETag.All, cancellationToken);
        await DeleteAsync(table, $"{OfClient(client)} and {TableClient.CreateQueryFilter($"Organisation eq {organisation.ToString()}")}", cancellationToken);
    }

    /// <summary>The provider has revoked the grant, and everything by it.</summary>
    internal async Task ForgetAllAsync(GrantId grant, CancellationToken cancellationToken) =>
        await DeleteAsync(await TableAsync(cancellationToken), TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and Grant eq {grant.Value}"), cancellationToken);

    /// <summary>Whether something of the client stays.</summary>
    internal async Task<bool> IsThereAsync(ClientId client, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(OfClient(client), maxPerPage: 1, cancellationToken: cancellationToken).AnyAsync(cancellationToken);

    private static async Task DeleteAsync(TableClient table, string filter, CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
    }

    // '.' is the letter after '-'.
    internal static string OfClient(ClientId client) => $"PartitionKey eq '{Partition}' and RowKey ge '{client}-' and RowKey lt '{client}.'";

    private static string RowOf(ClientId client, GrantId grant, string what) => $"{client}-{StorageKeys.Hash($"{grant}|{what}")}";

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Releases.Table, cancellationToken);
}
