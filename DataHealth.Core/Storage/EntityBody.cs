using Azure.Data.Tables;

namespace DataHealth.Core.Storage;

/// <summary>Bytes of any length up to <see cref="MaxBytes"/> over the properties of one entity, 64 KiB each.</summary>
internal static class EntityBody
{
    private const int PropertyBytes = 64 * 1024;
    private static readonly string[] Names = [.. Enumerable.Range(0, 11).Select(n => $"B{n:X}")];

    /// <summary>What one entity takes: 11 properties. Azure counts bytes (1 MiB), Azurite their base64, a third more: this fits both, keys and fields included.</summary>
    public static int MaxBytes => Names.Length * PropertyBytes;

    public static void Write(TableEntity row, ReadOnlyMemory<byte> bytes)
    {
        for (var n = 0; n == 0 || n * PropertyBytes < bytes.Length; n++)
            row[Names[n]] = bytes.Slice(n * PropertyBytes, Math.Min(PropertyBytes, bytes.Length - (n * PropertyBytes))).ToArray();
    }

    public static int Length(TableEntity row) => Names.TakeWhile(row.ContainsKey).Sum(name => row.GetBinary(name)?.Length ?? 0);

    public static void Read(TableEntity row, Stream into)
    {
        foreach (var name in Names)
        {
            if (row.GetBinary(name) is not { } bytes)
                return;
            into.Write(bytes);
        }
    }

    public static byte[] Read(TableEntity row)
    {
        if (!row.ContainsKey(Names[1]))
            return row.GetBinary(Names[0]) ?? [];
        using var whole = new MemoryStream();
        Read(row, whole);
        return whole.ToArray();
    }
}
