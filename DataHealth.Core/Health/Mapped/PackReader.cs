using System.Text;

namespace DataHealth.Core.Health.Mapped;

/// <summary>Reads what <see cref="PackWriter"/> wrote, in the same order. A text that comes again is the same object.</summary>
/// <remarks>Bytes that end too early throw <see cref="IndexOutOfRangeException"/> or <see cref="ArgumentException"/>: whoever reads a stored body takes it for damaged.</remarks>
internal sealed class PackReader(ReadOnlyMemory<byte> bytes)
{
    private readonly List<string> _texts = [];
    private int _at;

    public bool IsAtEnd => _at == bytes.Length;

    public byte Byte() => bytes.Span[_at++];

    public bool Bool() => Byte() == 1;

    public bool? MaybeBool() => Byte() switch { 2 => null, var value => value == 1 };

    public ulong Number()
    {
        var span = bytes.Span;
        ulong value = span[_at++];
        if (value < 0x80)
            return value;
        value &= 0x7F;
        for (var shift = 7; shift < 64; shift += 7)
        {
            ulong next = span[_at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                break;
        }
        return value;
    }

    public long Long()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int() => (int)Long();

    public int? MaybeInt() => Bool() ? Int() : null;

    public DateOnly Date() => DateOnly.FromDayNumber((int)Number());

    public DateOnly? MaybeDate() => Number() is > 0 and var value ? DateOnly.FromDayNumber((int)(value - 1)) : null;

    public DateTimeOffset? MaybeTime()
    {
        if (!Bool())
            return null;
        var ticks = Long();
        return new DateTimeOffset(ticks, TimeSpan.FromMinutes(Int()));
    }

    public decimal Decimal() => Decimal(Byte());

    public decimal? MaybeDecimal() => Byte() is var flags && flags == PackWriter.NoDecimal ? null : Decimal(flags);

    public string? Text()
    {
        var kind = (int)Number();
        switch (kind)
        {
            case PackWriter.NoText:
                return null;
            case PackWriter.NewText:
                return Learn(Encoding.UTF8.GetString(Take((int)Number())));
            case PackWriter.NewGuid:
                return Learn(new Guid(Take(16)).ToString("D"));
            default:
                return _texts[kind - PackWriter.FirstKnown];
        }
    }

    public IReadOnlyList<string> Texts()
    {
        var values = Room<string>();
        for (var at = 0; at < values.Length; at++)
            values[at] = Text()!;
        return values;
    }

    public IReadOnlyList<T> All<T>()
    {
        var values = Room<T>();
        for (var at = 0; at < values.Length; at++)
            values[at] = Shape<T>.Read(this);
        return values;
    }

    // Each takes a byte at least: a damaged count must not ask for more memory than the body can fill.
    private T[] Room<T>()
    {
        var count = (int)Number();
        return count == 0 ? [] : count > 0 && count <= bytes.Length - _at ? new T[count] : throw new ArgumentException("A list is longer than what holds it.");
    }

    private decimal Decimal(byte flags)
    {
        var low = Number();
        var high = (flags & PackWriter.Wide) != 0 ? (int)(uint)Number() : 0;
        return new decimal((int)(uint)low, (int)(uint)(low >> 32), high, (flags & PackWriter.Negative) != 0, (byte)(flags & 0x1F));
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = bytes.Span.Slice(_at, length);
        _at += length;
        return taken;
    }

    private string Learn(string text)
    {
        _texts.Add(text);
        return text;
    }
}
