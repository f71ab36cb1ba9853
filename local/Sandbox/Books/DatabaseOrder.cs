using System.Buffers.Binary;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>The order of ids in the provider's database (SQL Server's uniqueidentifier): by the last six bytes first, then the others group by group.</summary>
public static class DatabaseOrder
{
    /// <summary>A key whose natural order is the database's order.</summary>
    public static UInt128 Key(Guid id)
    {
        Span<byte> b = stackalloc byte[16];
        id.TryWriteBytes(b);
        Span<byte> k = [b[10], b[11], b[12], b[13], b[14], b[15], b[8], b[9], b[6], b[7], b[4], b[5], b[0], b[1], b[2], b[3]];
        return BinaryPrimitives.ReadUInt128BigEndian(k);
    }
}
