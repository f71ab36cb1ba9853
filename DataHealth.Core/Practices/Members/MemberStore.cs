using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Practices.Members;

/// <summary>
/// Practices and their members. Table <c>practices</c>, a partition per practice: its own row, which counts the active admins, a row per member, and one per address; they change in
/// one transaction, so that two admins cannot remove one another at once. What is written is not cancelled by whoever asked going away: its audit entry follows. Table <c>people</c> (partition: person) finds a person's memberships; the member's row is the truth.
/// </summary>
public sealed class MemberStore(AppStorage storage, TimeProvider time)
{
    /// <summary>More than any practice has; bounds every read of all members.</summary>
    public const int MostMembers = 2000;

    internal const string Table = "practices";
    internal const string PeopleTable = "people";
    internal const string IndexPartition = "~index";
    private const string PracticeRow = "practice";
    private const string MemberRows = "member|";
    private const string EmailRows = "email|";
    // Which write a row is of.
    private const string WriteId = "WriteId";

    private const int MaxAttempts = 10;

    /// <summary>True when an id could be a member's: 32 lower-case hexadecimal digits.</summary>
    public static bool IsWellFormed(MemberId member) => member.Value is { Length: 32 } value && value.All(char.IsAsciiHexDigitLower);

    /// <summary>Whom a row of the table lets in, by itself or by the address; null for other rows.</summary>
    internal static MemberId? MemberOf(TableEntity row) =>
        row.RowKey.StartsWith(MemberRows, StringComparison.Ordinal) ? new MemberId(row.RowKey[MemberRows.Length..])
        : row.RowKey.StartsWith(EmailRows, StringComparison.Ordinal) ? new MemberId(row.GetString("Member"))
        : null;

