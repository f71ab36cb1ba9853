using System.Text.Json;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Providers.Suite;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Providers.QuickBooks.Sandbox;

/// <summary>What is hard about copying a QuickBooks company (issue 5, must show 4), each against the books of the sandbox.</summary>
[TakesLong]
public sealed class HardCaseTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly (string Name, string Value) RealPages = ("QuickBooks:PageSize", "1000");

    [Fact]
    public async Task More_than_a_thousand_changes_since_the_last_sync_with_deletions_among_them_are_right_after_one_sync()
    {
        await using var company = await QuickBooksUnderTest.StartAsync(new(), 9_000);
        await using var stage = await SuiteStage.ConnectAsync(company, azurite, RealPages);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        var ids = Ids(company, "Invoice");
        var changed = ids.Take(1_200).Count(id => TryEdit(company, EditKind.Edit, "Invoice", id, ("PrivateNote", "seen again")));
        var deleted = ids.Skip(1_200).Count(id => TryEdit(company, EditKind.Delete, "Invoice", id));
        var before = Calls(company).Count;

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        var calls = Calls(company).Skip(before).ToList();
        output.WriteLine($"{changed} changed and {deleted} deleted of {ids.Count} invoices: {calls.Count} calls, {calls.Count(call => call.Endpoint == "cdc")} of them for changes");
        (changed > 1_000 && deleted > 0).ShouldBeTrue($"{changed} changed, {deleted} deleted");
        calls.ShouldContain(call => call.Endpoint == "cdc");
        calls.ShouldContain(call => Statement(call).StartsWith("SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime", StringComparison.Ordinal));
        await stage.ShouldEqualTheBooksAsync("after more than a thousand changes");
    }

    [Fact]
    public async Task A_plan_without_one_entity_makes_one_sync_dear_and_the_next_ones_as_cheap_as_ever()
    {
        await using var company = await QuickBooksUnderTest.StartAsync(new() { NotInPlan = ["Class"] });
        await using var stage = await SuiteStage.ConnectAsync(company, azurite, RealPages);
        for (var sync = 1; sync <= 2; sync++)
        {
            (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.SucceededWithGaps);
            company.Edit(30 + sync, 20);
        }

        var deleted = Ids(company, "Invoice").First(id => TryEdit(company, EditKind.Delete, "Invoice", id));
        var before = Calls(company).Count;

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.SucceededWithGaps);

        Calls(company).Skip(before).Where(call => call.Endpoint == "cdc").Select(call => call.Status).ShouldBe([200]);
        (await stage.Get<LedgerStore>().GetAsync(stage.Client, "invoices", deleted, TestContext.Current.CancellationToken))!.IsDeleted.ShouldBeTrue("deletions are told of");
    }

    [Fact]
    public async Task After_forty_five_days_without_a_sync_the_next_one_is_right_though_changes_are_kept_for_thirty()
    {
        var clock = new SandboxClock(TimeProvider.System);
        await using var company = await QuickBooksUnderTest.StartAsync(new(), time: clock);
        await using var stage = await SuiteStage.ConnectAsync(company, azurite, clock);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        clock.Offset += TimeSpan.FromDays(5);
        var early = Ids(company, "Invoice").Count(id => TryEdit(company, EditKind.Delete, "Invoice", id));
        company.Edit(21, 60);
        clock.Offset += TimeSpan.FromDays(39);
        company.Edit(22, 60);
        clock.Offset += TimeSpan.FromDays(1);
        var before = Calls(company).Count;

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        early.ShouldBeGreaterThan(0);
        Calls(company).Skip(before).ShouldAllBe(call => call.Endpoint != "cdc" || call.Status == 200);
        await stage.ShouldEqualTheBooksAsync("after forty-five days");
    }

    [Fact]
    public async Task Promise_9_deletions_behind_the_reader_while_it_pages_hide_no_record_even_in_that_sync()
    {
        await using var company = await QuickBooksUnderTest.StartAsync(new(), 1_500);
        await using var stage = await SuiteStage.ConnectAsync(company, azurite);
        var (reads, deleted) = (0, 0);
        // What is paid cannot be deleted.
        Ids(company, "Payment").ForEach(id => TryEdit(company, EditKind.Delete, "Payment", id));
        // Two pages of forty are read; now most of what they held goes, and all rows behind them move forward.
        stage.Before = dataset =>
        {
            if (dataset.Name == "invoices" && ++reads == 3)
                deleted = Ids(company, "Invoice").Take(80).Count(id => TryEdit(company, EditKind.Delete, "Invoice", id));
            return null;
        };

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        deleted.ShouldBeGreaterThan(40, "more than a page");
        var copied = new HashSet<string>();
        await foreach (var record in stage.Get<LedgerStore>().StreamAsync(stage.Client, "invoices", TestContext.Current.CancellationToken))
            copied.Add(record.Id);
        Ids(company, "Invoice").Except(copied).ShouldBeEmpty("what was there all the time is in the copy");
        stage.Before = null;
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        output.WriteLine($"{deleted} invoices deleted behind the reader, {copied.Count} copied");
        await stage.ShouldEqualTheBooksAsync("after the next sync");
    }

    [Fact]
    public async Task A_total_that_is_the_pages_own_count_ends_no_pass_early()
    {
        await using var company = await QuickBooksUnderTest.StartAsync(new() { TotalCount = DataHealth.Local.Sandbox.QuickBooks.World.TotalCount.OfPage }, 600);
        await using var stage = await SuiteStage.ConnectAsync(company, azurite);

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        await stage.ShouldEqualTheBooksAsync("pages of forty");
    }

    [Fact]
    public async Task Nine_hundred_lines_strange_names_and_amounts_of_nothing_below_nothing_and_fifteen_digits_are_copied_and_read_as_they_are()
    {
        const string Name = "O'Brien & \"Söhne\" 株式会社 \\ 100%";
        const decimal FifteenDigits = 1_234_567_890_123.45m;
        await using var company = await QuickBooksUnderTest.StartAsync(new(), 3_000, longestDocument: 900);
        await using var stage = await SuiteStage.ConnectAsync(company, azurite);
        var customer = Ids(company, "Customer")[3];
        TryEdit(company, EditKind.Edit, "Customer", customer, ("DisplayName", Name)).ShouldBeTrue();
        var ones = Records(company, "Invoice").Where(invoice => Priced(invoice) is [{ Quantity: 1m }, ..]).Select(invoice => invoice.GetProperty("Id").GetString()!).ToList();
        var edited = new Dictionary<decimal, string>();
        foreach (var id in ones)
        {
            var amount = (decimal[])[0m, -250.55m, FifteenDigits];
            if (edited.Count < amount.Length && TryEdit(company, EditKind.Edit, "Invoice", id, ("UnitPrice", amount[edited.Count].ToString(System.Globalization.CultureInfo.InvariantCulture))))
                edited[amount[edited.Count]] = id;
        }

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        // Once more as a change.
        TryEdit(company, EditKind.Edit, "Customer", customer, ("DisplayName", Name + "!")).ShouldBeTrue();
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        await stage.ShouldEqualTheBooksAsync("with strange records");
        var contacts = await MappedAsync<LedgerContact>(stage, "customers");
        contacts.Single(contact => contact.Id == $"customer-{customer}").Name.ShouldBe(Name + "!");
        (await MappedAsync<LedgerDocument>(stage, "bills")).Max(bill => bill.Lines.Count).ShouldBe(900);
        edited.Count.ShouldBe(3);
        var invoices = (await MappedAsync<LedgerDocument>(stage, "invoices")).ToDictionary(invoice => invoice.Id);
        var raw = Records(company, "Invoice").ToDictionary(invoice => invoice.GetProperty("Id").GetString()!);
        foreach (var (price, id) in edited)
        {
            var invoice = invoices[$"invoice-{id}"];
            invoice.Lines[0].UnitAmount.ShouldBe(price);
            Math.Sign(invoice.Lines[0].Net).ShouldBe(Math.Sign(price));
            invoice.Gross.ShouldBe(raw[id].GetProperty("TotalAmt").GetDecimal());
            invoice.Outstanding.ShouldBe(invoice.Gross);
        }

        // No name ever gets into a query: nothing needs escaping.
        Calls(company).Where(call => call.Endpoint != "cdc").Select(Statement).Where(statement => statement.Length > 0)
            .ShouldAllBe(statement => System.Text.RegularExpressions.Regex.IsMatch(statement,
                @"^SELECT (\*|COUNT\(\*\)) FROM [A-Za-z]+( WHERE (Active IN \(true,false\))?( AND )?(MetaData\.LastUpdatedTime >= '[0-9TZ:-]+')?)?( ORDERBY Id STARTPOSITION \d+ MAXRESULTS \d+)?$"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_company_has_its_totals_in_its_home_currency_with_foreign_currencies_and_without(bool multiCurrency)
    {
        await using var company = await QuickBooksUnderTest.StartAsync(new(), 1_000, multiCurrency: multiCurrency);
        await using var stage = await SuiteStage.ConnectAsync(company, azurite);

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        await stage.ShouldEqualTheBooksAsync("after the first sync");
        var records = Records(company, "Invoice").ToDictionary(invoice => $"invoice-{invoice.GetProperty("Id").GetString()}");
        var invoices = (await MappedAsync<LedgerDocument>(stage, "invoices")).Where(invoice => records.ContainsKey(invoice.Id)).ToList();
        var foreign = invoices.Where(invoice => invoice.Currency is not (null or "GBP")).ToList();
        output.WriteLine($"{invoices.Count} invoices, {foreign.Count} of them foreign");
        (foreign.Count > 0).ShouldBe(multiCurrency);
        foreach (var invoice in invoices)
        {
            var home = records[invoice.Id].TryGetProperty("HomeTotalAmt", out var told) ? told.GetDecimal() : invoice.Gross;
            Math.Round(invoice.ToBase(invoice.Gross), 2).ShouldBe(home, $"{invoice.Id} in {invoice.Currency} at {invoice.CurrencyRate}");
        }
    }

    private static async Task<List<TRecord>> MappedAsync<TRecord>(SuiteStage stage, string dataset)
    {
        var known = stage.Get<ProviderCatalog>().Get(stage.Provider.Key);
        List<TRecord> records = [];
        await foreach (var record in stage.Get<LedgerStore>().StreamAsync(stage.Client, dataset, TestContext.Current.CancellationToken))
            records.AddRange(known.Ledger.Map(known.Datasets.Single(one => one.Name == dataset), record.Id, record.Json.Span).OfType<TRecord>());
        return records;
    }

    private static IReadOnlyList<(decimal Quantity, decimal Price)> Priced(JsonElement invoice) =>
    [
        .. invoice.GetProperty("Line").EnumerateArray().Where(line => line.TryGetProperty("SalesItemLineDetail", out _)).Select(line => line.GetProperty("SalesItemLineDetail"))
            .Select(detail => (detail.TryGetProperty("Qty", out var quantity) ? quantity.GetDecimal() : 1m, detail.TryGetProperty("UnitPrice", out var price) ? price.GetDecimal() : 0m)),
    ];

    private static List<JsonElement> Records(QuickBooksUnderTest company, string entity) =>
        [.. company.Server.Library.Open(company.Realm).CanonicalRecords(entity, withoutSilent: false, defaultList: false).Select(record => JsonElement.Parse(record.Json))];

    private static List<string> Ids(QuickBooksUnderTest company, string entity) =>
        [.. company.Server.Library.Open(company.Realm).CanonicalRecords(entity, withoutSilent: false, defaultList: false).Select(record => record.Id)];

    // Some records may not be changed so: what is paid, what others refer to.
    private static bool TryEdit(QuickBooksUnderTest company, EditKind kind, string entity, string id, params (string Name, string Value)[] set)
    {
        try
        {
            var fields = set.Length == 0 ? null : set.ToDictionary(field => field.Name, field => field.Value);
            company.Server.Library.Apply(company.Realm, [new EntityEdit(kind, entity, id, company.Server.Clock.UtcNowToMillisecond, 1, fields)]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Statement(CallEntry call) => System.Web.HttpUtility.ParseQueryString(call.Query)["query"] ?? "";

    private static List<CallEntry> Calls(QuickBooksUnderTest company) => [.. company.Server.Calls.Find(new CallFilter()).Where(call => call.Path.Contains("/v3/company/", StringComparison.Ordinal))];
}
