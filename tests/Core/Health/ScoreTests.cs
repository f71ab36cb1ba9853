using CsCheck;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Tests.Health;

public sealed class ScoreTests
{
    private static readonly DateOnly Day = new(2026, 3, 31);

    [Fact]
    public void The_worked_example_of_the_docs_is_what_the_product_reckons()
    {
        var score = HealthScore.Of(ScoreRecipe.Default, Example(), _ => true)!;

        score.Exact.ShouldBe(55.2222m, 0.0001m);
        score.Percent.ShouldBe(55);
        score.Colour.ShouldBe(ScoreColour.Amber);
        score.Checks.ToDictionary(check => check.Check, check => Math.Round(check.Share, 4)).ShouldBe(new Dictionary<string, decimal>
        {
            ["bank-reconciliation"] = 0.55m,
            ["debtor-days"] = 0.60m,
            ["dormant-accounts"] = 0.60m,
            ["duplicate-contacts"] = 0.3333m,
            ["lock-dates"] = 0m,
            ["multi-coded-contacts"] = 0.70m,
            ["regular-suppliers"] = 1m,
        }, ignoreOrder: true);
        score.Checks.Sum(check => check.EffectiveWeight).ShouldBe(100m, 0.0000001m);
        var moves = ScoreMoves.Of(ScoreRecipe.Default, Example(), _ => true)!;
        moves.Findings[0].Check.ShouldBe("lock-dates");
        moves.Findings[0].Points.ShouldBe(13.3333m, 0.0001m);
        moves.Findings.Last(move => move.Check == "bank-reconciliation").Points.ShouldBe(1.6667m, 0.0001m);
        moves.Checks[0].Check.ShouldBe("lock-dates");
    }

    [Fact]
    public void The_default_weights_are_those_of_the_facts_and_add_up_to_100()
    {
        ScoreRecipe.Default.Weights.OrderBy(weight => weight.Key, StringComparer.Ordinal).Select(weight => $"{weight.Key} {weight.Value:0}").ShouldBe(
            ["bank-reconciliation 25", "contact-defaults 5", "debtor-days 10", "dormant-accounts 5", "duplicate-contacts 5", "fixed-assets 10", "lock-dates 10", "multi-coded-contacts 10", "paye 10", "regular-suppliers 10"]);
        ScoreRecipe.Default.Weights.Values.Sum().ShouldBe(100m);
        ScoreRecipe.Default.Problem().ShouldBeNull();
    }

    [Theory]
    [InlineData(70.5, 71, ScoreColour.Teal)]
    [InlineData(70.49, 70, ScoreColour.Amber)]
    [InlineData(35.5, 36, ScoreColour.Amber)]
    [InlineData(35.49, 35, ScoreColour.Red)]
    [InlineData(0, 0, ScoreColour.Red)]
    [InlineData(100, 100, ScoreColour.Teal)]
    public void Half_is_rounded_up_and_the_colour_is_of_the_rounded_number(double exact, int percent, ScoreColour colour)
    {
        var score = new HealthScore((decimal)exact, []);

        (score.Percent, score.Colour).ShouldBe((percent, colour));
    }

    [Fact]
    public void Without_a_check_that_applies_there_is_no_score()
    {
        var outcomes = CheckCatalog.All.ToDictionary(check => check.Key, CheckOutcome (_) => new CheckOutcome.NotAvailable("everything"));

        HealthScore.Of(ScoreRecipe.Default, outcomes, _ => true).ShouldBeNull();
        ScoreMoves.Of(ScoreRecipe.Default, outcomes, _ => true).ShouldBeNull();
    }

    [Theory]
    [InlineData("paye:100", "A score has 5 to 12 checks, this one has 1.")]
    [InlineData("paye:20,pensions:20,net-wages:20,lock-dates:20,suspense:19", "The weights add up to 99, they must add up to 100.")]
    [InlineData("paye:20,pensions:20,net-wages:20,lock-dates:20,horoscope:20", "There is no check 'horoscope'.")]
    [InlineData("paye:120,pensions:-20,net-wages:0,lock-dates:0,suspense:0", "A weight is more than 0 and at most 100.")]
    [InlineData("paye:20,pensions:20,net-wages:20,lock-dates:20,suspense:20", null)]
    public void A_practices_own_score_is_refused_in_plain_words(string weights, string? problem) =>
        new ScoreRecipe(weights.Split(',').Select(weight => weight.Split(':')).ToDictionary(weight => weight[0], weight => decimal.Parse(weight[1], System.Globalization.CultureInfo.InvariantCulture)))
            .Problem().ShouldBe(problem);

