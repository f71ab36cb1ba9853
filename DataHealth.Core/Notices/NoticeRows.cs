using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Overview;

namespace DataHealth.Core.Notices;

/// <summary>The rows of open notices, in the partition of the practice's summaries: they change in the same transaction as the summary that shows their cause.</summary>
internal static class NoticeRows
{
    public const string Prefix = "x|";

    private const string Kind = "Kind";

    public static (string First, string Last) Range => (Prefix, "x~");

    public static IEnumerable<TableTransactionAction> Changes(ClientSummary? before, ClientSummary now)
    {
        foreach (var notice in now.Notices)
            yield return new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row(now, notice));
        foreach (var gone in before?.Notices.Where(old => now.Notices.All(notice => notice.Kind != old.Kind)) ?? [])
            yield return Removal(now, gone);
    }

    public static IEnumerable<TableTransactionAction> Removals(ClientSummary summary) => summary.Notices.Select(notice => Removal(summary, notice));

    public static (NoticeKind Kind, ClientSummary Client) Read(TableEntity row) => (Enum.Parse<NoticeKind>(row.GetString(Kind)), SummaryRows.Read(row));

    private static TableTransactionAction Removal(ClientSummary summary, RaisedNotice notice) =>
        new(TableTransactionActionType.Delete, new TableEntity(summary.Practice.Value, Key(summary, notice)), ETag.All);

    private static TableEntity Row(ClientSummary summary, RaisedNotice notice) => new(summary.Practice.Value, Key(summary, notice))
    {
        [Kind] = notice.Kind.ToString(),
        ["Client"] = summary.Client.Value,
        ["Body"] = SummaryRows.Write(summary),
    };

    private static string Key(ClientSummary summary, RaisedNotice notice) => $"{Prefix}{summary.Client}|{notice.Kind}";
}
