using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Ledger;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;

namespace DataHealth.Core.Backup;

/// <summary>
/// Every table of the product and its part in a backup, in the order of copying. The product runs meanwhile, so the order decides that nothing points to what is not there: what says how far
/// something is comes before what it speaks of, what points comes before what it points to, and tombstones come last (docs/decisions/0911). The tests hold this list to the code's tables.
/// </summary>
internal static class BackupTables
{
    /// <summary>The file of the second look at the checkpoints, after the books.</summary>
    public const string StateAfter = "syncstate-after";

    /// <summary>In the order of copying.</summary>
    public static IReadOnlyList<BackupTable> All { get; } =
    [
        // Older than the rows that it counts, as after a crash: the next slice finds the rows and goes on. Newer, it would skip what is not there.
        new(Checkpoints.Table),
        // Knows up to which change of the books it has judged.
        new("health") { IsWhole = true },
        new(LedgerKeys.Table) { HasSplitRecords = true },
        new(Checkpoints.Table) { File = StateAfter },
        // A run's fence must not be lower than the one that its checkpoints know.
        new("runs"),
        new("runevents"),
        new("skippedrecords"),
        new("forecasts"),
        new("costs"),
        new("replays"),
        new("healthpractices"),
        new("overview"),
        new("favourites"),
        new("webhookhints"),
        new("digests"),
        new("consents"),
        new("releases"),
        new("connections"),
        new("due"),
        new("organisationholders"),
        new("grantholders"),
        // A lease belongs to a process that is no more.
        new("grants") { LeavesOut = (_, row) => row == GrantLease.Row },
        new("grantsdue"),
        // Windows and places are told by the provider's next answer; what a provider refused for good is worth keeping.
        new("limits") { LeavesOut = (_, row) => !row.StartsWith("order-", StringComparison.Ordinal) },
        // After all that is theirs: a client that is added meanwhile comes without its parts, never parts without their client.
        new("clients"),
        new("clientpractices"),
        new("practices"),
        new("people"),
        new("audit"),
        new(DeletionStore.Table),
    ];

    /// <summary>Tables that no backup holds, each with the reason.</summary>
    public static IReadOnlyDictionary<string, string> LeftOut { get; } = new Dictionary<string, string>
    {
        [HealthWishes.Table] = "Presses of the moment; whoever still wants what was pressed before presses again.",
        [OpenRunIndex.Table] = "An index; the restore makes it from the runs.",
        ["overviewmarks"] = "Says that a summary is being made; all are looked at in turn.",
        [MappedBooks.Table] = "Made of the ledger: the first recalculation reads that whole and makes it anew. It says how far the ledger was, and must not meet another.",
        ["retention"] = "Where the round of the day stands; it begins anew.",
        ["healthshares"] = "Links that people may have withdrawn since must not open again.",
        ["supportaccess"] = "An access that may have been withdrawn since must not come back.",
    };

    /// <summary>True for a row that is a lock of somebody who writes.</summary>
    public static bool IsLock(string rowKey) => rowKey == FencedPartition.FenceKey;
}

/// <summary>How one table is copied.</summary>
/// <param name="Name">Its logical name.</param>
internal sealed record BackupTable(string Name)
{
    /// <summary>The backup's file, without its ending.</summary>
    public string File { get; init; } = Name;

    /// <summary>Rows that are not copied, by partition and row key.</summary>
    public Func<string, string, bool> LeavesOut { get; init; } = (_, _) => false;

    /// <summary>A partition is only right as a whole: one that was written while it was read is read again.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Rows may go on in others, which are copied with them.</summary>
    public bool HasSplitRecords { get; init; }
}