    [Theory]
    [InlineData(24, false)]
    [InlineData(25, true)]
    public void Less_than_a_quarter_of_the_weights_is_no_score(int weight, bool isScore)
    {
        var recipe = new ScoreRecipe(new Dictionary<string, decimal> { ["duplicate-contacts"] = weight, ["debtor-days"] = 100m - weight });

        (HealthScore.Of(recipe, Outcomes(("duplicate-contacts", new PopulationMeasure(20, 0.05m), 0)), _ => true) is not null).ShouldBe(isScore);
    }

    [Fact]
    public void A_share_at_its_floor_says_how_many_more_must_go()
    {
        // 20 examined at 5 %: nothing is left from 1 on; three open.
        var outcomes = Outcomes(("duplicate-contacts", new PopulationMeasure(20, 0.05m), 3));

        var moves = ScoreMoves.Of(new ScoreRecipe(new Dictionary<string, decimal> { ["duplicate-contacts"] = 100m }), outcomes, _ => true)!;

        moves.Findings.ShouldAllBe(move => move.Points == 0m && move.MoreBeforeItMoves == 2);
        moves.Checks.ShouldHaveSingleItem().Points.ShouldBe(100m);
    }

    [Fact]
    public void The_score_stays_within_0_and_100_and_dismissing_never_lowers_it() =>
        Some.Sample(outcomes =>
        {
            var findings = outcomes.Values.OfType<CheckOutcome.Checked>().SelectMany(ran => ran.Findings).ToList();
            var dismissed = new HashSet<string>();
            var last = HealthScore.Of(ScoreRecipe.Default, outcomes, _ => true)?.Exact;
            foreach (var finding in findings)
            {
                last?.ShouldBeInRange(0m, 100m);
                dismissed.Add(finding.Id);
                var next = HealthScore.Of(ScoreRecipe.Default, outcomes, one => !dismissed.Contains(one.Id))?.Exact;
                (next is null).ShouldBe(last is null);
                if (next is { } now)
                    now.ShouldBeGreaterThanOrEqualTo(last!.Value);
                last = next;
            }
        }, iter: 200);

    [Fact]
    public void The_points_of_a_finding_are_the_score_without_it_less_the_score() =>
        Some.Sample(outcomes =>
        {
            if (HealthScore.Of(ScoreRecipe.Default, outcomes, _ => true) is not { } score)
                return;
            foreach (var move in ScoreMoves.Of(ScoreRecipe.Default, outcomes, _ => true)!.Findings)
                move.Points.ShouldBe(HealthScore.Of(ScoreRecipe.Default, outcomes, finding => finding.Id != move.Finding)!.Exact - score.Exact, 0.0000001m);
        }, iter: 200);

    [Fact]
    public void One_more_clean_record_never_lowers_a_population_check() =>
        Gen.Select(Gen.Int[0, 500], Gen.Int[0, 60], Gen.Int[0, 2].Select(one => new[] { 0.05m, 0.10m, 0.25m }[one])).Sample((examined, open, tolerance) =>
        {
            var findings = Findings("c", open);
            new PopulationMeasure(examined + 1, tolerance).Share(findings).ShouldBeGreaterThanOrEqualTo(new PopulationMeasure(examined, tolerance).Share(findings));
        });

