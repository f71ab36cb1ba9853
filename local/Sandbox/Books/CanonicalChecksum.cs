using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>A checksum over a set of canonical records that does not depend on their order: the sum modulo 2^128 of the first half of each one's SHA-256.</summary>
public sealed class CanonicalChecksum
{
    private UInt128 _sum;

    public void Add(string canonicalJson)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(canonicalJson), hash);
        unchecked
        {
            _sum += BinaryPrimitives.ReadUInt128BigEndian(hash);
        }
    }

    public override string ToString() => _sum.ToString("x32", CultureInfo.InvariantCulture);
}
