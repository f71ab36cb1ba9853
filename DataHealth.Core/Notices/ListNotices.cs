using System.Buffers.Text;
using System.Text;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Notices;

/// <summary>The one list of what needs a person in a practice.</summary>
public sealed class ListNotices(AppStorage storage, NoticeWords words)
{
    private const int LargestRead = 1000;
    private readonly SummaryRows _rows = new(storage);

    /// <summary>Reads a page of the notices of clients that exist for the actor: at most <see cref="ListClients.MostRequests"/> storage requests.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="kind">Only of that kind; null for all.</param>
    /// <param name="take">1 to 999.</param>
    /// <param name="continuation">From the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<NoticePage> ExecuteAsync(Actor actor, NoticeKind? kind, int take, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(take, LargestRead);
        var after = continuation is not null && TryRead(continuation, out var last) ? last : NoticeRows.Range.First;
        List<Notice> notices = [];
        var requests = 0;
        await foreach (var page in Query(await _rows.TableAsync(cancellationToken), actor.Practice, after, kind, cancellationToken).AsPages())
        {
            foreach (var row in page.Values)
            {
                if (notices.Count == take)
                    return new NoticePage(notices, Write(after));
                after = row.RowKey;
                var (found, client) = NoticeRows.Read(row);
                if (actor.MaySee(client.Client) && client.Notices.FirstOrDefault(notice => notice.Kind == found) is { } raised)
                    notices.Add(words.Of(client, raised));
            }
            if (page.ContinuationToken is not null && ++requests == ListClients.MostRequests)
                return new NoticePage(notices, Write(after));
        }
        return new NoticePage(notices, null);
    }

    /// <summary>Every open notice of a practice, for unattended work.</summary>
    internal async IAsyncEnumerable<Notice> AllAsync(PracticeId practice, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in Query(await _rows.TableAsync(cancellationToken), practice, NoticeRows.Range.First, null, cancellationToken))
        {
            var (kind, client) = NoticeRows.Read(row);
            if (client.Notices.FirstOrDefault(notice => notice.Kind == kind) is { } raised)
                yield return words.Of(client, raised);
        }
    }

    /// <summary>True when a continuation is one of ours.</summary>
    public static bool IsContinuation(string continuation) => TryRead(continuation, out _);

    private static Azure.AsyncPageable<TableEntity> Query(TableClient table, PracticeId practice, string after, NoticeKind? kind, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {practice.Value} and RowKey gt {after} and RowKey lt {NoticeRows.Range.Last}");
        if (kind is { } only)
            filter += TableClient.CreateQueryFilter($" and Kind eq {only.ToString()}");
        return table.QueryAsync<TableEntity>(filter, LargestRead, cancellationToken: cancellationToken);
    }

    private static string Write(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    private static bool TryRead(string continuation, out string key)
    {
        key = "";
        if (continuation.Length > 512 || !Base64Url.IsValid(continuation))
            return false;
        key = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(continuation));
        return key.StartsWith(NoticeRows.Prefix, StringComparison.Ordinal) && !key.AsSpan().ContainsAnyInRange('\0', '\u001f');
    }
}
