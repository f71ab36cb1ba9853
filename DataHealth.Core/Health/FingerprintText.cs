using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>
/// The text that a record's fingerprint is made of: each part behind its length, a null as "-". Every posted record of a client's books passes through it in each recalculation, so that its
/// bytes are borrowed. Where something fails before <see cref="Hash"/> gives them back they are garbage, no more.
/// </summary>
internal sealed class FingerprintText
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;

    public static FingerprintText Begin() => new();

    public FingerprintText Add(string? part)
    {
        if (part is null)
            return Nothing();
        Length(part.Length);
        var room = Room(Encoding.UTF8.GetMaxByteCount(part.Length));
        _length += Encoding.UTF8.GetBytes(part, room);
        return this;
    }

    public FingerprintText Add(DateOnly? day)
    {
        if (day is not { } date)
            return Nothing();
        Span<char> text = stackalloc char[16];
        date.TryFormat(text, out var length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Ascii(text[..length]);
    }

    public FingerprintText Add(decimal number)
    {
        Span<char> text = stackalloc char[40];
        return Ascii(text[..Write(number, text)]);
    }

    public FingerprintText Add(IReadOnlyList<LedgerLine> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            var line = lines[at];
            Add(line.AccountId ?? line.AccountCode).Add(line.Net).Add(line.TaxType);
            if (line.Tax is { } tax)
                Add(tax);
            else
                Nothing();
        }
        return this;
    }

    /// <summary>The hash of what was added. To be called once, at the end.</summary>
    public ulong Hash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes.AsSpan(0, _length), hash);
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>A number without noughts behind it, as <see cref="Fingerprint.Number"/>.</summary>
    internal static int Write(decimal number, Span<char> text)
    {
        Plain(number).TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        return length;
    }

    // The division does it for every number, and is slow: nearly all have a few places and fit in 64 bits.
    private static decimal Plain(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        if (parts[2] != 0)
            return number / Fingerprint.One;
        var (value, scale) = (((ulong)(uint)parts[1] << 32) | (uint)parts[0], number.Scale);
        while (scale > 0 && value % 10 == 0)
            (value, scale) = (value / 10, (byte)(scale - 1));
        return new decimal((int)(uint)value, (int)(uint)(value >> 32), 0, value != 0 && number < 0m, scale);
    }

    private FingerprintText Nothing()
    {
        var room = Room(2);
        (room[0], room[1]) = ((byte)'-', (byte)':');
        _length += 2;
        return this;
    }

    private FingerprintText Ascii(ReadOnlySpan<char> text)
    {
        Length(text.Length);
        _length += Encoding.ASCII.GetBytes(text, Room(text.Length));
        return this;
    }

    private void Length(int length)
    {
        var room = Room(12);
        Utf8Formatter.TryFormat(length, room, out var written);
        room[written] = (byte)':';
        _length += written + 1;
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            var more = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + bytes));
            _bytes.AsSpan(0, _length).CopyTo(more);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = more;
        }
        return _bytes.AsSpan(_length);
    }
}