    [Fact]
    public void The_parts_of_any_change_add_up_to_it_between_the_two_scores() =>
        Gen.Select(Some, Some, Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 5]).Sample((before, after, cut, newRules, dismissed) =>
        {
            var recipe = new ScoreRecipe(ScoreRecipe.Default.Weights.OrderBy(weight => weight.Key, StringComparer.Ordinal).Skip(cut).ToDictionary(weight => weight.Key, weight => weight.Value));
            var then = new ScoredState(1, new Dictionary<string, string>(), ScoreRecipe.Default, before, _ => true);
            var now = new ScoredState(newRules ? 2 : 1, new Dictionary<string, string>(), recipe, after, finding => !finding.Id.EndsWith(dismissed.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
            var parts = Attribution.Between(then, now);
            (parts is null).ShouldBe(then.Score() is null || now.Score() is null);
            if (parts is null)
                return;
            (parts.Before, parts.After).ShouldBe((then.Score()!.Exact, now.Score()!.Exact));
            (parts.RulesAndWeights + parts.Coverage + parts.NewPostings + parts.WorkDone).ShouldBe(parts.After - parts.Before, 0.05m);
        }, iter: 300);

    [Fact]
    public void A_change_is_taken_apart_as_a_bookkeeper_would_by_hand()
    {
        // Of 40 contacts 4 are open: 0.6. The lock is green: 1. PAYE cannot be judged yet. (50 x 0.6 + 50 x 1) / 100 = 80.
        var before = Outcomes(("multi-coded-contacts", new PopulationMeasure(40, 0.25m), 4), ("lock-dates", Locks(Light.Green), 0));
        before["paye"] = new CheckOutcome.NotAvailable("a complete copy");
        // Two of the four are put right, three are new: 0.5. The lock is red: 0. PAYE is green: 1. 60 x 0.5 + 20 x 0 + 20 x 1 = 50.
        var after = Outcomes(("lock-dates", Locks(Light.Red), 1), ("paye", Locks(Light.Green), 0));
        after["multi-coded-contacts"] = new CheckOutcome.Checked(new PopulationMeasure(40, 0.25m), [.. Enumerable.Range(2, 5).Select(number => Finding("multi-coded-contacts", number))]);
        after["lock-dates"] = new CheckOutcome.Checked(Locks(Light.Red), [Finding("lock-dates", 0) with { Part = "part" }]);

        var parts = Attribution.Between(State(before, ("multi-coded-contacts", 50m), ("lock-dates", 50m)), State(after, ("multi-coded-contacts", 60m), ("lock-dates", 20m), ("paye", 20m)))!;

        (parts.Before, parts.After).ShouldBe((80m, 50m));
        parts.RulesAndWeights.ShouldBe(-10m, "(60 x 0.6 + 20 x 1) / 80 = 70");
        parts.Coverage.ShouldBe(6m, "with 20 x 1 of PAYE it is 76");
        parts.NewPostings.ShouldBe(-38m, "with three more contacts and the lock red, 60 x 0.3 + 20 = 38");
        parts.WorkDone.ShouldBe(12m, "two contacts less: 60 x 0.5 + 20 = 50");
        Attribution.Between(State(Outcomes()), State(after)).ShouldBeNull("there was no score");

        static StateMeasure Locks(Light light) => new(new Dictionary<string, Light> { ["part"] = light });
    }

    [Fact]
    public void What_was_put_right_is_work_done_and_what_came_new_is_new_postings()
    {
        var before = Outcomes(("multi-coded-contacts", new PopulationMeasure(40, 0.25m), 4));
        var fixedOnly = Outcomes(("multi-coded-contacts", new PopulationMeasure(40, 0.25m), 2));
        var newOnly = Outcomes(("multi-coded-contacts", new PopulationMeasure(40, 0.25m), 6));

        var work = Attribution.Between(State(before, ("multi-coded-contacts", 100m)), State(fixedOnly, ("multi-coded-contacts", 100m)))!;
        var postings = Attribution.Between(State(before, ("multi-coded-contacts", 100m)), State(newOnly, ("multi-coded-contacts", 100m)))!;

        (work.RulesAndWeights, work.Coverage, work.NewPostings, work.WorkDone).ShouldBe((0m, 0m, 0m, 20m));
        (postings.RulesAndWeights, postings.Coverage, postings.NewPostings, postings.WorkDone).ShouldBe((0m, 0m, -20m, 0m));
    }

    private static ScoredState State(IReadOnlyDictionary<string, CheckOutcome> outcomes, params (string Check, decimal Weight)[] weights) =>
        State(outcomes) with { Recipe = new ScoreRecipe(weights.ToDictionary(weight => weight.Check, weight => weight.Weight)) };

    private static ScoredState State(IReadOnlyDictionary<string, CheckOutcome> outcomes) => new(1, new Dictionary<string, string>(), ScoreRecipe.Default, outcomes, _ => true);

    // A random result of each default check: all kinds of measures, with findings from none to many, some checks not available.
    private static Gen<IReadOnlyDictionary<string, CheckOutcome>> Some { get; } =
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 12], Gen.Int[0, 9], Gen.Decimal[0m, 200m], Gen.Int[0, 60], Gen.Int[0, 10]).Array[10].Select(numbers =>
        {
            var outcomes = new Dictionary<string, CheckOutcome>();
            foreach (var (key, (examined, open, kind, days, age, missing)) in ScoreRecipe.Default.Weights.Keys.Order(StringComparer.Ordinal).Zip(numbers))
                outcomes[key] = missing > 8 ? new CheckOutcome.NotAvailable("luck") : Ran(key, examined, open, days, age);
            return (IReadOnlyDictionary<string, CheckOutcome>)outcomes;
        });

    private static CheckOutcome.Checked Ran(string key, int examined, int open, decimal days, int age) => key switch
    {
        "bank-reconciliation" => new CheckOutcome.Checked(
            new BankMeasure(Day, [new BankState("a", examined, examined + open, Day.AddDays(-age)), new BankState("b", 3, 30, Day.AddDays(-40))]),
            [
                .. Findings(key, open).Select((finding, at) => finding with { Part = at % 2 == 0 ? "a" : "b", Rule = "entry", Since = Day.AddDays(-at * 7) }),
                .. age > 30 ? new[] { Finding(key, 900) with { Part = "a", Rule = BankMeasure.Abandoned } } : [],
                Finding(key, 901) with { Part = "b", Rule = BankMeasure.Abandoned },
            ]),
        "debtor-days" => new CheckOutcome.Checked(new DaysMeasure(days), days > 45m ? Findings(key, 1) : []),
        "lock-dates" or "fixed-assets" or "paye" => new CheckOutcome.Checked(
            new StateMeasure(Enumerable.Range(0, 4).ToDictionary(part => $"p{part}", part => part < open ? part % 2 == 0 ? Light.Red : Light.Amber : Light.Green)),
            [.. Findings(key, Math.Min(open, 4)).Select((finding, at) => finding with { Part = $"p{at}" })]),
        _ => new CheckOutcome.Checked(new PopulationMeasure(examined, CheckCatalog.Find(key)!.DefaultWeight == 5m ? 0.05m : 0.25m), [.. Findings(key, open).Select((finding, at) => finding with { Units = 1 + (at % 2) })]),
    };

    private static Dictionary<string, CheckOutcome> Example() => new()
    {
        ["bank-reconciliation"] = new CheckOutcome.Checked(
            new BankMeasure(Day, [new BankState("35", 100, 100, Day)]),
            [.. Findings("bank-reconciliation", 4).Select((finding, at) => finding with { Rule = "entry", Part = "35", Since = Day.AddDays(at == 0 ? -20 : -16) })]),
        ["multi-coded-contacts"] = new CheckOutcome.Checked(new PopulationMeasure(40, 0.25m), Findings("multi-coded-contacts", 3)),
        ["duplicate-contacts"] = new CheckOutcome.Checked(new PopulationMeasure(30, 0.05m), Findings("duplicate-contacts", 1)),
        ["regular-suppliers"] = new CheckOutcome.Checked(new PopulationMeasure(6, 0.25m), []),
        ["lock-dates"] = new CheckOutcome.Checked(new StateMeasure(new Dictionary<string, Light> { ["year-end"] = Light.Red }), [Finding("lock-dates", 0) with { Part = "year-end" }]),
        ["dormant-accounts"] = new CheckOutcome.Checked(new PopulationMeasure(16, 0.25m), Findings("dormant-accounts", 2)),
        ["debtor-days"] = new CheckOutcome.Checked(new DaysMeasure(63m), Findings("debtor-days", 1)),
        ["fixed-assets"] = new CheckOutcome.NotAvailable("the register of fixed assets, which this provider does not tell"),
        ["contact-defaults"] = new CheckOutcome.NotAvailable("the default accounts of contacts, which this provider does not tell"),
        ["paye"] = new CheckOutcome.NotAvailable("what payroll posts, which this provider does not tell"),
    };

    private static Dictionary<string, CheckOutcome> Outcomes(params (string Key, Measure Measure, int Open)[] checks) =>
        checks.ToDictionary(check => check.Key, CheckOutcome (check) => new CheckOutcome.Checked(check.Measure, Findings(check.Key, check.Open)));

    private static List<Finding> Findings(string check, int count) => [.. Enumerable.Range(0, count).Select(number => Finding(check, number))];

    private static Finding Finding(string check, int number) =>
        new() { Id = $"{check}-{number}", Check = check, Rule = "rule", Severity = Severity.Warning, Text = "Something.", Fingerprint = "0" };
}
