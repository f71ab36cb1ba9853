using System.Security.Cryptography;
using System.Text;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Ledger;

/// <summary>Where the copy's rows lie. See docs/decisions on the ledger's keys.</summary>
internal static class LedgerKeys
{
    public const string Table = "ledger";

    /// <summary>The rows of one bucket of a dataset's records.</summary>
    public static string Bucket(ClientId client, string dataset, int bucket) => $"{client}|{dataset}|{bucket:D2}";

    /// <summary>The pages written to a dataset: its change feed, and the ids that a full pass has seen.</summary>
    public static string Pages(ClientId client, string dataset) => $"{client}|{dataset}|pages";

    /// <summary>Behind every row of a change feed.</summary>
    public const long LastChange = 999_999_999_999_999;

    public static string Change(long sequence) => $"c{sequence:D15}";

    public static string SeenPrefix(string pass) => $"~seen~{pass}~";

    public const string PartPrefix = "~part~";

    public static string Part(string record, string fingerprint, int number) => $"{PartPrefix}{record}~{fingerprint}~{number:D3}";

    /// <summary>Which bucket holds a record; never changes for a dataset, since the number of its buckets does not.</summary>
    public static int BucketOf(string id, int buckets) => buckets == 1 ? 0 : (int)(IdHash(id) % (uint)buckets);

    /// <summary>128 bits that stand for an id among the ids that a pass has seen.</summary>
    public static UInt128 IdHash(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>A filter for the rows of a partition that are records.</summary>
    public static string Records(string partition) => $"PartitionKey eq '{partition}' and RowKey lt '{FencedPartition.Reserved}'";
}
