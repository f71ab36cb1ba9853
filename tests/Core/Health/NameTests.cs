using DataHealth.Core.Health.Names;

namespace DataHealth.Core.Tests.Health;

public sealed class NameTests
{
    [Theory]
    [InlineData("Smith & Sons Ltd", "SMITH AND SONS LIMITED", NameLevel.Strict)]
    [InlineData("Bjørn Design AS", "Bjorn Design", NameLevel.Strict)]
    [InlineData("Timber Yard", "TimberYard LLC", NameLevel.Close)]
    [InlineData("Harbour Supplies Ltd", "Harbuor Supplies Ltd", NameLevel.Close)]
    [InlineData("Coastal Catering Company", "Coastal Caterring Company", NameLevel.Close)]
    [InlineData("Harbour Trading Company", "Harbor Tradng Company", NameLevel.Similar)]
    [InlineData("Northern Timber", "Northern Timber Merchants Leeds", NameLevel.Similar)]
    [InlineData("Marchbank", "Marchbank Plumbing", NameLevel.Rough)]
    public void Names_are_alike_from_a_level_on(string one, string other, NameLevel from)
    {
        foreach (var level in Enum.GetValues<NameLevel>())
        {
            AreAlike(one, other, level).ShouldBe(level >= from, $"{level}");
            AreAlike(other, one, level).ShouldBe(level >= from, $"{level}");
        }
    }

    [Theory]
    [InlineData("John Carter", "Jane Carter")]
    [InlineData("Erik Dahl", "Erika Dahl")]
    [InlineData("Daniel Brook", "Daniela Brook")]
    [InlineData("Christine Hall", "Christina Hall")]
    [InlineData("Depot 12", "Depot 13")]
    [InlineData("", "")]
    [InlineData("Ltd", "Limited Company")]
    public void Near_misses_are_two_contacts_at_the_usual_level(string one, string other) => AreAlike(one, other, NameLevel.Close).ShouldBeFalse();

    [Theory]
    [InlineData("abcdef", "abcdef", 0)]
    [InlineData("abcdef", "abdcef", 1)]
    [InlineData("abcdef", "abcde", 1)]
    [InlineData("abcdef", "abxdef", 1)]
    [InlineData("abcdef", "badcef", 2)]
    [InlineData("abcdef", "uvwxyz", 3)]
    public void A_distance_counts_letters_that_changed(string one, string other, int distance) => NameLikeness.Distance(one, other).ShouldBe(distance);

    [Theory]
    [InlineData(NameLevel.Close, 5)]
    [InlineData(NameLevel.Rough, 100)]
    public void The_number_of_comparisons_grows_with_the_number_of_names(NameLevel level, int perName)
    {
        // All pairs would be 2,500 and 25,000 for each name.
        (Comparisons(5_000, level) / 5_000.0).ShouldBeLessThan(perName);
        (Comparisons(50_000, level) / 50_000.0).ShouldBeLessThan(perName);
    }

    private static long Comparisons(int count, NameLevel level)
    {
        string[] kinds = ["Services", "Trading", "Plumbing", "Foods", "Builders", "Design", "Motors", "Cleaning"];
        var random = new Random(7);
        var blocks = new NameBlocks(level);
        var planted = new HashSet<(string, string)>();
        for (var number = 0; number < count; number++)
        {
            var (first, second, kind) = (Word(random), Word(random), kinds[random.Next(kinds.Length)]);
            blocks.Add($"{number}", $"{first} {second} {kind}");
            // Of every hundredth there is another spelling, and of every second of these one with a slip of the keyboard.
            if (number % 100 != 0)
                continue;
            blocks.Add($"{number}x", number % 200 == 0 ? $"{first.ToUpperInvariant()}, {second} {kind} Limited" : $"{first} {second} {kind[..2]}{kind[3]}{kind[2]}{kind[4..]}");
            planted.Add(($"{number}", $"{number}x"));
        }
        // Few comparisons are worth nothing that find nothing.
        planted.Except(blocks.Pairs()).ShouldBeEmpty();
        return blocks.Comparisons;
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(4, 9)).Select(at => at % 2 == 0 ? "bcdfghklmnprst"[random.Next(14)] : "aeiou"[random.Next(5)]));

    private static bool AreAlike(string one, string other, NameLevel level) => NameLikeness.AreAlike(new PreparedName(one), new PreparedName(other), level);
}
