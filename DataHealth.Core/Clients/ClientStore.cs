using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients;

/// <summary>
/// The clients of all practices. Table <c>clients</c> (partition: practice, row: client) is the truth; <c>clientpractices</c> (partition: client) finds the
/// practice of a client for unattended work. The latter is written first, so that every client can be found; a leftover of it without a client is nothing.
/// </summary>
public sealed class ClientStore(AppStorage storage, AuditTrail audit, IClientWatch watch, TimeProvider time)
{
    internal const string Table = "clients";
    internal const string IndexTable = "clientpractices";
    private const string IndexRow = "practice";

    /// <summary>Adds a client.</summary>
    public Task<Client> CreateAsync(Actor actor, ClientName name, CancellationToken cancellationToken) => CreateAsync(actor, name, new ClientChange(), cancellationToken);

    /// <summary>Adds a client.</summary>
    public Task<Client> CreateAsync(Actor actor, ClientName name, ClientChange fields, CancellationToken cancellationToken) =>
        CreateAsync(actor, ClientId.New(time), name, fields, cancellationToken);

    /// <summary>Adds a client under an id that its maker reckoned, so that making it again makes no second one.</summary>
    internal async Task<Client> CreateAsync(Actor actor, ClientId id, ClientName name, ClientChange fields, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageClients);
        var client = fields.Of(new Client(id, actor.Practice, name.Value, time.GetUtcNow(), actor.Member, ""));
        var mark = await watch.ChangingAsync(id, cancellationToken);
        var index = await IndexAsync(cancellationToken);
        try
        {
            // From here on whoever asked may go away: a write that broke off may have been made all the same, and is told to the audit.
            await index.UpsertEntityAsync(new TableEntity(id.Value, IndexRow) { ["Practice"] = actor.Practice.Value }, TableUpdateMode.Replace, CancellationToken.None);
            var response = await (await TableAsync(CancellationToken.None)).AddEntityAsync(Write(client), CancellationToken.None);
            client = client with { Version = response.Headers.ETag?.ToString() ?? "" };
        }
        catch (RequestFailedException again) when (again.Status is 409)
        {
            var made = await FindAsync(actor.Practice, id, CancellationToken.None) ?? throw new InvalidOperationException($"Client {id} vanished while it was made.");
            // Our own write, whose answer was lost and whose repetition was refused: told to the audit as if it had been heard.
            if (made.CreatedAt != client.CreatedAt)
                return made;
            client = made;
        }
        await watch.ChangedAsync(mark);
        await audit.RecordAsync(actor, AuditAction.ClientAdded, id, after: name.Value);
        return client;
    }

    /// <summary>A client of that practice; null when there is none, also when the client is another practice's.</summary>
    public async Task<Client?> FindAsync(PracticeId practice, ClientId client, CancellationToken cancellationToken)
    {
        if (!IsWellFormed(client))
            return null;
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, client.Value, cancellationToken: cancellationToken);
        return row.HasValue && IsThere(row.Value!) ? Read(row.Value!) : null;
    }

    /// <summary>A client that exists for the actor; null when there is none, also when it is another practice's or not among those that the member may see.</summary>
    public async Task<Client?> FindAsync(Actor actor, ClientId client, CancellationToken cancellationToken) =>
        actor.MaySee(client) ? await FindAsync(actor.Practice, client, cancellationToken) : null;

    /// <summary>A client by its id alone, for unattended work; never for a member's request.</summary>
    public async Task<Client?> FindAsync(ClientId client, CancellationToken cancellationToken) =>
        await PracticeOfAsync(client, cancellationToken) is { } practice ? await FindAsync(practice, client, cancellationToken) : null;

    /// <summary>How many clients a practice has, those that are being deleted included. A query of keys: a request for each thousand.</summary>
    internal async Task<int> CountAsync(PracticeId practice, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).QueryAsync<TableEntity>($"PartitionKey eq '{practice}'", select: ["RowKey"], cancellationToken: cancellationToken).CountAsync(cancellationToken);

    /// <summary>Whose client it is or was, for unattended work; null for an id that was never given out.</summary>
    public async Task<PracticeId?> PracticeOfAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (!IsWellFormed(client))
            return null;
        var row = await (await IndexAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(client.Value, IndexRow, cancellationToken: cancellationToken);
        return row.HasValue ? new PracticeId(row.Value!.GetString("Practice")) : null;
    }

    /// <summary>Changes a client's fields. Repeating it is harmless.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Which.</param>
    /// <param name="change">What is to become of it.</param>
    /// <param name="version">The version that the person saw; null to change whatever is there.</param>
    /// <param name="cancellationToken">Cancels what comes before the write.</param>
    public async Task<ChangeOutcome> ChangeAsync(Actor actor, ClientId client, ClientChange change, string? version, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageClients);
        (Client Before, Client After)? sent = null;
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(actor, client, cancellationToken) is not { } current)
                return new ChangeOutcome.Unknown();
            // Our own write, whose answer was lost and whose repetition was refused.
            if (sent is { } own && own.After with { Version = current.Version } == current)
            {
                await watch.ChangedAsync(await watch.ChangingAsync(client, CancellationToken.None));
                await RecordAsync(actor, own.Before, current);
                return new ChangeOutcome.Done(current);
            }
            var wanted = change.Of(current);
            if (wanted == current)
                return new ChangeOutcome.Done(current);
            if (version is not null && version != current.Version)
                return new ChangeOutcome.ChangedMeanwhile(current);
            var mark = await watch.ChangingAsync(client, cancellationToken);
            try
            {
                var response = await (await TableAsync(cancellationToken)).UpdateEntityAsync(Write(wanted), new ETag(current.Version), TableUpdateMode.Merge, CancellationToken.None);
                await watch.ChangedAsync(mark);
                await RecordAsync(actor, current, wanted);
                return new ChangeOutcome.Done(wanted with { Version = response.Headers.ETag.ToString() ?? "" });
            }
            catch (RequestFailedException changed) when (changed.Status is 412 && attempt < 20)
            {
                sent = (current, wanted);
                // Read again; with a version given, the next round answers ChangedMeanwhile.
            }
        }
    }

    private async Task RecordAsync(Actor actor, Client before, Client after)
    {
        if (before.Name != after.Name)
            await audit.RecordAsync(actor, AuditAction.ClientRenamed, after.Id, before.Name, after.Name);
        foreach (var (field, old, now) in ((string, string?, string?)[])[
            ("account manager", before.Manager?.Value, after.Manager?.Value), ("tax number", before.TaxNumber, after.TaxNumber),
            ("accepted organisation name", before.AcceptedOrganisationName, after.AcceptedOrganisationName)])
        {
            if (old != now)
                await audit.RecordAsync(actor, AuditAction.ClientChanged, after.Id, $"{field}: {old ?? "none"}", $"{field}: {now ?? "none"}");
        }
    }

    /// <summary>True when an id could be a client's: 32 lower-case hexadecimal digits. Anything else must not become a storage key.</summary>
    public static bool IsWellFormed(ClientId client) => client.Value is { Length: 32 } value && value.All(char.IsAsciiHexDigitLower);

    // One that is being deleted is gone for everyone but its deletion.
    private static bool IsThere(TableEntity row) => row.GetString(DeletionMarks.OfClient) is null;

    private static Client Read(TableEntity row) => new(
        new ClientId(row.RowKey), new PracticeId(row.PartitionKey), row.GetString("Name"), row.GetDateTimeOffset("CreatedAt") ?? default,
        new MemberId(row.GetString("CreatedBy")), row.ETag.ToString())
    {
        Manager = row.GetString("Manager") is { Length: > 0 } manager ? new MemberId(manager) : null,
        TaxNumber = row.GetString("TaxNumber") is { Length: > 0 } taxNumber ? taxNumber : null,
        AcceptedOrganisationName = row.GetString("AcceptedOrganisationName") is { Length: > 0 } name ? name : null,
        ClearedBy = row.GetString(DeletionMarks.OfData) is { } clearing ? new DeletionId(clearing) : null,
    };

    // An empty text takes a field away where a row is merged; a null would leave it.
    private static TableEntity Write(Client client) => new(client.Practice.Value, client.Id.Value)
    {
        ["Name"] = client.Name,
        ["CreatedAt"] = client.CreatedAt,
        ["CreatedBy"] = client.CreatedBy.Value,
        ["Manager"] = client.Manager?.Value ?? "",
        ["TaxNumber"] = client.TaxNumber ?? "",
        ["AcceptedOrganisationName"] = client.AcceptedOrganisationName ?? "",
    };

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);

    private Task<TableClient> IndexAsync(CancellationToken cancellationToken) => storage.TableAsync(IndexTable, cancellationToken);
}
