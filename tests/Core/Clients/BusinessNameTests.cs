using CsCheck;
using DataHealth.Core.Clients;

namespace DataHealth.Core.Tests.Clients;

public sealed class BusinessNameTests
{
    private static readonly string[] Forms = ["Ltd", "LIMITED", "plc", "Inc.", ""];

    [Theory]
    [InlineData("Birch & Ash Ltd", "BIRCH AND ASH LIMITED")]
    [InlineData("Ash, Birch and Co.", "Birch and Ash Company")]
    [InlineData("The Café Zoë", "cafe zoe")]
    [InlineData("R.E.M. Trading", "REM Trading (UK) Ltd", false)]
    [InlineData("O'Brien's", "OBriens")]
    [InlineData("Ｈarbour Print", "harbour print")]
    [InlineData("Harbour Trading", "Harbour Training", false)]
    [InlineData("Limited", "Company", false)]
    [InlineData("AB", "AB Ltd")]
    [InlineData("The Company", "Company Limited")]
    [InlineData("AB Ltd", "SA Ltd", false)]
    [InlineData("AB SA", "SA AB", false)]
    [InlineData("Company Limited", "Company Inc")]
    [InlineData("The", "THE.")]
    [InlineData("!!!", "???", false)]
    public void Two_names_are_alike_when_only_their_spelling_differs(string left, string right, bool alike = true) =>
        BusinessName.AreAlike(left, right).ShouldBe(alike);

    [Fact]
    public void Case_punctuation_word_order_and_legal_form_never_tell_names_apart() =>
        Gen.Select(Gen.String[Gen.Char["abcXYZ019é"], 1, 8].Array[1, 4], Gen.Int[0, 4].Select(one => Forms[one]), Gen.Bool).Sample((words, form, turned) =>
        {
            var plain = string.Join(' ', words);
            var other = string.Join(" - ", turned ? words.Reverse() : words).ToUpperInvariant() + (form.Length > 0 ? ", " + form : "");
            BusinessName.AreAlike(plain, other).ShouldBeTrue($"{plain} / {other}");
        });

    [Fact]
    public void The_order_of_a_name_is_a_table_key_of_bounded_length() =>
        Gen.String.Where(text => ClientName.TryParse(text, out _, out _)).Sample(text =>
        {
            var order = BusinessName.Order(text);
            order.Length.ShouldBeLessThanOrEqualTo(120);
            order.IndexOfAny(['/', '\\', '#', '?', '|', '\'', '~']).ShouldBe(-1);
            order.Any(char.IsControl).ShouldBeFalse();
        });

    [Theory]
    [InlineData("GB 123 4567-89", "gb123456789")]
    [InlineData(" - ", null)]
    public void A_tax_number_is_compared_without_its_spelling(string text, string? other) => BusinessName.TaxKey(text).ShouldBe(BusinessName.TaxKey(other));
}
