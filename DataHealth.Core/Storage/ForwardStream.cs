namespace DataHealth.Core.Storage;

/// <summary>A stream that is only written, from its beginning to its end, and knows how much went through it: what writes a zip asks for the latter.</summary>
internal abstract class ForwardStream : Stream
{
    /// <summary>Bytes written so far.</summary>
    protected long Written { get; set; }

    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();
}
