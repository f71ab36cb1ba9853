using System.Text.Json;
using CsCheck;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Tests.Health.Mapped;

/// <summary>Records in bytes and back.</summary>
public sealed class PackTests
{
    private static Type[] Kinds => RandomRecord.Kinds;

    [Fact]
    public void Every_kind_of_record_comes_back_with_all_that_it_had() => Gen.Int.Array[1, 40].Sample(
        seeds =>
        {
            Kinds.Length.ShouldBeGreaterThan(20);
            var pack = new PackWriter();
            var sources = seeds.Select((seed, number) => (Id: $"source-{number % 7}", Records: Kinds.Select(kind => RandomRecord.Of(kind, new Random(seed))).Take(number % (Kinds.Length + 1)).ToList())).ToList();
            sources.Add(("all", [.. Kinds.Select(kind => RandomRecord.Of(kind, new Random(seeds[0])))]));
            foreach (var (id, records) in sources)
                RecordPack.Write(pack, id, records);

            var back = RecordPack.Read(pack.Bytes.ToArray()).ToList();

            back.Select(source => source.Id).ShouldBe(sources.Select(source => source.Id));
            back.Select(source => Text(source.Records)).ShouldBe(sources.Select(source => Text(source.Records)));
        },
        iter: 100);

    [Fact]
    public void A_body_that_is_cut_short_or_bent_is_called_damaged_or_read_as_something_else_but_never_ends_the_process() => Gen.Select(Gen.Int, Gen.Int[0, 4000], Gen.Byte).Sample(
        (seed, at, bent) =>
        {
            var pack = new PackWriter();
            RecordPack.Write(pack, "one", [.. Kinds.Select(kind => RandomRecord.Of(kind, new Random(seed)))]);
            var bytes = pack.Bytes.ToArray();
            Should.Throw<DamagedBodyException>(() => RecordPack.Read(bytes.AsMemory(0, 1 + (at % (bytes.Length - 1)))).ToList());
            bytes[at % bytes.Length] ^= bent;
            try
            {
                _ = RecordPack.Read(bytes).ToList();
            }
            catch (DamagedBodyException)
            {
                // Damaged.
            }
        },
        iter: 300);

    private static string Text(IReadOnlyList<LedgerRecord> records) => string.Join('\n', records.Select(record => $"{record.GetType().Name} {JsonSerializer.Serialize(record, record.GetType())}"));
}
