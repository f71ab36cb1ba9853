using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Audit;

/// <summary>
/// What people did, append-only. Table <c>audit</c>, a partition per practice; each entry stands in it under its time and, where it concerns one client,
/// once more under client and time, both in one transaction: so the practice's and the client's trail are each one range, newest first.
/// </summary>
public sealed class AuditTrail(AppStorage storage, TimeProvider time)
{
    /// <summary>The longest text of before and after; the rest is cut off.</summary>
    public const int MostText = 4000;

    internal const string Table = "audit";
    internal const string Whole = "a|";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Notes what a person did. Call it where the change is decided: before it when repeating the change is harmless (disconnect, delete), else right after it.
    /// From its first write on a change does not listen to the request's cancellation, and this never does: what was done must be known. Give no secrets, and of a client's books nothing.
    /// </summary>
    /// <param name="actor">Who, in which practice, by which request.</param>
    /// <param name="action">What.</param>
    /// <param name="client">Of which client, if of one.</param>
    /// <param name="before">What was there, in a few words.</param>
    /// <param name="after">What is there now, in a few words.</param>
    /// <exception cref="Azure.RequestFailedException">Storage did not take it.</exception>
    public async Task RecordAsync(Actor actor, AuditAction action, ClientId? client, string? before = null, string? after = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        var now = time.GetUtcNow();
        // Newest first; the random tail keeps two of the same moment apart.
        var id = string.Create(CultureInfo.InvariantCulture, $"{Newest(now)}{Guid.NewGuid().ToString("N")[..12]}");
        List<TableTransactionAction> rows = [new(TableTransactionActionType.Add, Row(Whole + id))];
        if (client is { } one)
            rows.Add(new(TableTransactionActionType.Add, Row(OfClient(one) + id)));
        var table = await TableAsync(patience.Token);
        await table.SubmitTransactionAsync(rows, patience.Token);

        TableEntity Row(string key) => new(actor.Practice.Value, key)
        {
            ["At"] = now,
            ["Member"] = actor.Member.Value,
            ["MemberName"] = actor.Name,
            ["Role"] = actor.Role.ToString(),
            ["Action"] = action.ToString(),
            ["Client"] = client?.Value,
            ["Before"] = Cut(before),
            ["After"] = Cut(after),
            ["RequestId"] = actor.RequestId,
        };
    }

    /// <summary>A page of a practice's trail, or of one client's, newest first.</summary>
    /// <param name="practice">The practice.</param>
    /// <param name="client">Only what concerns that client; null for everything.</param>
    /// <param name="size">1 to 1,000.</param>
    /// <param name="continuation">From the page before; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<AuditPage> PageAsync(PracticeId practice, ClientId? client, int size, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1000);
        List<AuditEntry> entries = [];
        await foreach (var entry in ReadAsync(practice, client, continuation ?? "", Math.Min(size + 1, 1000), cancellationToken))
        {
            if (entries.Count == size)
                return new AuditPage(entries, entries[^1].Id);
            entries.Add(entry);
        }
        return new AuditPage(entries, null);
    }

    /// <summary>The whole trail of a practice, newest first, read as it is consumed.</summary>
    public IAsyncEnumerable<AuditEntry> ReadAsync(PracticeId practice, CancellationToken cancellationToken) => ReadAsync(practice, null, "", 1000, cancellationToken);

    /// <summary>All that concerns one client, newest first, read as it is consumed.</summary>
    public IAsyncEnumerable<AuditEntry> ReadAsync(PracticeId practice, ClientId client, CancellationToken cancellationToken) => ReadAsync(practice, client, "", 1000, cancellationToken);

    /// <summary>True when a continuation is one of ours.</summary>
    public static bool IsContinuation(string? continuation) => continuation is { Length: 31 } && continuation.All(char.IsAsciiHexDigitLower);

    private async IAsyncEnumerable<AuditEntry> ReadAsync(
        PracticeId practice, ClientId? client, string after, int perPage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = client is { } one ? OfClient(one) : Whole;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and RowKey gt {prefix + after} and RowKey lt {prefix + "~"}");
        var table = await TableAsync(cancellationToken);
        await foreach (var row in table.QueryAsync<TableEntity>(filter, perPage, cancellationToken: cancellationToken))
        {
            yield return new AuditEntry(
                row.RowKey[prefix.Length..], practice, row.GetDateTimeOffset("At") ?? default, new MemberId(row.GetString("Member")), row.GetString("MemberName") ?? "",
                Enum.Parse<Role>(row.GetString("Role")), Enum.Parse<AuditAction>(row.GetString("Action")), row.GetString("Client") is { } id ? new ClientId(id) : null,
                row.GetString("Before"), row.GetString("After"), row.GetString("RequestId") ?? "");
        }
    }

    internal static string OfClient(ClientId client) => $"c|{client}|";

    /// <summary>Keys of entries from before that time are greater.</summary>
    internal static string KeyBefore(DateTimeOffset time) => Whole + Newest(time);

    private static string Newest(DateTimeOffset time) => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    private static string? Cut(string? text) => text is { Length: > MostText } ? text[..MostText] : text;

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}