    /// <summary>A member of that practice; null when there is none.</summary>
    public async Task<Member?> FindAsync(PracticeId practice, MemberId member, CancellationToken cancellationToken)
    {
        if (!IsWellFormed(member))
            return null;
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, MemberRows + member, cancellationToken: cancellationToken);
        return row.HasValue ? MemberRow.Read(row.Value!) : null;
    }

    /// <summary>Every member of a practice, removed ones too, by the time of their invitation.</summary>
    public async IAsyncEnumerable<Member> AllAsync(PracticeId practice, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and RowKey gt {MemberRows} and RowKey lt {MemberRows + "~"}");
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return MemberRow.Read(row);
    }

    /// <summary>A practice; null when there is none.</summary>
    public async Task<Practice?> FindAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, PracticeRow, cancellationToken: cancellationToken);
        return row.HasValue ? ReadPractice(row.Value!) : null;
    }

    /// <summary>All practices by id, for our support.</summary>
    /// <param name="size">1 to 999.</param>
    /// <param name="continuation">The last id of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<PracticePage> ListAsync(int size, string? continuation, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {IndexPartition} and RowKey gt {continuation ?? ""}");
        List<Practice> practices = [];
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, size + 1, cancellationToken: cancellationToken))
        {
            if (practices.Count == size)
                return new PracticePage(practices, practices[^1].Id.Value);
            practices.Add(new Practice(new PracticeId(row.RowKey), row.GetString("Name"), row.GetDateTimeOffset("CreatedAt") ?? default, ""));
        }
        return new PracticePage(practices, null);
    }

    /// <summary>Which practices a person belongs to, or belonged.</summary>
    internal async Task<IReadOnlyList<(PracticeId Practice, MemberId Member)>> MembershipsAsync(SignedInPerson person, CancellationToken cancellationToken)
    {
        List<(PracticeId, MemberId)> found = [];
        await foreach (var row in (await PeopleAsync(cancellationToken)).QueryAsync<TableEntity>(row => row.PartitionKey == person.Key, 100, cancellationToken: cancellationToken))
            found.Add((new PracticeId(row.RowKey), new MemberId(row.GetString("Member"))));
        return found;
    }

    /// <summary>Points the person to the member. Written before the member's row names the person; until that says so too, it is nothing.</summary>
    internal async Task PointAsync(SignedInPerson person, Member member, CancellationToken cancellationToken) =>
        await (await PeopleAsync(cancellationToken)).UpsertEntityAsync(
            new TableEntity(person.Key, member.Practice.Value) { ["Member"] = member.Id.Value }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>Makes a practice with its first member. False when it exists.</summary>
    internal async Task<bool> TryCreateAsync(PracticeId practice, string name, Member first, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        var now = time.GetUtcNow();
        // The index first: what is listed without being there shows nothing.
        await table.UpsertEntityAsync(new TableEntity(IndexPartition, practice.Value) { ["Name"] = name, ["CreatedAt"] = now }, TableUpdateMode.Replace, CancellationToken.None);
        try
        {
            await table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity(practice.Value, PracticeRow) { ["Name"] = name, ["CreatedAt"] = now, ["Keepers"] = first.IsKeeper ? 1 : 0 }),
                new(TableTransactionActionType.Add, MemberRow.Write(first)),
                new(TableTransactionActionType.Add, EmailRow(first)),
            ], CancellationToken.None);
            return true;
        }
        catch (RequestFailedException exists) when (exists.Status is 409)
        {
            return false;
        }
    }

    /// <summary>Adds a member together with the row that holds their address, so that of two invitations of one address at once one makes a member.</summary>
    /// <returns>The member; or who has that address, invited, active or suspended.</returns>
    internal async Task<(Member Member, bool IsNew)> AddAsync(Member member, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var held = await table.GetEntityIfExistsAsync<TableEntity>(member.Practice.Value, EmailKey(member.Email), cancellationToken: cancellationToken);
            if (held.HasValue && await FindAsync(member.Practice, new MemberId(held.Value!.GetString("Member")), cancellationToken) is { State: not MemberState.Removed } other)
                return (other, false);
            try
            {
                var answers = await table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Add, MemberRow.Write(member)),
                    held.HasValue ? new(TableTransactionActionType.UpdateReplace, EmailRow(member), held.Value!.ETag) : new(TableTransactionActionType.Add, EmailRow(member)),
                ], CancellationToken.None);
                return (member with { ETag = answers.Value[0].Headers.ETag ?? default }, true);
            }
            catch (RequestFailedException faster) when (faster.Status is 409 or 412 && attempt < MaxAttempts)
            {
                // Invited at this moment: look again.
            }
        }
    }

    internal async Task<Practice?> RenameAsync(PracticeId practice, string name, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        try
        {
            await table.UpdateEntityAsync(new TableEntity(practice.Value, PracticeRow) { ["Name"] = name }, ETag.All, TableUpdateMode.Merge, CancellationToken.None);
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return null;
        }
        await table.UpsertEntityAsync(new TableEntity(IndexPartition, practice.Value) { ["Name"] = name }, TableUpdateMode.Merge, CancellationToken.None);
        return await FindAsync(practice, CancellationToken.None);
    }

    /// <summary>Whether nobody would be left to manage the practice without that member, as it stands now.</summary>
    public async Task<bool> IsLastKeeperAsync(Member member, CancellationToken cancellationToken) => member.IsKeeper
        && (await (await TableAsync(cancellationToken)).GetEntityAsync<TableEntity>(member.Practice.Value, PracticeRow, cancellationToken: cancellationToken)).Value.GetInt32("Keepers") <= 1;

    /// <summary>Changes a member, together with the count of admins where that changes; reads again when someone else was faster.</summary>
    /// <param name="practice">The practice.</param>
    /// <param name="member">The member.</param>
    /// <param name="version">The version that the person saw; null to change whatever is there.</param>
    /// <param name="change">What it becomes, or how it ends instead. Run again with what is there by then.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<MemberOutcome> ChangeAsync(
        PracticeId practice, MemberId member, string? version, Func<Member, (Member? Next, MemberOutcome? End)> change, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(practice, member, cancellationToken) is not { } current)
                return new MemberOutcome.Unknown();
            if (version is not null && version != current.Version)
                return new MemberOutcome.Changed();
            var (next, end) = change(current);
            if (next is null)
                return end!;
            if (next.State != current.State)
                next = next with { Since = time.GetUtcNow() };
            var row = MemberRow.Write(next);
            row[WriteId] = Guid.NewGuid();
            try
            {
                if (next.IsKeeper == current.IsKeeper)
                {
                    var answer = await table.UpdateEntityAsync(row, current.ETag, TableUpdateMode.Replace, CancellationToken.None);
                    return new MemberOutcome.Done(next with { ETag = answer.Headers.ETag ?? default });
                }
                var own = (await table.GetEntityAsync<TableEntity>(practice.Value, PracticeRow, cancellationToken: cancellationToken)).Value;
                var keepers = (own.GetInt32("Keepers") ?? 0) + (next.IsKeeper ? 1 : -1);
                if (keepers < 1)
                    return new MemberOutcome.LastAdmin();
                var answers = await table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.UpdateMerge, new TableEntity(practice.Value, PracticeRow) { ["Keepers"] = keepers }, own.ETag),
                    new(TableTransactionActionType.UpdateReplace, row, current.ETag),
                ], CancellationToken.None);
                return new MemberOutcome.Done(next with { ETag = answers.Value[1].Headers.ETag ?? default });
            }
            catch (RequestFailedException faster) when (faster.Status is 412 && attempt < MaxAttempts)
            {
                // Our own write, whose answer was lost and whose repetition was refused; else someone was faster: decide again on what is there now.
                var there = await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: CancellationToken.None);
                if (there.HasValue && there.Value!.GetGuid(WriteId) == row.GetGuid(WriteId))
                    return new MemberOutcome.Done(MemberRow.Read(there.Value));
            }
        }
    }

    /// <summary>Erases a practice's members, invited and removed ones too, for the practice's deletion: who is no member is not let in.</summary>
    internal async Task EraseAsync(PracticeId practice, MemberId? except, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        await foreach (var member in AllAsync(practice, cancellationToken))
        {
            if (member.Id == except)
                continue;
            await table.DeleteEntityAsync(practice.Value, EmailKey(member.Email), ETag.All, cancellationToken);
            await table.DeleteEntityAsync(practice.Value, MemberRows + member.Id, ETag.All, cancellationToken);
        }
    }

    // An address is no key: it may hold what a key may not.
    private static string EmailKey(string email) => EmailRows + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)));

    private static TableEntity EmailRow(Member member) => new(member.Practice.Value, EmailKey(member.Email)) { ["Member"] = member.Id.Value };

    private static Practice ReadPractice(TableEntity row) =>
        new(new PracticeId(row.PartitionKey), row.GetString("Name"), row.GetDateTimeOffset("CreatedAt") ?? default, row.ETag.ToString());

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);

    private Task<TableClient> PeopleAsync(CancellationToken cancellationToken) => storage.TableAsync(PeopleTable, cancellationToken);

    private static class MemberRow
    {
        private const int IdBytes = 16;

        public static TableEntity Write(Member member)
        {
            var row = new TableEntity(member.Practice.Value, MemberRows + member.Id)
            {
                ["Name"] = member.Name,
                ["Email"] = member.Email,
                ["State"] = member.State.ToString(),
                ["Role"] = member.Role.ToString(),
                ["Privileges"] = (int)member.Privileges,
                ["InvitedAt"] = member.InvitedAt,
                ["InvitationEnds"] = member.InvitationEnds,
                ["InvitationHash"] = member.InvitationHash,
                ["Person"] = member.PersonKey,
                ["Since"] = member.Since,
            };
            EntityBody.Write(row, member.Given.Given.Order(Comparer<ClientId>.Create((one, other) => string.CompareOrdinal(one.Value, other.Value)))
                .SelectMany(client => Convert.FromHexString(client.Value)).ToArray());
            return row;
        }

        public static Member Read(TableEntity row) => new(new PracticeId(row.PartitionKey), new MemberId(row.RowKey[MemberRows.Length..]))
        {
            Name = row.GetString("Name") ?? "",
            Email = row.GetString("Email") ?? "",
            State = Enum.Parse<MemberState>(row.GetString("State")),
            Role = Enum.Parse<Role>(row.GetString("Role")),
            Privileges = (Permissions)(row.GetInt32("Privileges") ?? 0),
            Given = ClientAccess.Only(EntityBody.Read(row).Chunk(IdBytes).Select(id => new ClientId(Convert.ToHexStringLower(id)))),
            InvitedAt = row.GetDateTimeOffset("InvitedAt") ?? default,
            InvitationEnds = row.GetDateTimeOffset("InvitationEnds"),
            InvitationHash = row.GetString("InvitationHash"),
            PersonKey = row.GetString("Person"),
            Since = row.GetDateTimeOffset("Since") ?? default,
            ETag = row.ETag,
        };
    }
}
