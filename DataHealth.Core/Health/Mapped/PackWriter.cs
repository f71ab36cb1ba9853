using System.Text;

namespace DataHealth.Core.Health.Mapped;

/// <summary>Values in few bytes, one after the other. A text that came before is written as its number: the same contacts, accounts and codes come again and again.</summary>
internal sealed class PackWriter
{
    // What a text is written as; numbers from FirstKnown on name one that came before.
    internal const int NoText = 0;
    internal const int NewText = 1;
    internal const int NewGuid = 2;
    internal const int FirstKnown = 3;

    // Of a decimal: its scale is below 29, so that these bits are free.
    internal const byte Negative = 0x20;
    internal const byte Wide = 0x40;
    internal const byte NoDecimal = 0xFF;

    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private byte[] _bytes = new byte[64 * 1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Write(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Write(bool value) => Write(value ? (byte)1 : (byte)0);

    public void Write(bool? value) => Write(value switch { null => (byte)2, true => (byte)1, false => (byte)0 });

    public void Write(ulong value)
    {
        var room = Room(10);
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            room[at++] = (byte)(value | 0x80);
        room[at++] = (byte)value;
        Length += at;
    }

    public void Write(long value) => Write((ulong)((value << 1) ^ (value >> 63)));

    public void Write(int value) => Write((long)value);

    public void Write(int? value)
    {
        Write(value is not null);
        if (value is { } number)
            Write(number);
    }

    public void Write(DateOnly value) => Write((ulong)value.DayNumber);

    public void Write(DateOnly? value) => Write(value is { } day ? (ulong)day.DayNumber + 1 : 0);

    public void Write(DateTimeOffset? value)
    {
        Write(value is not null);
        if (value is not { } time)
            return;
        Write(time.Ticks);
        Write(time.TotalOffsetMinutes);
    }

    public void Write(decimal? value)
    {
        if (value is { } number)
            Write(number);
        else
            Write(NoDecimal);
    }

    public void Write(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var flags = (byte)(parts[3] >> 16);
        var isWide = parts[2] != 0;
        Write((byte)(flags | (parts[3] < 0 ? Negative : 0) | (isWide ? Wide : 0)));
        Write(((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        if (isWide)
            Write((ulong)(uint)parts[2]);
    }

    public void Write(string? value)
    {
        if (value is null)
        {
            Write((ulong)NoText);
            return;
        }
        if (_texts.TryGetValue(value, out var known))
        {
            Write((ulong)known);
            return;
        }
        _texts[value] = _texts.Count + FirstKnown;
        if (value.Length == 36 && Guid.TryParseExact(value, "D", out var guid) && guid.ToString("D") == value)
        {
            Write((ulong)NewGuid);
            guid.TryWriteBytes(Room(16));
            Length += 16;
            return;
        }
        Write((ulong)NewText);
        var length = Encoding.UTF8.GetByteCount(value);
        Write((ulong)length);
        Encoding.UTF8.GetBytes(value, Room(length));
        Length += length;
    }

    public void Write(IReadOnlyList<string> values)
    {
        Write((ulong)values.Count);
        for (var at = 0; at < values.Count; at++)
            Write(values[at]);
    }

    public void WriteAll<T>(IReadOnlyList<T> values)
    {
        Write((ulong)values.Count);
        for (var at = 0; at < values.Count; at++)
            Shape<T>.Write(this, values[at]);
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
        return _bytes.AsSpan(Length);
    }
}
