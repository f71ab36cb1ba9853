using DataHealth.Core.Providers;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Testing;
using NSubstitute;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

public sealed class RefusalTests(AzuriteFixture azurite)
{
    private const string Gateway = """{"warnings":null,"intuitObject":null,"fault":{"error":[{"message":"message=$M; errorCode=00$C; statusCode=$S","detail":"","code":"$C","element":null}],"type":"AUTHENTICATION"},"report":null,"queryResponse":null,"time":1795465852417,"status":null}""";
    private const string Service = """{"Fault":{"Error":[{"Message":"$M","Detail":"$M : more","code":"$C","element":""}],"type":"ValidationFault"},"time":"2026-11-23T12:30:52.417-08:00"}""";
    private const string Xml = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse time="2026-11-23T12:30:52.417-08:00" xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE"><Error code="$C"><Message>message=$M; errorCode=00$C; statusCode=$S</Message><Detail>x</Detail></Error></Fault></IntuitResponse>""";

    [Theory]
    [InlineData(400, Service, "610", FaultKind.RequestRefused)]
    [InlineData(400, Service, "100", FaultKind.UserRightMissing)]
    [InlineData(500, Service, "120", FaultKind.UserRightMissing)]
    [InlineData(400, Service, "5020", FaultKind.NotInPlan)]
    [InlineData(400, Service, "6190", FaultKind.SubscriptionLapsed)]
    [InlineData(403, Gateway, "6190", FaultKind.SubscriptionLapsed)]
    [InlineData(403, Xml, "6190", FaultKind.SubscriptionLapsed)]
    [InlineData(200, Service, "6190", FaultKind.SubscriptionLapsed)]
    [InlineData(200, Service, "4000", FaultKind.RequestRefused)]
    [InlineData(400, Service, "4000", FaultKind.RequestRefused)]
    [InlineData(500, Service, "10000", FaultKind.ProviderUnavailable)]
    [InlineData(502, "<html>Bad gateway</html>", "", FaultKind.ProviderUnavailable)]
    [InlineData(404, "", "", FaultKind.RequestRefused)]
    [InlineData(302, "", "", FaultKind.BadAnswer)]
    [InlineData(200, "", "", FaultKind.BadAnswer)]
    [InlineData(200, "<html>", "", FaultKind.BadAnswer)]
    [InlineData(200, """{"time":"2026-11-23T12:30:52.417-08:00"}""", "", FaultKind.BadAnswer)]
    [InlineData(200, """{"QueryResponse":{"Invoice":[{"SyncToken":"1"}]}}""", "", FaultKind.BadAnswer)]
    [InlineData(200, """{"QueryResponse":{"Bill":[{"Id":"1"}]}}""", "", FaultKind.BadAnswer)]
    [InlineData(200, """{"QueryResponse":{"Invoice":[{"Id":"1"}""", "", FaultKind.BadAnswer)]
    public async Task A_refusal_is_told_by_its_code_and_is_never_no_rows(int status, string body, string code, FaultKind expected)
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Before = _ => ScriptedQuickBooks.Answer(status, Filled(body, code, status), body.StartsWith("<?xml", StringComparison.Ordinal) ? "application/xml" : "application/json");

        var failed = (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Failed>();

        failed.Fault.Kind.ShouldBe(expected);
        failed.Fault.CorrelationId.ShouldBe("1-5f-tid");
        failed.Cost.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(401, "3200")]
    [InlineData(403, "3100")]
    [InlineData(403, "3201")]
    public async Task A_token_that_is_refused_is_renewed_once_and_the_read_repeated(int status, string code)
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Put("Invoice", "7");
        stage.Company.Before = _ => stage.Company.Tokens[^1] == "token-1" ? ScriptedQuickBooks.Answer(status, Filled(Gateway, code, status)) : null;

        using var page = (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Page>();

        page.Records.Single().Id.ShouldBe("7");
        stage.Company.Tokens.ShouldBe(["token-1", "token-2"]);
    }

