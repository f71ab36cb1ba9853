using System.Text;

namespace DataHealth.Core.Ledger;

/// <summary>Ids with their kinds in few bytes: 17 for a GUID as providers write it, else the text.</summary>
internal static class PackedIds
{
    private const byte Text = 0x80;

    public static byte[] Pack(IReadOnlyCollection<RecordChange> changes)
    {
        using var bytes = new MemoryStream(changes.Count * 17);
        Span<byte> guid = stackalloc byte[16];
        foreach (var (id, kind) in changes)
        {
            if (Guid.TryParseExact(id, "D", out var value) && value.ToString("D") == id)
            {
                bytes.WriteByte((byte)kind);
                value.TryWriteBytes(guid);
                bytes.Write(guid);
            }
            else
            {
                var text = Encoding.UTF8.GetBytes(id);
                bytes.WriteByte((byte)((byte)kind | Text));
                bytes.Write(BitConverter.GetBytes((ushort)text.Length));
                bytes.Write(text);
            }
        }
        return bytes.ToArray();
    }

    public static void Unpack(ReadOnlySpan<byte> bytes, List<RecordChange> into)
    {
        while (bytes.Length > 0)
        {
            var kind = (ChangeKind)(bytes[0] & ~Text);
            if ((bytes[0] & Text) == 0)
            {
                into.Add(new RecordChange(new Guid(bytes.Slice(1, 16)).ToString("D"), kind));
                bytes = bytes[17..];
            }
            else
            {
                int length = BitConverter.ToUInt16(bytes.Slice(1, 2));
                into.Add(new RecordChange(Encoding.UTF8.GetString(bytes.Slice(3, length)), kind));
                bytes = bytes[(3 + length)..];
            }
        }
    }
}
