using System.Linq.Expressions;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Mapped;

/// <summary>Ledger records of every kind in bytes: a stored record's id, and what the provider's mapping made of it.</summary>
internal static class RecordPack
{
    private static readonly Type[] Kinds =
        [.. typeof(LedgerRecord).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LedgerRecord)) && !type.IsAbstract).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    private static readonly Dictionary<Type, byte> Numbers = Kinds.Select((kind, number) => (kind, number)).ToDictionary(one => one.kind, one => checked((byte)one.number));

    // Made when the first of a kind comes: most books have few kinds.
    private static readonly Lazy<Action<PackWriter, LedgerRecord>>[] Writers = Array.ConvertAll(Kinds, kind => new Lazy<Action<PackWriter, LedgerRecord>>(() => Writer(kind)));
    private static readonly Lazy<Func<PackReader, LedgerRecord>>[] Readers = Array.ConvertAll(Kinds, kind => new Lazy<Func<PackReader, LedgerRecord>>(() => Reader(kind)));

    public static void Write(PackWriter writer, string id, IReadOnlyList<LedgerRecord> records)
    {
        writer.Write(id);
        writer.Write((ulong)records.Count);
        foreach (var record in records)
        {
            var number = Numbers[record.GetType()];
            writer.Write(number);
            Writers[number].Value(writer, record);
        }
    }

    /// <summary>What a body holds, each stored record when it is asked for: whoever is done with one before the next keeps nothing of it alive.</summary>
    /// <exception cref="DamagedBodyException">It is damaged, as far as can be seen at the record that is asked for.</exception>
    public static IEnumerable<(string Id, LedgerRecord[] Records)> Read(ReadOnlyMemory<byte> body)
    {
        var reader = new PackReader(body);
        while (!reader.IsAtEnd)
            yield return Next(reader, body.Length);
    }

    private static (string Id, LedgerRecord[] Records) Next(PackReader reader, int length)
    {
        try
        {
            var id = reader.Text() ?? throw new DamagedBodyException("A kept record has no id.");
            var count = (int)reader.Number();
            if (count < 0 || count > length)
                throw new DamagedBodyException("A kept body is damaged.");
            var records = count == 0 ? [] : new LedgerRecord[count];
            for (var at = 0; at < records.Length; at++)
                records[at] = Readers[reader.Byte()].Value(reader);
            return (id, records);
        }
        catch (Exception damaged) when (damaged is IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw new DamagedBodyException("A kept body is damaged.", damaged);
        }
    }

    private static Action<PackWriter, LedgerRecord> Writer(Type kind)
    {
        var (writer, record) = (Expression.Parameter(typeof(PackWriter)), Expression.Parameter(typeof(LedgerRecord)));
        return Expression.Lambda<Action<PackWriter, LedgerRecord>>(
            Expression.Invoke(Expression.Field(null, typeof(Shape<>).MakeGenericType(kind), "Write"), writer, Expression.Convert(record, kind)), writer, record).Compile();
    }

    private static Func<PackReader, LedgerRecord> Reader(Type kind)
    {
        var reader = Expression.Parameter(typeof(PackReader));
        return Expression.Lambda<Func<PackReader, LedgerRecord>>(
            Expression.Convert(Expression.Invoke(Expression.Field(null, typeof(Shape<>).MakeGenericType(kind), "Read"), reader), typeof(LedgerRecord)), reader).Compile();
    }
}
