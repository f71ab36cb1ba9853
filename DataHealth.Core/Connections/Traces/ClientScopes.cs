using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections.Traces;

/// <summary>Finds what a client holds or ever held. The holders' tables are scanned for what it held before: they have a row a connection, and clients are erased rarely.</summary>
public sealed class ClientScopes(AppStorage storage, ConnectionStore connections, ConsentStore consents, Releases releases, GrantStore grantRows, Holders holders)
{
    /// <summary>Reads it. To be read while the rows are there, and kept.</summary>
    public async Task<ClientScope> ReadAsync(ClientId client, PracticeId practice, CancellationToken cancellationToken)
    {
        var connection = await connections.GetAsync(client, cancellationToken);
        HashSet<GrantId> grants = [.. connection.Grant is { } grant ? [grant] : Array.Empty<GrantId>()];
        HashSet<OrganisationId> organisations = [.. connection.Organisation is { } held ? [held] : Array.Empty<OrganisationId>()];
        List<GrantSecretName> secrets = [];
        await foreach (var consent in consents.AllAsync(cancellationToken))
        {
            if (consent.Client != client || consent.Grant is not { } pending)
                continue;
            grants.Add(pending);
            if (consent.ParkedOwner is not null)
                secrets.Add(new GrantSecretName(pending, consent.ParkedSecret));
        }
        await foreach (var release in releases.AllAsync(cancellationToken))
        {
            if (release.Client != client)
                continue;
            grants.Add(release.Grant);
            organisations.Add(release.Organisation);
        }
        var holder = Holders.ClientPrefix + client.Value;
        await foreach (var row in (await storage.TableAsync(Holders.GrantsTable, cancellationToken)).QueryAsync<TableEntity>(row => row.RowKey == holder, cancellationToken: cancellationToken))
            grants.Add(new GrantId(row.PartitionKey));
        var table = await storage.TableAsync(Holders.OrganisationsTable, cancellationToken);
        HashSet<string> keys = [.. organisations.Select(StorageKeys.Of)];
        await foreach (var row in table.QueryAsync<TableEntity>($"RowKey eq '{practice}' and Client eq '{client}'", cancellationToken: cancellationToken))
            keys.Add(row.PartitionKey);
        List<OrganisationId> sole = [];
        foreach (var organisation in organisations)
        {
            if (await IsHeldByNobodyElseAsync(table, StorageKeys.Of(organisation), client, cancellationToken))
                sole.Add(organisation);
        }
        foreach (var id in grants)
        {
            if (!await holders.IsUsedByOthersAsync(id, client, cancellationToken) && await grantRows.FindAsync(id, cancellationToken) is { } row)
                secrets.AddRange(GrantSecrets.NamesOf(row).Select(name => new GrantSecretName(id, name)));
        }
        return new ClientScope(client, practice) { Grants = [.. grants], HeldKeys = [.. keys], SoleOrganisations = sole, Secrets = secrets };
    }

    private static async Task<bool> IsHeldByNobodyElseAsync(TableClient table, string key, ClientId client, CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(row => row.PartitionKey == key, cancellationToken: cancellationToken))
        {
            if (row.GetString("Client") != client.Value)
                return false;
        }
        return true;
    }
}
