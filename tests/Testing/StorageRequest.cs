using System.Text;
using System.Text.RegularExpressions;

namespace DataHealth.Testing;

/// <summary>A request of the functions to their storage, and what it stands for in the life of a sync.</summary>
public sealed partial record StorageRequest
{
    // The first operation of a batch names its partition, and a batch is of one partition.
    private const int Head = 4096;

    /// <summary>Reads a request as it came in.</summary>
    public static StorageRequest Of(string method, string target, byte[] body)
    {
        var path = Uri.UnescapeDataString(target.Split('?')[0]);
        var isBatch = path.EndsWith("$batch", StringComparison.Ordinal);
        var named = isBatch ? Uri.UnescapeDataString(Encoding.UTF8.GetString(body, 0, Math.Min(Head, body.Length))) : path;
        var table = TableName().Match(named);
        return new StorageRequest
        {
            IsWrite = method is not ("GET" or "HEAD"),
            Table = table.Success ? table.Groups["table"].Value : "",
            IsBucket = LedgerPartition().Match(named).Groups["bucket"].Value is { Length: 2 },
            Dataset = LedgerPartition().Match(named) is { Success: true } partition ? partition.Groups["dataset"].Value
                : RowKey().Match(named) is { Success: true } row ? row.Groups["row"].Value : "",
            IsBatch = isBatch,
            Words = $"{method} {path}",
        };
    }

    /// <summary>It changes something.</summary>
    public required bool IsWrite { get; init; }

    /// <summary>The table's name without its prefix.</summary>
    public required string Table { get; init; }

    /// <summary>The dataset, where it is about one; else the row's key.</summary>
    public required string Dataset { get; init; }

    /// <summary>It is about records, not about the feed of their changes.</summary>
    public required bool IsBucket { get; init; }

    /// <summary>One transaction of several rows.</summary>
    public required bool IsBatch { get; init; }

    /// <summary>Method and path.</summary>
    public required string Words { get; init; }

    /// <summary>Records of a page are being written.</summary>
    public bool IsPageData => IsBatch && IsBucket && Table == "ledger";

    /// <summary>The checkpoint of a dataset is being written.</summary>
    public bool IsCheckpoint => IsWrite && !IsBatch && Table == "syncstate" && Dataset.Length > 0;

    /// <summary>A grant's lease is being taken, kept or given back.</summary>
    public bool IsGrantLease => IsWrite && Table == "grants" && Dataset == "lease";

    /// <summary>In a few words, for a histogram.</summary>
    public string Kind => this switch
    {
        { IsPageData: true } => "a page's data",
        { IsCheckpoint: true } => "a checkpoint without page data before it",
        { Table: "syncstate" or "ledger" } => IsWrite ? "another write of the sync" : "a read of the sync",
        { Table: "runs" or "openruns" or "runevents" } => "the run's row or timeline",
        { Table: "grants" or "grantsdue" } => "a grant",
        _ when Table.StartsWith("hub", StringComparison.Ordinal) => "the orchestration's history",
        _ when Table.Contains("limit", StringComparison.Ordinal) => "the limits",
        _ => "something else",
    };

    // A test's names begin with a letter and eleven digits: Azurite.NewPrefix.
    [GeneratedRegex("/t[0-9a-f]{11}(?<table>[A-Za-z0-9]+)")]
    private static partial Regex TableName();

    [GeneratedRegex(@"PartitionKey(='|"":"")[^|'""]*\|(?<dataset>[a-z-]+)\|(?<bucket>\d\d|pages)")]
    private static partial Regex LedgerPartition();

    [GeneratedRegex("RowKey='(?<row>[^']*)'")]
    private static partial Regex RowKey();
}
