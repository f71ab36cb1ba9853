using System.Text.Json;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Providers;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health;

/// <summary>What is told of a check's settings is what holds for them.</summary>
public sealed class CheckSettingTests
{
    public static TheoryData<string> Checks => [.. CheckCatalog.All.Select(check => check.Key)];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Every_setting_of_a_check_is_described_with_the_default_that_holds(string key)
    {
        var check = CheckCatalog.Find(key)!;
        var defaults = JsonElement.Parse(check.DefaultSettings);

        check.Settings.Select(setting => setting.Key).ShouldBe(defaults.EnumerateObject().Select(field => field.Name), ignoreOrder: true);
        foreach (var setting in check.Settings)
        {
            setting.Default.ShouldBe(defaults.GetProperty(setting.Key).GetRawText());
            setting.Name.ShouldNotBeNullOrWhiteSpace();
            setting.Meaning.ShouldEndWith(".");
            // What is left open has to say what holds then.
            (setting.Default != "null" || setting.Meaning.Contains("left open", StringComparison.Ordinal)).ShouldBeTrue($"{key}.{setting.Key}");
            (setting.Type is SettingType.List).ShouldBe(setting.ItemType is not null);
            (setting.ItemType is SettingType.Group).ShouldBe(setting.Fields.Count > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_number_is_taken_up_to_the_limits_that_are_told_and_refused_beyond_them_in_words_that_name_it(string key)
    {
        var check = CheckCatalog.Find(key)!;
        foreach (var setting in check.Settings.Where(setting => setting.Type is SettingType.WholeNumber or SettingType.Number))
        {
            var step = setting.Type is SettingType.WholeNumber ? 1m : 0.01m;
            decimal[] right = [.. new[] { setting.Least, setting.Above + step, setting.Most }.OfType<decimal>(), .. setting.Values.Select(decimal.Parse)];
            decimal[] wrong = [.. new[] { setting.Least - step, setting.Above, setting.Most + step }.OfType<decimal>(), .. setting.Values.Count > 0 ? new[] { setting.Values.Max(decimal.Parse) + 1 } : []];
            right.ShouldNotBeEmpty($"{key}.{setting.Key} has no limit");
            foreach (var number in right)
            {
                check.Normalise($$"""{"{{setting.Key}}":{{number}}}""", out var problem);
                // Another setting may forbid it beside its own default.
                (problem is null || problem.Contains("not more than the months", StringComparison.Ordinal)).ShouldBeTrue($"{key}.{setting.Key} = {number}: {problem}");
            }
            foreach (var number in wrong)
            {
                check.Normalise($$"""{"{{setting.Key}}":{{number}}}""", out var problem).ShouldBeNull($"{key}.{setting.Key} = {number}");
                problem.ShouldStartWith($"{setting.Key}: ");
            }
        }
    }

    [Theory]
    [InlineData("duplicate-contacts", """{"level":"telepathic"}""", "level: one of strict, close, similar, rough.")]
    [InlineData("duplicate-contacts", """{"level":2}""", "level: one of strict, close, similar, rough.")]
    [InlineData("duplicate-transactions", """{"days":4}""", "days: one of 3, 5, 7, 13, 31.")]
    [InlineData("duplicate-transactions", """{"bankEntries":"yes"}""", "bankEntries: true or false.")]
    [InlineData("duplicate-transactions", """{"dyas":5}""", "dyas: there is no such setting; there are days, bankEntries.")]
    [InlineData("debtor-days", """{"days":5}""", "'Average debtor days' has no settings.")]
    [InlineData("lock-dates", """{"graceWeeks":27}""", "graceWeeks: a whole number from 0 to 26 (weeks).")]
    [InlineData("lock-dates", """{"monthsToFile":0}""", "monthsToFile: a whole number from 1 to 24 (months), or null.")]
    [InlineData("lock-dates", """{"lastFiledYearEnd":"yesterday"}""", "lastFiledYearEnd: a day, as 2026-03-31, or null.")]
    [InlineData("paye", """{"account":""}""", "account: a text of 1 to 100 characters, or null.")]
    [InlineData("suspense", """{"accounts":null}""", "accounts: a list of at most 50 texts of 1 to 100 characters.")]
    [InlineData("suspense", """{"accounts":["850",null]}""", "accounts: a list of at most 50 texts of 1 to 100 characters.")]
    [InlineData("filed-return-drift", """{"returns":[{"from":"2026-01-01","to":"2026-03-31","filedOn":"soon"}]}""", "returns[0].filedOn: a day, as 2026-03-31.")]
    [InlineData("filed-return-drift", """{"returns":[{"from":"2026-01-01","to":"2026-03-31","filedOn":"2026-03-01"}]}""", "returns: a return ends after it begins and is filed after it ends.")]
    [InlineData("multi-coded-contacts", """{"excluded":[{"contact":"c","isSale":true,"dimension":"colour"}]}""", "excluded[0].dimension: one of account, tax.")]
    [InlineData("multi-coded-contacts", """{"excluded":[{"contact":null,"isSale":true,"dimension":"tax"}]}""", "excluded: contact: a text of 1 to 100 characters.")]
    [InlineData("multi-coded-contacts", """{"usualShare":0.5}""", "usualShare: a number above 0.5 and at most 1 (share of 1).")]
    [InlineData("regular-suppliers", """{"months":3}""", "leastMonths: not more than the months that are looked at (3).")]
    public void What_is_refused_says_what_is_allowed(string check, string json, string words)
    {
        CheckCatalog.Find(check)!.Normalise(json, out var problem).ShouldBeNull();

        problem.ShouldBe(words);
    }

    [Fact]
    public async Task Settings_that_were_stored_when_lists_and_texts_might_be_longer_still_count_and_only_who_saves_is_asked_for_less()
    {
        var accounts = string.Join(",", Enumerable.Range(0, 100).Select(number => $"\"{number}\"").Append($"\"{new string('a', 150)}\""));
        var excluded = string.Join(",", Enumerable.Repeat("""{"contact":"c","isSale":true,"dimension":"tax"}""", 2_000));
        (string Check, string Json)[] stored =
        [
            ("business-entertainment", $$"""{"accounts":[{{accounts}}],"staffAccounts":[{{accounts}}]}"""),
            ("multi-coded-contacts", $$"""{"excluded":[{{excluded}}]}"""),
        ];
        foreach (var (key, json) in stored)
        {
            CheckCatalog.Find(key)!.Normalise(json, out _).ShouldBeNull(key);
            CheckCatalog.Find(key)!.Understood(json, out var problem).ShouldNotBeNull(problem);
        }

        var result = await new HealthEngine().RunAsync(
            new ListedBook(Records.HealthStage.Written()), new HealthRequest { Period = Period.MonthOf(Day), ReportingDate = Day, Settings = stored.ToDictionary(one => one.Check, one => one.Json) }, TestContext.Current.CancellationToken);

        result.Outcomes.Keys.ShouldContain("business-entertainment");
        // What would be reckoned wrong is not understood, however it came there.
        CheckCatalog.Find("lock-dates")!.Understood("""{"graceWeeks":27}""", out _).ShouldBeNull();
    }

    [Fact]
    public void The_words_tell_how_long_a_company_has_to_file_in_each_country()
    {
        var words = CheckCatalog.Find("lock-dates")!.Settings.Single(setting => setting.Key == "monthsToFile").Meaning;

        words.ShouldContain($"United Kingdom and Ireland {FilingTimes.MonthsOf("GB")}");
        FilingTimes.MonthsOf("IE").ShouldBe(FilingTimes.MonthsOf("GB"));
        words.ShouldContain($"United States {FilingTimes.MonthsOf("US")}");
        words.ShouldContain($"Canada {FilingTimes.MonthsOf("CA")}");
        words.ShouldContain($"Australia {FilingTimes.MonthsOf("AU")}");
        words.ShouldContain($"New Zealand and elsewhere {FilingTimes.MonthsOf("NZ")}");
        FilingTimes.MonthsOf("ZZ").ShouldBe(FilingTimes.MonthsOf("NZ"));
        FilingTimes.MonthsOf(null).ShouldBe(FilingTimes.All.Max(time => time.Months), "whose country is not told is not said to be late before the longest is over");
    }

    // The year to 31 December 2025; locked to the year before.
    [Theory]
    [InlineData("GB", "2026-09-29", null, "green")]
    [InlineData("GB", "2026-09-30", null, "behind")]
    [InlineData("UK", "2026-09-30", null, "behind")]
    [InlineData("US", "2026-09-30", null, "green")]
    [InlineData("US", "2026-10-30", null, "green")]
    [InlineData("US", "2026-10-31", null, "behind")]
    [InlineData("US", "2026-09-30", 9, "behind")]
    [InlineData("CA", "2026-06-29", null, "green")]
    [InlineData("CA", "2026-06-30", null, "behind")]
    [InlineData("GB", "2026-10-01", null, "behind")]
    [InlineData(null, "2026-12-30", null, "green")]
    [InlineData(null, "2026-12-31", null, "behind")]
    public async Task A_year_has_to_be_locked_when_a_company_of_that_country_has_to_have_filed_it(string? country, string day, int? own, string expected)
    {
        var reporting = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        var book = new ListedBook(Firm with { Country = country, YearEndLock = null, PeriodLock = new(2024, 12, 31) }) { Capabilities = Enum.GetValues<Capability>().Where(capability => capability is not Capability.YearEndLock).ToHashSet() };
        var settings = own is { } months ? new Dictionary<string, string> { ["lock-dates"] = $$"""{"monthsToFile":{{months}}}""" } : [];

        var result = await new HealthEngine().RunAsync(book, new HealthRequest { Period = Period.MonthOf(reporting), ReportingDate = reporting, Settings = settings }, TestContext.Current.CancellationToken);

        Ran(result, "lock-dates").Findings.Select(finding => finding.Rule).ShouldBe(expected == "behind" ? ["year-behind"] : []);
    }
}
