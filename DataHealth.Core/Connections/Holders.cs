using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections;

/// <summary>
/// Who holds an organisation and who uses a grant, over all practices. Both tables hold at least what is true: an entry is written before the connection that
/// it stands for and removed after it, and every reader checks entries against the connections. Decisions to let go at the provider are made under the grant's lease.
/// </summary>
public sealed class Holders(AppStorage storage, ConnectionStore connections, ConsentStore consents, TimeProvider time)
{
    internal const string OrganisationsTable = "organisationholders";
    internal const string GrantsTable = "grantholders";
    internal const string ClientPrefix = "client-";
    private const string ConsentPrefix = "consent-";

    // Between claiming an organisation and the connection's row being written lie milliseconds; a crash in between frees the claim after this.
    private static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(2);

    /// <summary>Makes the client the only one of its practice to hold the organisation.</summary>
    /// <returns>Null when it is; else the client that holds it.</returns>
    internal async Task<ClientId?> ClaimAsync(OrganisationId organisation, PracticeId practice, ClientId client, CancellationToken cancellationToken)
    {
        var table = await OrganisationsAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(StorageKeys.Of(organisation), practice.Value, cancellationToken: cancellationToken);
            if (found.HasValue && await TakenByAsync(found.Value!, organisation, client, cancellationToken) is { } other)
                return other;
            var row = new TableEntity(StorageKeys.Of(organisation), practice.Value) { ["Client"] = client.Value, ["ClaimedUntil"] = time.GetUtcNow() + ClaimTime };
            try
            {
                if (found.HasValue)
                    await table.UpdateEntityAsync(row, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken);
                else
                    await table.AddEntityAsync(row, cancellationToken);
                return null;
            }
            catch (RequestFailedException faster) when (faster.Status is 409 or 412 && attempt < 10)
            {
                // Another client of the practice claims it at this moment: look again.
            }
        }
    }

    /// <summary>Which client of the practice last held the organisation, and whether it holds it still.</summary>
    internal async Task<(ClientId Client, bool IsLive)?> OfPracticeAsync(OrganisationId organisation, PracticeId practice, CancellationToken cancellationToken)
    {
        var table = await OrganisationsAsync(cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(StorageKeys.Of(organisation), practice.Value, cancellationToken: cancellationToken);
        if (!found.HasValue)
            return null;
        var client = new ClientId(found.Value!.GetString("Client"));
        var connection = await connections.GetAsync(client, cancellationToken);
        return connection.Organisation != organisation ? null : (client, connection.IsLive);
    }

    /// <summary>The clients that are connected to the organisation now, over all practices.</summary>
    internal async Task<IReadOnlyList<ClientId>> ConnectedAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var key = StorageKeys.Of(organisation);
        List<ClientId> connected = [];
        await foreach (var row in (await OrganisationsAsync(cancellationToken)).QueryAsync<TableEntity>(row => row.PartitionKey == key, cancellationToken: cancellationToken))
        {
            var client = new ClientId(row.GetString("Client"));
            if ((await connections.GetAsync(client, cancellationToken)).Books?.Organisation == organisation)
                connected.Add(client);
        }
        return connected;
    }

    /// <summary>True when any practice ever held the organisation.</summary>
    internal async Task<bool> IsKnownAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var key = StorageKeys.Of(organisation);
        await foreach (var _ in (await OrganisationsAsync(cancellationToken)).QueryAsync<TableEntity>(row => row.PartitionKey == key, maxPerPage: 1, cancellationToken: cancellationToken))
            return true;
        return false;
    }

    /// <summary>Notes that a client is about to use a grant.</summary>
    internal Task AddAsync(GrantId grant, ClientId client, CancellationToken cancellationToken) => AddAsync(grant, ClientPrefix + client.Value, cancellationToken);

    /// <summary>Notes that a pending consent needs a grant.</summary>
    internal Task AddAsync(GrantId grant, ConsentId consent, CancellationToken cancellationToken) => AddAsync(grant, ConsentPrefix + consent.Value, cancellationToken);

    /// <summary>A pending consent no longer needs a grant.</summary>
    internal async Task RemoveAsync(GrantId grant, ConsentId consent, CancellationToken cancellationToken) =>
        await (await GrantsAsync(cancellationToken)).DeleteEntityAsync(grant.Value, ConsentPrefix + consent.Value, ETag.All, cancellationToken);

    /// <summary>The live connections of a grant, over all practices, and how many consents wait for confirmation. Call it under the grant's lease: entries that stand for nothing are removed.</summary>
    internal async Task<GrantUse> OfGrantAsync(GrantId grant, CancellationToken cancellationToken)
    {
        var table = await GrantsAsync(cancellationToken);
        List<Connection> live = [];
        List<Consent> pending = [];
        await foreach (var row in table.QueryAsync<TableEntity>(row => row.PartitionKey == grant.Value, cancellationToken: cancellationToken))
        {
            if (row.RowKey.StartsWith(ClientPrefix, StringComparison.Ordinal))
            {
                var connection = await connections.GetAsync(new ClientId(row.RowKey[ClientPrefix.Length..]), cancellationToken);
                if (connection.Grant == grant && connection.IsLive)
                    live.Add(connection);
                else
                    await ForgetAsync(table, row, cancellationToken);
            }
            else if (row.RowKey.StartsWith(ConsentPrefix, StringComparison.Ordinal))
            {
                if (await consents.FindAsync(new ConsentId(row.RowKey[ConsentPrefix.Length..]), cancellationToken) is { } consent
                    && consent.Grant == grant && consent.Stage is not ConsentStage.Done)
                    pending.Add(consent);
                else
                    await ForgetAsync(table, row, cancellationToken);
            }
        }
        return new GrantUse(live, pending);
    }

    /// <summary>True when another client uses the grant, or a consent of another client waits for it. Changes nothing.</summary>
    internal async Task<bool> IsUsedByOthersAsync(GrantId grant, ClientId client, CancellationToken cancellationToken)
    {
        await foreach (var row in (await GrantsAsync(cancellationToken)).QueryAsync<TableEntity>(row => row.PartitionKey == grant.Value, cancellationToken: cancellationToken))
        {
            if (row.RowKey.StartsWith(ConsentPrefix, StringComparison.Ordinal)
                && await consents.FindAsync(new ConsentId(row.RowKey[ConsentPrefix.Length..]), cancellationToken) is { } consent
                && consent.Client != client && consent.Grant == grant && consent.Stage is not ConsentStage.Done)
                return true;
            if (!row.RowKey.StartsWith(ClientPrefix, StringComparison.Ordinal) || row.RowKey == ClientPrefix + client.Value)
                continue;
            var connection = await connections.GetAsync(new ClientId(row.RowKey[ClientPrefix.Length..]), cancellationToken);
            if (connection.Grant == grant)
                return true;
        }
        return false;
    }

    private static async Task ForgetAsync(TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
        catch (RequestFailedException again) when (again.Status is 412)
        {
            // Written again since: it stands for something new.
        }
    }

    private async Task<ClientId?> TakenByAsync(TableEntity claim, OrganisationId organisation, ClientId client, CancellationToken cancellationToken)
    {
        var holder = new ClientId(claim.GetString("Client"));
        if (holder == client)
            return null;
        var connection = await connections.GetAsync(holder, cancellationToken);
        if (connection.IsLive && connection.Organisation == organisation)
            return holder;
        var begun = claim.GetDateTimeOffset("ClaimedUntil") > time.GetUtcNow() && connection.Organisation != organisation;
        return begun ? holder : null;
    }

    private async Task AddAsync(GrantId grant, string row, CancellationToken cancellationToken) =>
        await (await GrantsAsync(cancellationToken)).UpsertEntityAsync(new TableEntity(grant.Value, row), TableUpdateMode.Replace, cancellationToken);

    private Task<TableClient> OrganisationsAsync(CancellationToken cancellationToken) => storage.TableAsync(OrganisationsTable, cancellationToken);

    private Task<TableClient> GrantsAsync(CancellationToken cancellationToken) => storage.TableAsync(GrantsTable, cancellationToken);
}

/// <summary>Who uses a grant.</summary>
/// <param name="Live">Live connections, of all practices.</param>
/// <param name="Pending">Consents that wait for confirmation.</param>
internal sealed record GrantUse(IReadOnlyList<Connection> Live, IReadOnlyList<Consent> Pending);
