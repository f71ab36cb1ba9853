using System.Buffers;
using System.IO.Compression;

namespace DataHealth.Core.Providers.Wire;

/// <summary>An answer's body, decompressed into pooled memory. Dispose gives the memory back, once.</summary>
internal sealed class AnswerBody : IDisposable
{
    private const int FirstBuffer = 64 * 1024;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _length;

    /// <summary>The bytes; valid until disposal.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer is { } buffer ? buffer.AsMemory(0, _length) : throw new ObjectDisposedException(nameof(AnswerBody));

    /// <summary>Reads a response's body whole.</summary>
    /// <param name="content">The content; gzip is undone here, so that the bytes on the wire can be counted.</param>
    /// <param name="largest">The most that is taken, decompressed.</param>
    /// <param name="counter">Learns the bytes on the wire as they come, also when the body fails half-way.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="TooLargeException">There is more than <paramref name="largest"/>.</exception>
    /// <exception cref="InvalidDataException">The compression is broken.</exception>
    /// <exception cref="IOException">The connection broke, or the body is shorter than announced.</exception>
    public static async Task<AnswerBody> ReadAsync(HttpContent content, int largest, WireCounter counter, CancellationToken cancellationToken)
    {
        var body = new AnswerBody();
        try
        {
            await using var wire = new CountingStream(await content.ReadAsStreamAsync(cancellationToken), counter);
            var isGzip = content.Headers.ContentEncoding.Any(coding => coding.Equals("gzip", StringComparison.OrdinalIgnoreCase));
            await using Stream plain = isGzip ? new GZipStream(wire, CompressionMode.Decompress) : wire;
            await body.FillAsync(plain, largest, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task FillAsync(Stream plain, int largest, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer!.Length)
                Grow(largest);
            var read = await plain.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
                return;
            _length += read;
            if (_length > largest)
                throw new TooLargeException();
        }
    }

    private void Grow(int largest)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min((long)_buffer!.Length * 2, (long)largest + 1));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>The answer is larger than we take.</summary>
    public sealed class TooLargeException : Exception;

    private sealed class CountingStream(Stream inner, WireCounter counter) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            counter.Bytes += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            counter.Bytes += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>Counts what calls cost.</summary>
internal sealed class WireCounter
{
    /// <summary>What they are made for: a dataset's name, or what is read for several.</summary>
    public required string Dataset { get; init; }

    /// <summary>Which page of it.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Requests sent.</summary>
    public int Calls { get; set; }

    /// <summary>Bytes of answers on the wire.</summary>
    public long Bytes { get; set; }

    /// <summary>Both.</summary>
    public CallCost Cost => new(Calls, Bytes);
}
