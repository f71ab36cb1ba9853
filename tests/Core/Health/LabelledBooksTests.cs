using System.Collections.Concurrent;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Tests.Health;

/// <summary>The books of <c>Books/</c> were labelled before the checks were written. What a check finds beyond its labels is a false alarm.</summary>
public sealed class LabelledBooksTests
{
    private static readonly DateOnly ReportingDate = new(2026, 3, 31);
    private static readonly ConcurrentDictionary<string, Lazy<Task<HealthResult>>> Judged = new();

    public static TheoryData<string, string> BooksAndChecks()
    {
        var data = new TheoryData<string, string>();
        foreach (var book in new[] { "harbour-cafe", "maple-joinery", "fjord-design" })
        {
            foreach (var check in CheckCatalog.All)
                data.Add(book, check.Key);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(BooksAndChecks))]
    public async Task A_check_finds_what_the_labels_say_and_nothing_else(string name, string check)
    {
        var result = await JudgedAsync(name);
        var labels = WrittenBook.Open(name).Labels.Where(label => label.Check == check).ToList();
        var outcome = result.Outcomes[check];
        if (labels.Any(label => label.Verdict == "not available"))
        {
            outcome.ShouldBeOfType<CheckOutcome.NotAvailable>();
            return;
        }

        if (labels.Any(label => label.Verdict == "not applicable"))
        {
            outcome.ShouldBeOfType<CheckOutcome.NotApplicable>();
            return;
        }

        // "Nothing found" says something only of a check that looked.
        if (labels.Count > 0)
            outcome.ShouldBeOfType<CheckOutcome.Checked>();
        var findings = (outcome as CheckOutcome.Checked)?.Findings ?? [];
        foreach (var (_, about, verdict, why) in labels)
            findings.Any(finding => Shows(finding, about)).ShouldBe(verdict == "found", $"{check} {string.Join(' ', about)}: {why}\n{Text(findings)}");
        var expected = labels.Where(label => label.Verdict == "found").ToList();
        findings.Where(finding => !expected.Exists(label => Shows(finding, label.About))).Select(finding => finding.Text).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("harbour-cafe")]
    [InlineData("maple-joinery")]
    [InlineData("fjord-design")]
    public async Task Promise_10_A_check_that_runs_alone_finds_what_it_finds_among_all(string name)
    {
        var all = await JudgedAsync(name);
        foreach (var check in CheckCatalog.All)
        {
            var alone = await JudgeAsync(name, only: new HashSet<string> { check.Key });
            alone.Outcomes[check.Key].GetType().ShouldBe(all.Outcomes[check.Key].GetType(), check.Key);
            Print(alone).SkipLast(1).ShouldBe(Print(all).SkipLast(1).Where(line => line.StartsWith(check.Key + " ", StringComparison.Ordinal)), check.Key);
            (alone.Outcomes[check.Key] as CheckOutcome.Checked)?.Measure.ShouldBeEquivalentTo(((CheckOutcome.Checked)all.Outcomes[check.Key]).Measure, check.Key);
        }
    }

    [Fact]
    public async Task Every_check_has_a_label_in_some_book()
    {
        await Task.CompletedTask;
        var labelled = new[] { "harbour-cafe", "maple-joinery", "fjord-design" }.SelectMany(book => WrittenBook.Open(book).Labels).Select(label => label.Check).Distinct().Order(StringComparer.Ordinal);

        labelled.ShouldBe(CheckCatalog.All.Select(check => check.Key));
    }

    [Theory]
    [InlineData("harbour-cafe")]
    [InlineData("maple-joinery")]
    [InlineData("fjord-design")]
    public async Task Promise_10_The_same_books_in_any_order_of_rows_give_the_same_findings_ids_and_score(string name)
    {
        var plain = await JudgeAsync(name);
        for (var seed = 1; seed <= 5; seed++)
        {
            var shuffled = await JudgeAsync(name, seed);
            Print(shuffled).ShouldBe(Print(plain));
        }
    }

    internal static Task<HealthResult> JudgedAsync(string name) => Judged.GetOrAdd(name, _ => new(() => JudgeAsync(name))).Value;

    private static async Task<HealthResult> JudgeAsync(string name, int shuffle = 0, IReadOnlySet<string>? only = null)
    {
        var engine = new HealthEngine();
        var before = WrittenBook.Open(name, asSeenBefore: true, shuffle);
        var request = new HealthRequest { Period = new Period(new DateOnly(2026, 3, 1), ReportingDate), ReportingDate = ReportingDate, Settings = before.Settings };
        var first = await engine.RunAsync(before, request, TestContext.Current.CancellationToken);
        return await engine.RunAsync(WrittenBook.Open(name, shuffle: shuffle), request with { Memory = first.Memory, Only = only }, TestContext.Current.CancellationToken);
    }

    private static bool Shows(Finding finding, string[] about) =>
        about.All(id => finding.Part == id || finding.Evidence.Any(evidence => evidence.Record.Id == id) || (id == "settings" && finding.Rule == "behind"));

    private static string Text(IEnumerable<Finding> findings) =>
        string.Join('\n', findings.Select(finding => $"[{finding.Rule}] {finding.Text} ({string.Join(' ', finding.Evidence.Select(evidence => evidence.Record.Id))})"));

    private static List<string> Print(HealthResult result) =>
    [
        .. result.Findings.Select(finding =>
            $"{finding.Check} {finding.Id} {finding.Fingerprint} {finding.Money} {finding.Severity} {finding.Text} {string.Join(' ', finding.Evidence.Select(evidence => evidence.Record.Id))}"),
        $"{result.Score(ScoreRecipe.Default, _ => true)?.Exact}",
    ];
}
