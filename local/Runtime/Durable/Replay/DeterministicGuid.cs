using System.Security.Cryptography;
using System.Text;

namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>Ids that are the same on every replay (version 5 of RFC 9562 in form).</summary>
internal static class DeterministicGuid
{
    public static Guid Of(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash[..16], bigEndian: true);
    }
}
