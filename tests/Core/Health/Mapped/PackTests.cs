using System.Reflection;
using System.Text.Json;
using CsCheck;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Tests.Health.Mapped;

/// <summary>Records in bytes and back.</summary>
public sealed class PackTests
{
    private static readonly Type[] Kinds = [.. typeof(LedgerRecord).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LedgerRecord)) && !type.IsAbstract)];

    [Fact]
    public void Every_kind_of_record_comes_back_with_all_that_it_had() => Gen.Int.Array[1, 40].Sample(
        seeds =>
        {
            Kinds.Length.ShouldBeGreaterThan(20);
            var pack = new PackWriter();
            var sources = seeds.Select((seed, number) => (Id: $"source-{number % 7}", Records: Kinds.Select(kind => (LedgerRecord)Made(kind, new Random(seed))).Take(number % (Kinds.Length + 1)).ToList())).ToList();
            sources.Add(("all", [.. Kinds.Select(kind => (LedgerRecord)Made(kind, new Random(seeds[0])))]));
            foreach (var (id, records) in sources)
                RecordPack.Write(pack, id, records);

            var back = RecordPack.Read(pack.Bytes.ToArray());

            back.Select(source => source.Id).ShouldBe(sources.Select(source => source.Id));
            back.Select(source => Text(source.Records)).ShouldBe(sources.Select(source => Text(source.Records)));
        },
        iter: 100);

    [Fact]
    public void A_body_that_is_cut_short_or_bent_is_called_damaged_or_read_as_something_else_but_never_ends_the_process() => Gen.Select(Gen.Int, Gen.Int[0, 4000], Gen.Byte).Sample(
        (seed, at, bent) =>
        {
            var pack = new PackWriter();
            RecordPack.Write(pack, "one", [.. Kinds.Select(kind => (LedgerRecord)Made(kind, new Random(seed)))]);
            var bytes = pack.Bytes.ToArray();
            Should.Throw<DamagedBodyException>(() => RecordPack.Read(bytes.AsMemory(0, 1 + (at % (bytes.Length - 1)))));
            bytes[at % bytes.Length] ^= bent;
            try
            {
                RecordPack.Read(bytes);
            }
            catch (DamagedBodyException)
            {
                // Damaged.
            }
        },
        iter: 300);

    [Fact]
    public void A_records_fingerprint_is_the_hash_of_its_parts_as_texts() => Gen.Int.Sample(
        seed =>
        {
            var document = (LedgerDocument)Made(typeof(LedgerDocument), new Random(seed));
            var posted = document.Status.IsInTheAccounts() ? "posted" : document.Status is LedgerStatus.Draft or LedgerStatus.Submitted ? "draft" : "void";
            Fingerprint.Of(document).ShouldBe(Fingerprint.Of(
                (string?[])
                [
                    "document", document.Id, posted, document.Date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), document.ContactId, document.Currency,
                    Fingerprint.Number(document.CurrencyRate), Fingerprint.Number(document.Tax),
                    .. document.Lines.SelectMany(line => new[] { line.AccountId ?? line.AccountCode, Fingerprint.Number(line.Net), line.TaxType, line.Tax is { } tax ? Fingerprint.Number(tax) : null }),
                ]));
            Fingerprint.Of(document with { Tax = document.Tax + 1m }).ShouldNotBe(Fingerprint.Of(document), "what is remembered is of one record");
        },
        iter: 500);

    [Fact]
    public void A_number_in_a_fingerprint_is_written_without_noughts_behind_it() => Gen.OneOf(Gen.Decimal, Gen.Int.Select(cents => cents / 100m), Gen.Int.Select(number => number * 100m), Gen.Long.Select(number => number / 1.0000m), Gen.Const(0m), Gen.Const(0.000m), Gen.Const(decimal.MaxValue), Gen.Const(-0.0000000000000000000000000001m)).Sample(
        number =>
        {
            Span<char> text = stackalloc char[40];
            new string(text[..FingerprintText.Write(number, text)]).ShouldBe(Fingerprint.Number(number));
        });

    private static string Text(IReadOnlyList<LedgerRecord> records) => string.Join('\n', records.Select(record => $"{record.GetType().Name} {JsonSerializer.Serialize(record, record.GetType())}"));

    private static object Made(Type type, Random random)
    {
        var constructor = type.GetConstructors().Single();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, random))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }))
            property.SetValue(made, property.Name == nameof(LedgerRecord.Id) ? Guid.NewGuid().ToString() : Value(property.PropertyType, random));
        return made;
    }

    private static object? Value(Type type, Random random)
    {
        if (Nullable.GetUnderlyingType(type) is { } own)
            return random.Next(3) == 0 ? null : Value(own, random);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length));
        if (type.IsGenericType)
        {
            var element = type.GetGenericArguments()[0];
            var list = Array.CreateInstance(element, random.Next(4));
            for (var at = 0; at < list.Length; at++)
                list.SetValue(element == typeof(string) ? $"t{random.Next(9)}" : Value(element, random), at);
            return list;
        }
        return type == typeof(string) ? random.Next(5) switch { 0 => null, 1 => "", 2 => "Café Grün ☕ \ud83d\ude00", 3 => new Guid(random.Next(5), 1, 2, new byte[8]).ToString(), _ => $"text {random.Next(20)}" }
            : type == typeof(bool) ? random.Next(2) == 0
            : type == typeof(int) ? random.Next(int.MinValue, int.MaxValue)
            : type == typeof(decimal) ? new decimal(random.Next(), random.Next(3) == 0 ? random.Next() : 0, random.Next(9) == 0 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(6))
            : type == typeof(DateOnly) ? DateOnly.FromDayNumber(random.Next(800_000))
            : type == typeof(DateTimeOffset) ? new DateTimeOffset(random.NextInt64(1_000_000_000_000, 600_000_000_000_000_000), TimeSpan.FromMinutes(random.Next(-600, 600)))
            : Made(type, random);
    }
}
