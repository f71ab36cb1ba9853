using System.Runtime.InteropServices;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Ledger;

/// <summary>The ids that a pass has seen: 16 bytes each, the only thing in a sync that grows with the company.</summary>
internal sealed class SeenIds
{
    private readonly List<UInt128> _ids = [];

    /// <summary>How many different ones.</summary>
    public int Count { get; private set; }

    public static byte[] Pack(IReadOnlyCollection<SourceRecord> records)
    {
        var ids = records.Select(record => LedgerKeys.IdHash(record.Id)).ToArray();
        return MemoryMarshal.AsBytes<UInt128>(ids).ToArray();
    }

    public void Add(ReadOnlySpan<byte> packed) => _ids.AddRange(MemoryMarshal.Cast<byte, UInt128>(packed));

    public void Seal()
    {
        _ids.Sort();
        var ids = CollectionsMarshal.AsSpan(_ids);
        Count = ids.Length == 0 ? 0 : 1;
        for (var n = 1; n < ids.Length; n++)
            Count += ids[n] == ids[n - 1] ? 0 : 1;
    }

    public bool Contains(string id) => _ids.BinarySearch(LedgerKeys.IdHash(id)) >= 0;
}
