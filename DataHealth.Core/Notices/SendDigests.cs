using Azure.Data.Tables;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Notices;

/// <summary>
/// Tells people by mail what needs them: once a day, each reader the notices of the clients that exist for them, and only when one of these is new to them. Table <c>digests</c>
/// (partition: practice, row: member) keeps who was told up to when. For a timer that comes by every hour: a mail that failed is tried again at the next.
/// </summary>
public sealed partial class SendDigests(
    AppStorage storage, IDigestReaders readers, ListNotices notices, INoticeSender sender, IOptions<NoticeOptions> options, TimeProvider time, ILogger<SendDigests> logger)
{
    internal const string Table = "digests";

    /// <summary>Sends what is to be sent.</summary>
    public async Task<DigestResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        var result = new DigestResult(0, 0);
        if (!sender.IsConfigured || time.GetUtcNow().UtcDateTime.Hour < options.Value.DigestHour)
            return result;
        var (practice, open, readAt) = (default(PracticeId), new List<Notice>(), default(DateTimeOffset));
        await foreach (var reader in readers.AllAsync(cancellationToken))
        {
            if (practice != reader.Practice)
            {
                // Before they are read: one that is raised while the mails go out is new the next time.
                (practice, open, readAt) = (reader.Practice, [], time.GetUtcNow());
                await foreach (var notice in notices.AllAsync(practice, cancellationToken))
                    open.Add(notice);
            }
            if (open.Count > 0)
                result += await TellAsync(reader, [.. open.Where(reader.Reads)], readAt, cancellationToken);
        }
        return result;
    }

    private async Task<DigestResult> TellAsync(DigestReader reader, IReadOnlyList<Notice> open, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var row = await table.GetEntityIfExistsAsync<TableEntity>(reader.Practice.Value, reader.Member.Value, cancellationToken: cancellationToken);
        var told = row.HasValue ? row.Value!.GetDateTimeOffset("ToldAt") : null;
        var fresh = open.Where(notice => told is null || notice.RaisedAt > told).ToList();
        if (fresh.Count == 0 || told?.UtcDateTime.Date == readAt.UtcDateTime.Date)
            return new DigestResult(0, 0);
        try
        {
            await sender.SendAsync(DigestMail.Of(options.Value.From, reader, fresh, open.Count, options.Value.LinkTo), cancellationToken);
        }
        catch (NoticeNotSentException failed)
        {
            Log.Failed(logger, reader.Practice, reader.Member, failed.Message);
            return new DigestResult(0, 1);
        }
        // A crash before this sends the same mail once more: better than not at all.
        await table.UpsertEntityAsync(new TableEntity(reader.Practice.Value, reader.Member.Value) { ["ToldAt"] = readAt }, TableUpdateMode.Replace, cancellationToken);
        return new DigestResult(1, 0);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The digest of practice {Practice} for member {Member} was not sent: {Why} It is tried again in an hour.")]
        public static partial void Failed(ILogger logger, PracticeId practice, MemberId member, string why);
    }
}

/// <summary>What became of the digests.</summary>
/// <param name="Sent">Mails sent.</param>
/// <param name="Failed">Mails that were not taken.</param>
public readonly record struct DigestResult(int Sent, int Failed)
{
    /// <summary>Both together.</summary>
    public static DigestResult operator +(DigestResult left, DigestResult right) => new(left.Sent + right.Sent, left.Failed + right.Failed);
}
