using DataHealth.Core.Providers;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

public sealed class ChangesTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Yesterday = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);

    private static IEnumerable<QuickBooksDataset> Incremental => QuickBooksDatasets.All.Where(dataset => dataset.IsIncremental);

    [Fact]
    public async Task One_call_tells_a_run_what_changed_in_every_dataset_and_is_charged_once()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Put("Invoice", "7", "8");
        stage.Company.Put("Vendor", "9");
        stage.Company.Delete("Bill", "3");

        var reads = await Task.WhenAll(Incremental.Select(dataset => stage.ReadAsync(dataset.Name, since: Yesterday, flight: "run#1")));

        var pages = Incremental.Zip(reads, (dataset, read) => (dataset.Name, Page: read.ShouldBeOfType<PageOutcome.Page>())).ToDictionary(one => one.Name, one => one.Page);
        stage.Company.Asked.Count.ShouldBe(1);
        stage.Company.Asked.Single().ShouldContain("/cdc?entities=CompanyInfo,Preferences,Account,");
        pages["invoices"].Records.Select(record => record.Id).ShouldBe(["7", "8"]);
        pages["vendors"].Records.Single().Id.ShouldBe("9");
        var gone = pages["bills"].Records.Single();
        (gone.Id, gone.IsGone, gone.Json.IsEmpty).ShouldBe(("3", true, true));
        pages["payments"].Records.ShouldBeEmpty();
        pages.Values.ShouldAllBe(page => !page.HidesDeletions && page.NextPage == null);
        pages.Values.Sum(page => page.Cost.Calls).ShouldBe(1);
        pages.Values.Select(page => page.ProviderTime).Distinct().Count().ShouldBe(1, "one time, so that the next run's question is one too");
    }

    [Fact]
    public async Task Who_asks_again_in_the_same_run_or_in_another_is_answered_anew()
    {
        using var stage = new ReaderStage(azurite);
        await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1");
        stage.Company.Put("Invoice", "7");

        (await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("7");
        stage.Company.Put("Bill", "8");
        (await stage.ReadAsync("bills", since: Yesterday, flight: "run#2")).ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("8");

        stage.Company.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_does_not_reach_far_enough_back_is_not_taken_for_another_dataset()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Now = Yesterday.AddDays(-5);
        stage.Company.Put("Bill", "8");
        stage.Company.Now = Yesterday.AddDays(1);

        await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1");
        (await stage.ReadAsync("bills", since: Yesterday.AddDays(-6), flight: "run#1")).ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("8");

        stage.Company.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_failed_question_is_not_kept()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Before = _ => ScriptedQuickBooks.Answer(503, "");
        (await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.ProviderUnavailable);
        stage.Company.Before = null;
        stage.Company.Put("Invoice", "7");

        (await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("7");
    }

    [Fact]
    public async Task More_changes_than_an_answer_holds_are_asked_for_one_entity_at_a_time_and_then_by_query()
    {
        using var stage = new ReaderStage(azurite, app => app.FullChanges = 20);
        stage.Company.Put("Invoice", [.. Enumerable.Range(1, 35).Select(id => $"{id}")]);
        stage.Company.Put("Bill", "90", "91");
        stage.Company.Delete("Bill", "92");

        using var invoices = (await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>();
        using var bills = (await stage.ReadAsync("bills", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>();

        // The bills alone fit, deletions and all; the invoices do not, and a query hides what was deleted.
        bills.Records.Select(record => (record.Id, record.IsGone)).ShouldBe([("90", false), ("91", false), ("92", true)]);
        bills.HidesDeletions.ShouldBeFalse();
        (invoices.Records.Count, invoices.HidesDeletions, invoices.NextPage).ShouldBe((10, true, 2));
        stage.Company.Queries.Single().ShouldBe("SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime >= '2026-11-22T20:00:00Z' ORDERBY Id STARTPOSITION 1 MAXRESULTS 10");
        (await stage.ReadAllAsync("invoices", since: Yesterday)).Count.ShouldBe(35);
    }

    [Theory]
    [InlineData("5020")]
    [InlineData("120")]
    [InlineData("2010")]
    public async Task One_entity_that_is_refused_costs_the_others_one_question_alone_and_is_left_out_of_the_next_one(string code)
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Put("Invoice", "7");
        stage.Company.Delete("Bill", "3");
        stage.Company.Before = address => Asks(address).Contains("Class") || address.Query.Contains("FROM%20Class", StringComparison.Ordinal)
            ? ScriptedQuickBooks.Answer(400, $$"""{"Fault":{"Error":[{"Message":"No","Detail":"x","code":"{{code}}"}],"type":"ValidationFault"},"time":"2026-11-23T12:30:52.417-08:00"}""")
            : null;

        var first = await ReadsAsync(stage, "run#1");
        var asked = stage.Company.Asked.Count;
        var second = await ReadsAsync(stage, "run#2");

        foreach (var reads in (Dictionary<string, PageOutcome>[])[first, second])
        {
            reads["classes"].ShouldBeOfType<PageOutcome.Failed>();
            reads["invoices"].ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("7");
            var bills = reads["bills"].ShouldBeOfType<PageOutcome.Page>();
            (bills.Records.Single().IsGone, bills.HidesDeletions).ShouldBe((true, false));
        }

        // Together, each alone, and the refused one by query as well.
        asked.ShouldBe(1 + Incremental.Count() + 1);
        // Together without it, it alone, and its query.
        (stage.Company.Asked.Count - asked).ShouldBe(3);
        first.Values.Concat(second.Values).Sum(outcome => outcome.Cost.Calls).ShouldBe(stage.Company.Asked.Count, "each call is accounted for once");
    }

    [Fact]
    public async Task What_the_company_itself_and_its_settings_are_is_asked_for_with_the_rest()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Put("Preferences", "1");

        (await stage.ReadAsync("preferences", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("1");
        (await stage.ReadAsync("company", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>().Records.ShouldBeEmpty();
        stage.Company.Asked.Count.ShouldBe(1);

        // Where changes do not tell, it is read whole.
        using var page = (await stage.ReadAsync("preferences", since: Yesterday.AddDays(-40), flight: "run#2")).ShouldBeOfType<PageOutcome.Page>();
        stage.Company.Queries.Single().ShouldBe("SELECT * FROM Preferences ORDERBY Id STARTPOSITION 1 MAXRESULTS 10");
    }

    [Fact]
    public async Task An_answer_near_the_bound_is_not_trusted_either()
    {
        using var stage = new ReaderStage(azurite, app => app.PageSize = 1000);
        stage.Company.Put("Invoice", [.. Enumerable.Range(1, 960).Select(id => $"{id}")]);

        using var page = (await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>();

        (page.Records.Count, page.HidesDeletions).ShouldBe((960, true));
    }

    [Fact]
    public async Task What_lies_further_back_than_changes_are_kept_is_asked_for_by_query()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Put("Invoice", "7");

        using var page = (await stage.ReadAsync("invoices", since: Yesterday.AddDays(-44), flight: "run#1")).ShouldBeOfType<PageOutcome.Page>();

        (page.Records.Single().Id, page.HidesDeletions).ShouldBe(("7", true));
        stage.Company.Asked.ShouldAllBe(path => path.Contains("/query?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_that_is_not_taken_is_answered_by_query()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Put("Invoice", "7");
        stage.Company.Before = address => address.AbsolutePath.EndsWith("/cdc", StringComparison.Ordinal)
            ? ScriptedQuickBooks.Answer(400, """{"Fault":{"Error":[{"Message":"Invalid","Detail":"x","code":"2020"}],"type":"ValidationFault"},"time":"2026-11-23T12:30:52.417-08:00"}""")
            : null;

        using var page = (await stage.ReadAsync("invoices", since: Yesterday, flight: "run#1")).ShouldBeOfType<PageOutcome.Page>();

        (page.Records.Single().Id, page.HidesDeletions).ShouldBe(("7", true));
    }

    private static string[] Asks(Uri address) => (System.Web.HttpUtility.ParseQueryString(address.Query)["entities"] ?? "").Split(',');

    private static async Task<Dictionary<string, PageOutcome>> ReadsAsync(ReaderStage stage, string flight)
    {
        Dictionary<string, PageOutcome> reads = [];
        foreach (var dataset in Incremental)
            reads[dataset.Name] = await stage.ReadAsync(dataset.Name, since: Yesterday, flight: flight);
        return reads;
    }
}
