using System.Globalization;
using System.Text;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>What each file of an export is, for whoever opens it. A place that is exported and stands not here fails a test.</summary>
internal static class ExportWords
{
    /// <summary>In the order in which a person would look.</summary>
    public static IReadOnlyList<(string Name, string Words)> Files { get; } =
    [
        ("clients", "The client: its name, tax number, account manager, and when it was added and by whom."),
        ("ledger",
            """
            The copy of the books, a line for each record. "dataset" says what it is (invoices, contacts, accounts...), "id" is the provider's id, "updatedAt" the provider's time of
              its last change, "isDeleted" whether it is gone there, "organisation" whose books it is of, and "record" is the provider's own JSON, unchanged: its fields are described
              in the provider's documentation (Xero: developer.xero.com, QuickBooks: developer.intuit.com). To have one kind of record:
              grep '"dataset":"invoices"' ledger.jsonl
            """),
        ("health",
            """
            What Data Health makes of the books. "kind" says what a line is: "health" (the score and each check as they stand), "finding" (with its evidence, status, tags and who
              looks after it), "point" (a day of the score's history), "recomputation" (the last time that
              somebody asked for past month-ends to be judged anew), "recomputed-point" (a month-end that was), "dismissal", "label", "insights", "settings" and "insight-settings" (what was set for this client), "memory" (what a check
              remembers, as it keeps it). "value" holds it. Money is in the currency of the books.
            """),
        ("connection", "The connection to the provider: its state, the organisation, who authorised it and when. No token and no secret is in the export."),
        ("runs", "The syncs, a line for each: what asked for it, when, how it ended, and its receipt (records new, changed, unchanged and deleted, calls and bytes, by dataset). The line whose storedAt ends in /current is the latest one once more."),
        ("run-events", "The timeline of each sync, in plain words. The run's id stands behind the | in storedAt."),
        ("checkpoints", "How far each dataset is copied: \"watermark\" is the provider's time up to which it is complete, the rest is what a sync needs to go on."),
        ("skipped-records", "Records that syncs leave out because they cannot be read, with our support's reason."),
        ("forecasts", "The last estimate of what a full copy would take."),
        ("schedule", "When the next sync is due (\"dueAt\")."),
        ("costs", "Calls and bytes of the client at the provider, a line for each day (\"date\"), with what each sync of that day took (\"runs\")."),
        ("shared-overviews", "Links to the health overview that were sent to people outside: who made them, until when. The links themselves are not kept."),
        ("member-access", "Which members with limited access were given this client. Admins see all clients and are not listed."),
        ("left-at-provider", "What the provider refused to disconnect for so long that it was given up."),
        ("audit", "What people did with this client: who, when, what, before and after, newest first. The request's id is the one in our log."),
    ];

    /// <summary>The page that lies in front of the files.</summary>
    public static string Page(ClientId client, DateTimeOffset at)
    {
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"""
            Everything that Data Health holds about the client {client}, taken out on {at.UtcDateTime:d MMMM yyyy HH:mm} UTC.

            Each file holds one kind of thing in JSON Lines: every line is one JSON object, in UTF-8. Spreadsheets, databases and most programs read it; a kind of which nothing is
            held has no file. complete.json is written last and says how many lines each file has: without it the export broke off, and is to be taken out once more.

            Times are UTC (ISO 8601). A field that is not set is left out. "storedAt", where there is one, is only the place of the line in our storage.
            """);
        foreach (var (name, words) in Files)
            page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{name}.jsonl").AppendLine(CultureInfo.InvariantCulture, $"  {words}");
        return page.ToString();
    }
}
