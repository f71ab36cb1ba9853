using System.Buffers;
using Azure.Data.Tables;
using CsCheck;
using DataHealth.Core.Backup;

namespace DataHealth.Core.Tests.Backup;

public sealed class EntityLineTests
{
    // Whatever tables keep; a half of a surrogate pair is not a text.
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String.Select(text => new string([.. text.Where(letter => !char.IsSurrogate(letter))])), Gen.Const(""), Gen.Const("{\"a\":[1]}\n\"\\ 😀"), Gen.Const(new string('x', 32 * 1024)));

    private static readonly Gen<object> Value = Gen.OneOf(
        Text.Select(value => (object)value),
        Gen.Bool.Select(value => (object)value),
        Gen.Int.Select(value => (object)value),
        Gen.Long.Select(value => (object)value),
        Gen.OneOf(Gen.Double, Gen.Double.Special, Gen.Const(5.0)).Select(value => (object)value),
        Gen.Long[DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks].Select(ticks => (object)new DateTimeOffset(ticks, TimeSpan.Zero)),
        Gen.Guid.Select(value => (object)value),
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.Const(Enumerable.Range(0, 64 * 1024).Select(n => (byte)n).ToArray())).Select(value => (object)value));

    private static readonly Gen<TableEntity> Row = Gen.Select(Text, Text, Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 20].Select(name => "_" + name), Value)[0, 12], (partition, key, properties) =>
    {
        var row = new TableEntity(partition, key);
        foreach (var (name, value) in properties)
            row[name] = value;
        return row;
    });

    [Fact]
    public void Whatever_a_row_holds_comes_back_with_its_exact_types() => Row.Sample(row =>
    {
        var again = EntityLine.Read(Line(row));
        (again.PartitionKey, again.RowKey).ShouldBe((row.PartitionKey, row.RowKey));
        again.Keys.Order(StringComparer.Ordinal).ShouldBe(row.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in row)
        {
            again[name].ShouldBeOfType(value.GetType());
            again[name].ShouldBe(value);
        }
    }, iter: 300);

    [Fact]
    public void Lines_hold_no_line_end_inside() =>
        Row.Sample(row => Line(row).Span[..^1].IndexOf((byte)'\n') < 0 && Line(row).Span[^1] == '\n', iter: 100);

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"p\":\"a\",\"r\":\"b\"}")]
    [InlineData("{\"p\":\"a\",\"r\":\"b\",\"v\":{\"x\":{\"q\":1}}}")]
    [InlineData("{\"p\":\"a\",\"r\":\"b\",\"v\":{\"x\":{\"l\":\"one\"}}}")]
    [InlineData("{\"p\":\"a\",\"r\":\"b\",\"v\":{\"x\":{\"b\":\"%\"}}}")]
    [InlineData("{\"p\":\"a\",\"r\":\"b\",\"v\":{\"x\":1.5}}")]
    [InlineData("half a li")]
    public void What_is_no_such_line_is_refused(string line) =>
        Should.Throw<InvalidDataException>(() => EntityLine.Read(System.Text.Encoding.UTF8.GetBytes(line)));

    private static ReadOnlyMemory<byte> Line(TableEntity row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        EntityLine.Write(bytes, row);
        return bytes.WrittenMemory;
    }
}
