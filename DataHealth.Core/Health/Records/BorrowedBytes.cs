using System.Buffers;

namespace DataHealth.Core.Health.Records;

/// <summary>Bytes of the pool, until they are given back. Whoever fails before that leaves them to the collector.</summary>
/// <param name="length">How many.</param>
internal sealed class BorrowedBytes(int length) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(length);

    /// <summary>They, and more behind them.</summary>
    public byte[] Array => _bytes;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, length);

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
