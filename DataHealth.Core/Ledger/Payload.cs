using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace DataHealth.Core.Ledger;

/// <summary>A record's JSON as it is stored: one byte of format, its length, then the bytes, compressed where that helps.</summary>
internal static class Payload
{
    private const byte Plain = 0;
    private const byte Brotli = 1;
    private const int Head = 5;

    public static ReadOnlyMemory<byte> Pack(ReadOnlySpan<byte> json)
    {
        var packed = new byte[Head + Math.Max(json.Length, 16)];
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), json.Length);
        if (json.Length > 64 && BrotliEncoder.TryCompress(json, packed.AsSpan(Head), out var written, quality: 1, window: json.Length > 64 * 1024 ? 20 : 16))
        {
            packed[0] = Brotli;
            return packed.AsMemory(0, Head + written);
        }
        packed[0] = Plain;
        json.CopyTo(packed.AsSpan(Head));
        return packed.AsMemory(0, Head + json.Length);
    }

    /// <exception cref="InvalidDataException">The stored bytes are damaged.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> packed)
    {
        var length = Length(packed.Span);
        if (packed.Span[0] == Plain)
            return packed[Head..];
        var json = new byte[length];
        Unpack(packed.Span, json);
        return json;
    }

    /// <summary>How many bytes they are once unpacked.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are damaged.</exception>
    public static int Length(ReadOnlySpan<byte> packed) =>
        packed.Length < Head ? throw new InvalidDataException("A stored record is cut short.")
        : BinaryPrimitives.ReadInt32LittleEndian(packed[1..]) is var length and >= 0 && (packed[0] != Plain || packed.Length == Head + length) ? length
        : throw new InvalidDataException("A stored record is damaged.");

    /// <summary>Unpacks into <see cref="Length"/> bytes.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are damaged.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> json)
    {
        var isWhole = packed[0] switch
        {
            Plain => packed[Head..].TryCopyTo(json),
            Brotli => BrotliDecoder.TryDecompress(packed[Head..], json, out var read) && read == json.Length,
            _ => false,
        };
        if (!isWhole)
            throw new InvalidDataException("A stored record is damaged.");
    }

    /// <summary>Tells one content from another: 128 bits of SHA-256, as 22 characters.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> json)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, hash);
        return System.Buffers.Text.Base64Url.EncodeToString(hash[..16]);
    }
}
