using System.Globalization;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections.Grants;

/// <summary>
/// The grants' rows (table <c>grants</c>, partition: grant) and what is due for them (table <c>grantsdue</c>): partition <c>day</c> sorts grants by the day of their newest pair,
/// <c>doubt</c> holds those whose refresh was begun and not seen to end, <c>dead</c> those whose connections are being told. A due entry is written before what it stands for.
/// </summary>
public sealed class GrantStore(AppStorage storage, TimeProvider time)
{
    private const string Row = "grant";

    internal async Task<Grant?> FindAsync(GrantId id, CancellationToken cancellationToken)
    {
        var row = await (await storage.TableAsync("grants", cancellationToken)).GetEntityIfExistsAsync<TableEntity>(id.Value, Row, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>True when any row of the grant is there.</summary>
    internal async Task<bool> IsKnownAsync(GrantId id, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync("grants", cancellationToken);
        return await table.QueryAsync<TableEntity>(row => row.PartitionKey == id.Value, maxPerPage: 1, cancellationToken: cancellationToken).AnyAsync(cancellationToken);
    }

    /// <summary>Writes a grant as read. The caller holds the grant's lease, so a conflict means that it was lost.</summary>
    /// <exception cref="RequestFailedException">Someone else wrote it meanwhile.</exception>
    internal async Task<Grant> WriteAsync(Grant grant, CancellationToken cancellationToken)
    {
        if (grant.RefreshedAt is { } refreshed)
            await AddDueAsync(Due.Day, $"{Day(refreshed)}-{grant.Id.Value}", grant.Id, null, cancellationToken);
        var table = await storage.TableAsync("grants", cancellationToken);
        var response = grant.ETag == default
            ? await table.AddEntityAsync(Write(grant), cancellationToken)
            : await table.UpdateEntityAsync(Write(grant), grant.ETag, TableUpdateMode.Replace, cancellationToken);
        return grant with { ETag = response.Headers.ETag ?? default };
    }

    /// <summary>Forgets a grant that nobody uses any more, and everything that is due for it. The caller holds its lease.</summary>
    /// <exception cref="RequestFailedException">Someone else wrote it meanwhile.</exception>
    internal async Task EraseAsync(Grant grant, CancellationToken cancellationToken)
    {
        var table = await DueTableAsync(cancellationToken);
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"Grant eq {grant.Id.Value}"), cancellationToken: cancellationToken))
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        await (await storage.TableAsync("grants", cancellationToken)).DeleteEntityAsync(grant.Id.Value, Row, grant.ETag, cancellationToken);
    }

    internal Task AddDueAsync(Due due, GrantId grant, long? rotation, CancellationToken cancellationToken) => AddDueAsync(due, grant.Value, grant, rotation, cancellationToken);

    internal Task RemoveDueAsync(Due due, GrantId grant, CancellationToken cancellationToken) => RemoveDueAsync(due, grant.Value, cancellationToken);

    internal async Task RemoveDueAsync(Due due, string row, CancellationToken cancellationToken) =>
        await (await DueTableAsync(cancellationToken)).DeleteEntityAsync(due.ToString(), row, ETag.All, cancellationToken);

    /// <summary>Reads what is due of one kind, oldest first.</summary>
    /// <param name="due">Which kind.</param>
    /// <param name="before">Of <see cref="Due.Day"/>: only pairs of an earlier day.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    internal async IAsyncEnumerable<DueGrant> DueAsync(
        Due due, DateTimeOffset? before, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = before is { } day
            ? TableClient.CreateQueryFilter($"PartitionKey eq {due.ToString()} and RowKey lt {Day(day)}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {due.ToString()}");
        await foreach (var row in (await DueTableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return new DueGrant(new GrantId(row.GetString("Grant")), row.RowKey, row.GetInt64("Rotation"), row.GetDateTimeOffset("At") ?? default);
    }

    /// <summary>True when a day entry still stands for the grant's newest pair.</summary>
    internal static bool IsCurrent(DueGrant entry, Grant grant) => grant.RefreshedAt is { } refreshed && entry.Row == $"{Day(refreshed)}-{grant.Id.Value}";

    private async Task AddDueAsync(Due due, string row, GrantId grant, long? rotation, CancellationToken cancellationToken) =>
        await (await DueTableAsync(cancellationToken)).UpsertEntityAsync(
            new TableEntity(due.ToString(), row) { ["Grant"] = grant.Value, ["Rotation"] = rotation, ["At"] = time.GetUtcNow() }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>The entry by which a grant, as a row of its table says it, is found when its pair grows old; null where it has none.</summary>
    internal static TableEntity? DayEntryOf(TableEntity grant) => grant.RowKey == Row && grant.GetDateTimeOffset("RefreshedAt") is { } refreshed
        ? new TableEntity(Due.Day.ToString(), $"{Day(refreshed)}-{grant.PartitionKey}") { ["Grant"] = grant.PartitionKey, ["At"] = refreshed }
        : null;

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static Grant Read(TableEntity row) => new(new GrantId(row.PartitionKey), row.GetString("Provider"), row.GetString("OwnerId"))
    {
        OwnerName = row.GetString("OwnerName"),
        State = Enum.Parse<GrantState>(row.GetString("State")),
        ConsentedAt = row.GetDateTimeOffset("ConsentedAt"),
        RefreshedAt = row.GetDateTimeOffset("RefreshedAt"),
        RefreshExpiresAt = row.GetDateTimeOffset("RefreshExpiresAt"),
        HardExpiresAt = row.GetDateTimeOffset("HardExpiresAt"),
        RefreshSentAt = row.GetDateTimeOffset("RefreshSentAt"),
        Generation = row.GetInt32("Generation") ?? 1,
        SecretWrites = row.GetInt32("SecretWrites") ?? 0,
        Fault = row.GetString("FaultKind") is { } kind
            ? new ProviderFault(Enum.Parse<FaultKind>(kind), row.GetString("FaultTechnical") ?? "", row.GetString("FaultCorrelationId"))
            : null,
        LastFailureAt = row.GetDateTimeOffset("LastFailureAt"),
        FailureDays = row.GetInt32("FailureDays") ?? 0,
        ETag = row.ETag,
    };

    private static TableEntity Write(Grant grant) => new(grant.Id.Value, Row)
    {
        ["Provider"] = grant.Provider,
        ["OwnerId"] = grant.OwnerId,
        ["OwnerName"] = grant.OwnerName,
        ["State"] = grant.State.ToString(),
        ["ConsentedAt"] = grant.ConsentedAt,
        ["RefreshedAt"] = grant.RefreshedAt,
        ["RefreshExpiresAt"] = grant.RefreshExpiresAt,
        ["HardExpiresAt"] = grant.HardExpiresAt,
        ["RefreshSentAt"] = grant.RefreshSentAt,
        ["Generation"] = grant.Generation,
        ["SecretWrites"] = grant.SecretWrites,
        ["FaultKind"] = grant.Fault?.Kind.ToString(),
        ["FaultTechnical"] = grant.Fault?.Technical,
        ["FaultCorrelationId"] = grant.Fault?.CorrelationId,
        ["LastFailureAt"] = grant.LastFailureAt,
        ["FailureDays"] = grant.FailureDays,
    };

    private Task<TableClient> DueTableAsync(CancellationToken cancellationToken) => storage.TableAsync("grantsdue", cancellationToken);
}

/// <summary>Why a grant is due.</summary>
internal enum Due
{
    /// <summary>Sorted by the day of its newest pair.</summary>
    Day,

    /// <summary>A refresh was sent and not seen to end: the pair that we hold may be the one before the newest.</summary>
    Doubt,

    /// <summary>Proven dead; its connections are being told.</summary>
    Dead,
}

/// <summary>A grant that is due.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Row">The entry's row key.</param>
/// <param name="Rotation">Of <see cref="Due.Doubt"/>: the pair that was sent.</param>
/// <param name="At">When the entry was written.</param>
internal sealed record DueGrant(GrantId Grant, string Row, long? Rotation, DateTimeOffset At);
