namespace DataHealth.Core.Storage;

/// <summary>
/// A stream that is only ever written asynchronously, as a web server asks for. What closes an entry of a zip writes its last bytes synchronously (.NET 10): these few are kept until
/// the next asynchronous write or flush.
/// </summary>
internal sealed class AsyncWrites(Stream inner) : ForwardStream
{
    private readonly MemoryStream _kept = new();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _kept.Write(buffer);
        Written += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await SendKeptAsync(cancellationToken);
        await inner.WriteAsync(buffer, cancellationToken);
        Written += buffer.Length;
    }

    public override void Flush()
    {
        // At the next asynchronous one.
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await SendKeptAsync(cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }

    private async Task SendKeptAsync(CancellationToken cancellationToken)
    {
        if (_kept.Length == 0)
            return;
        await inner.WriteAsync(_kept.GetBuffer().AsMemory(0, (int)_kept.Length), cancellationToken);
        _kept.SetLength(0);
    }
}
