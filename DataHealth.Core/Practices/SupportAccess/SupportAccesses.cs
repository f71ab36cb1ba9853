using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Practices.SupportAccess;

/// <summary>That one of our staff may look into a practice.</summary>
/// <param name="Practice">The practice.</param>
/// <param name="Member">Who of our staff.</param>
/// <param name="Reason">Why, in their words; shown to the practice.</param>
/// <param name="OpenedAt">Since when.</param>
/// <param name="Until">It ends by itself.</param>
public sealed record OpenAccess(PracticeId Practice, MemberId Member, string Reason, DateTimeOffset OpenedAt, DateTimeOffset Until);

/// <summary>
/// Our support opens a practice with a reason, for some hours, and the practice sees it in its audit. Table <c>supportaccess</c> (partition: practice, row: member).
/// Without an open access a practice's data does not exist for our staff either.
/// </summary>
public sealed class SupportAccesses(AppStorage storage, MemberStore members, AuditTrail audit, IOptions<MembersOptions> options, TimeProvider time)
{
    internal const string Table = "supportaccess";

    /// <summary>The longest reason.</summary>
    public const int MostReason = 500;

    /// <summary>Opens a practice. Null when there is no such practice.</summary>
    /// <param name="actor">One of our staff.</param>
    /// <param name="practice">The practice.</param>
    /// <param name="reason">Why; not empty.</param>
    /// <param name="duration">For how long; cut to what the options allow.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="UnauthorizedAccessException">The actor is not our support.</exception>
    public async Task<OpenAccess?> OpenAsync(Actor actor, PracticeId practice, string reason, TimeSpan duration, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.Support);
        if (practice == Practice.Staff || await members.FindAsync(practice, cancellationToken) is null)
            return null;
        var now = time.GetUtcNow();
        var access = new OpenAccess(practice, actor.Member, reason, now, now + (duration < options.Value.LongestSupportAccess ? duration : options.Value.LongestSupportAccess));
        // Told before it is open: no look without an entry.
        await audit.RecordAsync(actor with { Practice = practice }, AuditAction.SupportAccessOpened, null, after: $"Until {access.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {reason}");
        var row = new TableEntity(practice.Value, actor.Member.Value) { ["Reason"] = reason, ["OpenedAt"] = access.OpenedAt, ["Until"] = access.Until };
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return access;
    }

    /// <summary>Closes it before its time; false when it was not open.</summary>
    /// <exception cref="UnauthorizedAccessException">The actor is not our support.</exception>
    public async Task<bool> CloseAsync(Actor actor, PracticeId practice, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.Support);
        if (await FindAsync(practice, actor.Member, cancellationToken) is null)
            return false;
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(practice.Value, actor.Member.Value, ETag.All, CancellationToken.None);
        await audit.RecordAsync(actor with { Practice = practice }, AuditAction.SupportAccessClosed, null);
        return true;
    }

    /// <summary>The open access of one of our staff to a practice; null when there is none now.</summary>
    internal async Task<OpenAccess?> FindAsync(PracticeId practice, MemberId member, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, member.Value, cancellationToken: cancellationToken);
        return row.HasValue && row.Value!.GetDateTimeOffset("Until") is { } until && until > time.GetUtcNow()
            ? new OpenAccess(practice, member, row.Value.GetString("Reason"), row.Value.GetDateTimeOffset("OpenedAt") ?? default, until)
            : null;
    }

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}
