using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients;

/// <summary>
/// The clients of all practices. Table <c>clients</c> (partition: practice, row: client) is the truth; <c>clientpractices</c> (partition: client) finds the
/// practice of a client for unattended work. The latter is written first, so that every client can be found; a leftover of it without a client is nothing.
/// </summary>
public sealed class ClientStore(AppStorage storage, AuditTrail audit, TimeProvider time)
{
    internal const string Table = "clients";
    internal const string IndexTable = "clientpractices";
    private const string IndexRow = "practice";

    /// <summary>Adds a client.</summary>
    public async Task<Client> CreateAsync(Actor actor, ClientName name, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageClients);
        var id = ClientId.New(time);
        var index = await IndexAsync(cancellationToken);
        await index.AddEntityAsync(new TableEntity(id.Value, IndexRow) { ["Practice"] = actor.Practice.Value }, cancellationToken);
        var row = new TableEntity(actor.Practice.Value, id.Value)
        {
            ["Name"] = name.Value,
            ["CreatedAt"] = time.GetUtcNow(),
            ["CreatedBy"] = actor.Member.Value,
        };
        var response = await (await TableAsync(cancellationToken)).AddEntityAsync(row, cancellationToken);
        row.ETag = response.Headers.ETag ?? default;
        await audit.RecordAsync(actor, AuditAction.ClientAdded, id, after: name.Value);
        return Read(row);
    }

    /// <summary>A client of that practice; null when there is none, also when the client is another practice's.</summary>
    public async Task<Client?> FindAsync(PracticeId practice, ClientId client, CancellationToken cancellationToken)
    {
        if (!IsWellFormed(client))
            return null;
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, client.Value, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>A client that exists for the actor; null when there is none, also when it is another practice's or not among those that the member may see.</summary>
    public async Task<Client?> FindAsync(Actor actor, ClientId client, CancellationToken cancellationToken) =>
        actor.MaySee(client) ? await FindAsync(actor.Practice, client, cancellationToken) : null;

    /// <summary>A client by its id alone, for unattended work; never for a member's request.</summary>
    public async Task<Client?> FindAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (!IsWellFormed(client))
            return null;
        var row = await (await IndexAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(client.Value, IndexRow, cancellationToken: cancellationToken);
        return row.HasValue ? await FindAsync(new PracticeId(row.Value!.GetString("Practice")), client, cancellationToken) : null;
    }

    /// <summary>A practice's clients, page by page, in the order in which they were added.</summary>
    /// <param name="practice">The practice.</param>
    /// <param name="size">1 to 1,000.</param>
    /// <param name="continuation">From the page before; null for the first. One that was not ours begins at the first.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<ClientPage> ListAsync(PracticeId practice, int size, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1000);
        var after = TryReadContinuation(continuation, out var last) ? last : "";
        var table = await TableAsync(cancellationToken);
        var query = table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and RowKey gt {after}"), maxPerPage: Math.Min(size + 1, 1000), cancellationToken: cancellationToken);
        List<Client> clients = [];
        await foreach (var row in query)
        {
            if (clients.Count == size)
                return new ClientPage(clients, Convert.ToBase64String(Encoding.ASCII.GetBytes(clients[^1].Id.Value)));
            clients.Add(Read(row));
        }
        return new ClientPage(clients, null);
    }

    /// <summary>Gives a client another name. Repeating it is harmless.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Which.</param>
    /// <param name="name">The new name.</param>
    /// <param name="version">The version that the person saw; null to rename whatever is there.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task<RenameOutcome> RenameAsync(Actor actor, ClientId client, ClientName name, string? version, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageClients);
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(actor, client, cancellationToken) is not { } current)
                return new RenameOutcome.Unknown();
            if (current.Name == name.Value)
                return new RenameOutcome.Renamed(current);
            if (version is not null && version != current.Version)
                return new RenameOutcome.Changed(current);
            try
            {
                var change = new TableEntity(actor.Practice.Value, client.Value) { ["Name"] = name.Value };
                var response = await (await TableAsync(cancellationToken)).UpdateEntityAsync(change, new ETag(current.Version), TableUpdateMode.Merge, cancellationToken);
                await audit.RecordAsync(actor, AuditAction.ClientRenamed, client, current.Name, name.Value);
                return new RenameOutcome.Renamed(current with { Name = name.Value, Version = response.Headers.ETag.ToString() ?? "" });
            }
            catch (RequestFailedException changed) when (changed.Status is 412 && attempt < 10)
            {
                // Read again; with a version given, the next round answers Changed.
            }
        }
    }

    /// <summary>True when a continuation is one of ours.</summary>
    public static bool IsContinuation(string? continuation) => TryReadContinuation(continuation, out _);

    /// <summary>True when an id could be a client's: 32 lower-case hexadecimal digits. Anything else must not become a storage key.</summary>
    public static bool IsWellFormed(ClientId client) => client.Value is { Length: 32 } value && value.All(char.IsAsciiHexDigitLower);

    private static bool TryReadContinuation(string? continuation, [NotNullWhen(true)] out string? last)
    {
        Span<byte> bytes = stackalloc byte[48];
        last = continuation is { Length: <= 64 } && Convert.TryFromBase64String(continuation, bytes, out var length) ? Encoding.ASCII.GetString(bytes[..length]) : null;
        return last is not null && IsWellFormed(new ClientId(last));
    }

    private static Client Read(TableEntity row) => new(
        new ClientId(row.RowKey), new PracticeId(row.PartitionKey), row.GetString("Name"), row.GetDateTimeOffset("CreatedAt") ?? default,
        new MemberId(row.GetString("CreatedBy")), row.ETag.ToString());

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);

    private Task<TableClient> IndexAsync(CancellationToken cancellationToken) => storage.TableAsync(IndexTable, cancellationToken);
}