    [Fact]
    public async Task A_company_that_refuses_a_fresh_token_as_well_is_gone_for_us()
    {
        using var stage = new ReaderStage(azurite);
        await stage.Environment.ProveAsync(TestContext.Current.CancellationToken);
        stage.Company.Before = _ => ScriptedQuickBooks.Answer(403, Filled(Gateway, "3100", 403));

        (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.ConnectionLost>().Fault.Kind.ShouldBe(FaultKind.OrganisationRemoved);
    }

    [Fact]
    public async Task A_host_at_which_our_keys_have_never_read_a_company_is_our_configuration_and_loses_no_connection()
    {
        using var stage = new ReaderStage(azurite);
        // An answer proves no host: a proxy may have given it.
        await stage.ReadAsync("bills");
        stage.Company.Before = _ => ScriptedQuickBooks.Answer(403, Filled(Gateway, "3100", 403));

        var failed = (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Failed>();

        failed.Fault.Kind.ShouldBe(FaultKind.ClientCredentialsWrong);
        failed.Fault.Technical.ShouldContain("QuickBooks:ApiUri");
        FaultWords.For(FaultKind.OrganisationRemoved, "QuickBooks Online").Detail.ShouldContain("subscription ended");
    }

    [Fact]
    public async Task A_grant_that_turns_out_dead_on_renewal_loses_the_connection_in_its_own_words()
    {
        using var stage = new ReaderStage(azurite);
        stage.Tokens.RenewAsync(default, "", default).ReturnsForAnyArgs(new AccessTokenOutcome.Lost(new(FaultKind.GrantInvalid, "invalid_grant")));
        stage.Company.Before = _ => ScriptedQuickBooks.Answer(401, Filled(Gateway, "3200", 401));

        (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.ConnectionLost>().Fault.Kind.ShouldBe(FaultKind.GrantInvalid);
    }

    [Theory]
    [InlineData(429, Xml)]
    [InlineData(429, Gateway)]
    [InlineData(429, "")]
    [InlineData(403, Gateway)]
    public async Task A_limit_is_an_outcome_with_a_time_whatever_form_it_comes_in(int status, string body)
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Before = _ => ScriptedQuickBooks.Answer(status, Filled(body, "3001", status), "application/xml");

        var limited = (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Limited>();

        limited.Limit.ShouldBe(LimitKind.Minute);
        (limited.Until - stage.Clock.GetUtcNow()).TotalSeconds.ShouldBeInRange(55, 70);
        var asked = stage.Company.Asked.Count;
        (await stage.ReadAsync("bills")).ShouldBeOfType<PageOutcome.Limited>();
        stage.Company.Asked.Count.ShouldBe(asked, "Promise 2: until it lifts, nothing more is sent");
    }

    [Fact]
    public async Task A_limit_that_outlasts_its_waits_is_the_month_and_ends_with_it_at_the_latest()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Before = _ => ScriptedQuickBooks.Answer(429, "");
        PageOutcome.Limited limited;
        for (var times = 1; ; times++)
        {
            times.ShouldBeLessThan(6);
            limited = (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Limited>();
            if (limited.Limit == LimitKind.Month)
                break;
            stage.Clock.SetUtcNow(limited.Until.AddSeconds(1));
        }

        stage.Company.Asked.Count.ShouldBe(3, "two minutes were waited for");
        limited.IsEstimate.ShouldBeTrue();
        (limited.Until - stage.Clock.GetUtcNow()).TotalHours.ShouldBeInRange(23, 24.1);

        stage.Clock.SetUtcNow(limited.Until.AddSeconds(1));
        stage.Company.Before = null;
        (await stage.ReadAsync("invoices")).ShouldBeOfType<PageOutcome.Page>();
    }

    [Fact]
    public async Task A_report_that_is_cut_is_read_in_halves_until_it_fits()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Before = address =>
        {
            var days = System.Web.HttpUtility.ParseQueryString(address.Query);
            var length = DateOnly.Parse(days["end_date"]!).DayNumber - DateOnly.Parse(days["start_date"]!).DayNumber + 1;
            var text = length > 100 ? "Unable to display more data. Please reduce the date range." : "fine";
            return ScriptedQuickBooks.Answer(200, $$$"""{"Header":{"Time":"2026-11-23T12:30:52-08:00"},"Columns":{"Column":[]},"Rows":{"Row":[{"ColData":[{"value":"{{{text}}}"}]}]}}""");
        };

        var windows = await stage.ReadAllAsync("reconciled");

        windows.Count.ShouldBe(4);
        windows[0].ShouldStartWith("2025-12-01_");
        windows[^1].ShouldEndWith("_2026-11-30");
        windows.Zip(windows.Skip(1)).ShouldAllBe(pair => DateOnly.Parse(pair.First.Split('_', StringSplitOptions.None)[1]).AddDays(1) == DateOnly.Parse(pair.Second.Split('_', StringSplitOptions.None)[0]));
    }

    [Theory]
    [InlineData("profit-and-loss")]
    [InlineData("balance-sheet")]
    public async Task A_report_by_month_that_is_cut_is_taken_apart_between_months(string dataset)
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Before = address => Report(address, most: 70);

        var windows = await stage.ReadAllAsync(dataset);

        windows.Count.ShouldBeGreaterThan(1);
        windows.Zip(windows.Skip(1)).ShouldAllBe(pair => DateOnly.Parse(pair.First.Split('_', StringSplitOptions.None)[1]).AddDays(1) == DateOnly.Parse(pair.Second.Split('_', StringSplitOptions.None)[0]));
        foreach (var window in windows)
        {
            var days = window.Split('_').Select(day => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            days[0].Day.ShouldBe(1, window);
            days[1].AddDays(1).Day.ShouldBe(1, window);
        }

        (windows[0][..10], windows[^1][11..]).ShouldBe(("2025-12-01", "2026-11-30"));
    }

    [Fact]
    public async Task A_trial_balance_that_is_cut_is_no_sum_of_shorter_ones_and_says_so()
    {
        using var stage = new ReaderStage(azurite);
        stage.Company.Before = address => Report(address, most: 200);

        var failed = (await stage.ReadAsync("trial-balance")).ShouldBeOfType<PageOutcome.Failed>();

        failed.Fault.Kind.ShouldBe(FaultKind.HighVolumeRefused);
        failed.Fault.Technical.ShouldContain("shorter");
    }

    [Theory]
    [InlineData("2026-10-31")]
    [InlineData("2026-11-01")]
    [InlineData("2026-11-30")]
    public void At_a_months_turn_no_day_falls_between_the_lists_of_what_is_reconciled(string read)
    {
        var today = DateOnly.Parse(read, System.Globalization.CultureInfo.InvariantCulture);

        // The older list is read once a week, so that it may be seven days behind.
        var older = QuickBooksQuery.Window(ReaderStage.Dataset("reconciled-history"), today);
        for (var day = today; day <= today.AddDays(7); day = day.AddDays(1))
            QuickBooksQuery.Window(ReaderStage.Dataset("reconciled"), day).From.ShouldBeLessThanOrEqualTo(older.To.AddDays(1));
    }

    private static HttpResponseMessage Report(Uri address, int most)
    {
        var days = System.Web.HttpUtility.ParseQueryString(address.Query);
        var length = DateOnly.Parse(days["end_date"]!, System.Globalization.CultureInfo.InvariantCulture).DayNumber - DateOnly.Parse(days["start_date"]!, System.Globalization.CultureInfo.InvariantCulture).DayNumber + 1;
        var text = length > most ? "Unable to display more data. Please reduce the date range." : "fine";
        return ScriptedQuickBooks.Answer(200, $$$"""{"Header":{"Time":"2026-11-23T12:30:52-08:00"},"Columns":{"Column":[]},"Rows":{"Row":[{"ColData":[{"value":"{{{text}}}"}]}]}}""");
    }

    private static string Filled(string body, string code, int status) => body.Replace("$C", code).Replace("$S", $"{status}").Replace("$M", "Words that nobody reads");
}
