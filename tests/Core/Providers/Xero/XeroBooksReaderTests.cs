using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Text;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Xero;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;

namespace DataHealth.Core.Tests.Providers.Xero;

public sealed class XeroBooksReaderTests : IDisposable
{
    private const string Empty = """{"DateTimeUTC":"/Date(1795465852123)/","pagination":{"page":1,"pageSize":1000,"pageCount":1,"itemCount":0},"Invoices":[]}""";
    private const string Gone = """{"Type":null,"Title":"Forbidden","Status":403,"Detail":"AuthenticationUnsuccessful","Instance":"0d1e2f30-4152-4637-8899-aabbccddeeff","Extensions":{}}""";

    private static readonly Books Books = new(new("xero", "ten-1"), new("xero-user-1"));

    private readonly CannedXero _xero = new();
    private readonly IAccessTokens _tokens = Substitute.For<IAccessTokens>();
    private readonly XeroOptions _app = new() { ClientId = "our-app", ClientSecret = "s", RetryDelay = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromSeconds(1), LargestAnswer = 100_000 };
    private readonly AppStorage _storage;
    private readonly CallGate _gate;

    public XeroBooksReaderTests(AzuriteFixture azurite)
    {
        _storage = new(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = Azurite.NewPrefix() }));
        _gate = new(_storage, XeroRegistration.Limits(_app), "xero", "our-app", TimeProvider.System);
        _tokens.GetAsync(default, default).ReturnsForAnyArgs(new AccessTokenOutcome.Token("token-1"));
        _tokens.RenewAsync(default, "", default).ReturnsForAnyArgs(new AccessTokenOutcome.Token("token-2"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _gate.Dispose();

    private XeroBooksReader Reader(ProviderMetrics? metrics = null)
    {
        var options = Options.Create(_app);
        var http = new HttpClient(_xero);
        var calls = new XeroCalls(http, _gate, options, metrics ?? Meters.Providers, TimeProvider.System, NullLogger<XeroCalls>.Instance);
        var authorization = new XeroAuthorization(options, http, TimeProvider.System, NullLogger<XeroAuthorization>.Instance);
        return new(calls, new XeroOrders(_storage), _gate, _tokens, authorization, options, TimeProvider.System, NullLogger<XeroBooksReader>.Instance);
    }

    private Task<PageOutcome> Read(string dataset = "invoices", int page = 1, DateTimeOffset? since = null, CallPriority priority = CallPriority.Scheduled) =>
        Reader().ReadPageAsync(Books, XeroDatasets.All.Single(one => one.Name == dataset), new(page, since, priority), Cancellation);

    [Theory]
    [InlineData(401, "4xx")]
    [InlineData(429, "429")]
    [InlineData(500, "5xx")]
    [InlineData(0, "none")]
    public async Task The_call_that_tells_two_refusals_apart_is_counted_by_what_it_was_answered(int status, string counted)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        List<string> classes = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == "datahealth.provider.calls")
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => classes.Add($"{tags.ToArray().Single(tag => tag.Key == "status_class").Value}"));
        listener.Start();
        _xero.Then(403, Gone);
        if (status > 0)
            _xero.Then(status, "");
        else
            _xero.Then(_ => throw new HttpRequestException("Nobody answers."));

        var outcome = await Reader(new ProviderMetrics(meters)).ReadPageAsync(Books, XeroDatasets.All.Single(one => one.Name == "invoices"), new(1, null, CallPriority.Scheduled), Cancellation);

        outcome.ShouldBeOfType<PageOutcome.Failed>();
        classes.ShouldBe(["4xx", counted]);
    }

    [Fact]
    public async Task A_page_comes_compressed_and_says_what_it_cost()
    {
        var plain = Encoding.UTF8.GetBytes(Empty.Replace("[]}", $$"""[{"InvoiceID":"a-1","Reference":"{{new string('x', 50_000)}}"}]}""").Replace("\"pageCount\":1", "\"pageCount\":2"));
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(plain, Cancellation);
        _xero.Then(packed.ToArray(), headers: ("Content-Encoding", "gzip"));

        using var page = (await Read(since: new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero))).ShouldBeOfType<PageOutcome.Page>();

        page.Records.Single().Id.ShouldBe("a-1");
        page.NextPage.ShouldBe(2);
        page.ItemCount.ShouldBe(0);
        page.ProviderTime.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1795465852123));
        page.Cost.ShouldBe(new CallCost(1, packed.Length));
        var asked = _xero.Asked.Single();
        asked.Address.PathAndQuery.ShouldBe("/api.xro/2.0/Invoices?includeArchived=true&unitdp=4&page=1&pageSize=1000&order=InvoiceID%20ASC");
        (asked.Authorization, asked.Tenant, asked.Since).ShouldBe(("Bearer token-1", "ten-1", "2026-11-22T20:00:00"));
    }

    [Theory]
    [InlineData(401, """{"Detail":"AuthorizationUnsuccessful"}""", FaultKind.ScopeMissing)]
    [InlineData(403, """{"detail":"AuthorizationUnsuccessful"}""", FaultKind.ScopeMissing)]
    [InlineData(400, """{"ErrorNumber":10,"Type":"ValidationException","Message":"A validation exception occurred"}""", FaultKind.RequestRefused)]
    [InlineData(400, """{"ErrorNumber":16,"Type":"QueryParseException","Message":"No"}""", FaultKind.RequestRefused)]
    [InlineData(404, "The resource you're looking for cannot be found", FaultKind.RequestRefused)]
    [InlineData(412, "", FaultKind.RequestRefused)]
    [InlineData(501, "<ApiException/>", FaultKind.RequestRefused)]
    [InlineData(302, "", FaultKind.BadAnswer)]
    [InlineData(304, "", FaultKind.BadAnswer)]
    [InlineData(503, "This organisation is offline", FaultKind.OrganisationOffline)]
    [InlineData(200, "<html>", FaultKind.BadAnswer)]
    [InlineData(200, "", FaultKind.BadAnswer)]
    [InlineData(200, "{\"Invoices\":[\xff]}", FaultKind.BadAnswer)]
    public async Task A_refusal_is_named_at_once_and_is_never_no_rows(int status, string body, FaultKind expected)
    {
        _xero.Then(status, body);

        var failed = (await Read()).ShouldBeOfType<PageOutcome.Failed>();

        failed.Fault.Kind.ShouldBe(expected);
        failed.Fault.CorrelationId.ShouldBe("c0ffee00-1111-4222-8333-444455556666");
        failed.Cost.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_scope_that_is_missing_shows_in_the_header_too()
    {
        _xero.Then(403, "", headers: ("WWW-Authenticate", "insufficient_scope"));

        (await Read()).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.ScopeMissing);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    public async Task Another_content_type_is_a_bad_answer(string type)
    {
        _xero.Then(200, Empty, type);

        (await Read()).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.BadAnswer);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task An_outage_is_tried_three_times_and_each_attempt_counts(int status)
    {
        _xero.Then(status, "oops", "text/plain").Then(status, "oops", "text/plain").Then(status, "oops", "text/plain");

        var failed = (await Read()).ShouldBeOfType<PageOutcome.Failed>();

        (failed.Fault.Kind, failed.Cost).ShouldBe((FaultKind.ProviderUnavailable, new CallCost(3, 12)));
    }

    [Fact]
    public async Task One_fault_on_the_way_is_mended_by_trying_again()
    {
        _xero.Then(_ => throw new HttpRequestException("reset")).Then(200, Empty);

        (await Read()).ShouldBeOfType<PageOutcome.Page>().Cost.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_body_that_stays_cut_short_is_a_bad_answer()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Empty), Cancellation);
        for (var attempt = 0; attempt < 3; attempt++)
            _xero.Then(packed.ToArray()[..(int)(packed.Length / 2)], headers: ("Content-Encoding", "gzip"));

        (await Read()).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.BadAnswer);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_a_bad_answer_and_is_not_fetched_again()
    {
        _xero.Then(200, new string(' ', 100_001));

        (await Read()).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.BadAnswer);
    }

    [Theory]
    [InlineData("""{"Title":"Unauthorized","Detail":"TokenExpired: token expired at 11/23/2026 20:14:05"}""")]
    [InlineData("""{"title":"Unauthorized","detail":"AuthenticationUnsuccessful"}""")]
    public async Task A_refused_token_is_renewed_once_and_the_call_repeated(string body)
    {
        _xero.Then(401, body).Then(200, Empty);

        (await Read()).ShouldBeOfType<PageOutcome.Page>();

        await _tokens.Received(1).RenewAsync(Books.Grant, "token-1", TestContext.Current.CancellationToken);
        _xero.Asked[1].Authorization.ShouldBe("Bearer token-2");
    }

    [Fact]
    public async Task A_token_refused_twice_ends_the_read_but_not_the_connection()
    {
        _xero.Then(401, """{"Detail":"TokenExpired: again"}""").Then(401, """{"Detail":"TokenExpired: again"}""");

        (await Read()).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.ProviderUnavailable);
    }

    [Fact]
    public async Task A_grant_that_is_dead_is_a_lost_connection_and_nothing_is_sent()
    {
        _tokens.GetAsync(default, TestContext.Current.CancellationToken).ReturnsForAnyArgs(new AccessTokenOutcome.Lost(new(FaultKind.GrantInvalid, "invalid_grant")));

        (await Read()).ShouldBeOfType<PageOutcome.ConnectionLost>().Fault.Kind.ShouldBe(FaultKind.GrantInvalid);

        _xero.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_403_with_the_organisation_gone_is_a_lost_connection()
    {
        _xero.Then(403, Gone).Then(200, """[{"id":"c","tenantId":"another","tenantType":"ORGANISATION"}]""");

        (await Read()).ShouldBeOfType<PageOutcome.ConnectionLost>().Fault.Kind.ShouldBe(FaultKind.OrganisationRemoved);
    }

    [Theory]
    [InlineData(200, """[{"id":"c","tenantId":"TEN-1","tenantType":"ORGANISATION"}]""", FaultKind.UserRightMissing)]
    [InlineData(500, "", FaultKind.ProviderUnavailable)]
    [InlineData(401, "", FaultKind.ProviderUnavailable)]
    public async Task A_403_without_that_proof_is_not(int status, string body, FaultKind expected)
    {
        _xero.Then(403, Gone).Then(status, body);

        (await Read()).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(expected);
    }

    [Theory]
    [InlineData("day", 41230, LimitKind.Day)]
    [InlineData("Daily", 41230, LimitKind.Day)]
    [InlineData("minute", 41, LimitKind.Minute)]
    [InlineData("Minute", 41, LimitKind.Minute)]
    [InlineData("appminute", 41, LimitKind.AppMinute)]
    [InlineData("something", 41, LimitKind.Unknown)]
    public async Task A_limit_is_an_outcome_and_stops_every_further_call(string problem, int seconds, LimitKind expected)
    {
        _xero.Then(429, "any text", "text/plain", ("X-Rate-Limit-Problem", problem), ("Retry-After", $"{seconds}"), ("X-MinLimit-Remaining", "60"));
        var before = TimeProvider.System.GetUtcNow();

        var first = (await Read()).ShouldBeOfType<PageOutcome.Limited>();
        var second = (await Read(priority: CallPriority.Person)).ShouldBeOfType<PageOutcome.Limited>();

        (first.Limit, first.IsEstimate, first.Cost.Calls, second.Limit, second.Cost.Calls).ShouldBe((expected, false, 1, expected, 0));
        first.Until.ShouldBeInRange(before.AddSeconds(seconds), TimeProvider.System.GetUtcNow().AddSeconds(seconds + 3));
        _xero.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_day_with_nothing_left_is_the_days_limit_whatever_the_text_says()
    {
        _xero.Then(429, "", headers: [("X-DayLimit-Remaining", "0"), ("X-Rate-Limit-Problem", "minute"), ("Retry-After", "5000")]);

        (await Read()).ShouldBeOfType<PageOutcome.Limited>().Limit.ShouldBe(LimitKind.Day);
    }

    [Fact]
    public async Task A_503_of_the_old_style_is_a_limit_by_its_headers()
    {
        _xero.Then(503, "oauth_problem=rate%20limit%20exceeded", "application/x-www-form-urlencoded", ("X-Rate-Limit-Problem", "Daily"), ("Retry-After", "500"));

        (await Read()).ShouldBeOfType<PageOutcome.Limited>().Limit.ShouldBe(LimitKind.Day);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3600, 1)]
    public async Task An_outage_that_says_how_long_is_left_alone_for_so_long(int seconds, int calls)
    {
        _xero.Then(503, "API offline for maintenance", "text/plain", ("Retry-After", $"{seconds}")).Then(200, Empty);
        var before = TimeProvider.System.GetTimestamp();

        var outcome = await Read();

        outcome.Cost.Calls.ShouldBe(calls);
        (outcome is PageOutcome.Page).ShouldBe(calls == 2);
        if (calls == 2)
            TimeProvider.System.GetElapsedTime(before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(0.95));
    }

    [Fact]
    public async Task A_page_that_shows_our_request_does_not_bring_its_token_into_the_record()
    {
        var token = new string('k', 200);
        _tokens.GetAsync(default, default).ReturnsForAnyArgs(new AccessTokenOutcome.Token(token));
        _xero.Then(400, $"Bad request. You sent authorization: Bearer {token}", "text/plain");

        var fault = (await Read()).ShouldBeOfType<PageOutcome.Failed>().Fault;

        fault.Technical.ShouldBe("Answered 400: Bad request. You sent authorization: Bearer …");
    }

    [Fact]
    public async Task A_limit_that_lifts_in_a_moment_is_waited_for()
    {
        _app.LongestWait = TimeSpan.FromSeconds(3);
        _xero.Then(429, "", headers: [("X-Rate-Limit-Problem", "minute"), ("Retry-After", "1")]).Then(200, Empty);

        (await Read()).ShouldBeOfType<PageOutcome.Page>().Cost.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_high_volume_refusal_changes_the_order_for_good_in_every_process()
    {
        const string Refusal = """{"ErrorNumber":10,"Type":"ValidationException","Message":"Inefficient filtering for an extremely high volume organisation"}""";
        _xero.Then(400, Refusal).Then(200, Empty).Then(200, Empty).Then(200, Empty.Replace("Invoices", "Payments"));

        (await Read()).ShouldBeOfType<PageOutcome.Page>().Cost.Calls.ShouldBe(2);
        (await Read()).ShouldBeOfType<PageOutcome.Page>();
        (await Read("payments")).ShouldBeOfType<PageOutcome.Page>();

        _xero.Asked.Select(asked => asked.Address.Query.Split("order=")[1]).ShouldBe(["InvoiceID%20ASC", "UpdatedDateUTC%20ASC", "UpdatedDateUTC%20ASC", "PaymentID%20ASC"]);
    }

    [Fact]
    public async Task A_high_volume_refusal_in_the_middle_of_a_pass_mixes_no_orders_and_the_next_pass_has_the_other()
    {
        const string Refusal = "This organisation has an extremely high volume of records";
        _xero.Then(200, Empty).Then(400, Refusal, "text/plain").Then(200, Empty).Then(200, Empty).Then(400, Refusal, "text/plain");
        var reader = Reader();
        async Task<PageOutcome> Ask(int page, string? order) =>
            await reader.ReadPageAsync(Books, XeroDatasets.All.Single(one => one.Name == "invoices"), new(page, null, CallPriority.Scheduled) { Cursor = order }, Cancellation);

        var old = (await Ask(1, null)).ShouldBeOfType<PageOutcome.Page>().Cursor;
        (await Ask(3, old)).ShouldBeOfType<PageOutcome.OrderRefused>().Cost.Calls.ShouldBe(1);
        var other = (await Ask(1, null)).ShouldBeOfType<PageOutcome.Page>().Cursor;
        (await Ask(2, old)).ShouldBeOfType<PageOutcome.Page>().Cursor.ShouldBe(old);
        (await Ask(2, other)).ShouldBeOfType<PageOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.HighVolumeRefused);

        _xero.Asked.Select(asked => asked.Address.Query.Split("order=")[1])
            .ShouldBe(["InvoiceID%20ASC", "InvoiceID%20ASC", "UpdatedDateUTC%20ASC", "InvoiceID%20ASC", "UpdatedDateUTC%20ASC"]);
    }

    [Fact]
    public async Task A_count_is_one_call_for_one_record_with_the_same_filters()
    {
        _xero.Then(200, Empty.Replace("\"itemCount\":0", "\"itemCount\":1431"));

        var count = (await Reader().CountAsync(Books, XeroDatasets.All.Single(one => one.Name == "invoices"), CallPriority.Scheduled, Cancellation)).ShouldBeOfType<PageOutcome.Page>();

        count.ItemCount.ShouldBe(1431);
        _xero.Asked.Single().Address.Query.ShouldContain("includeArchived=true");
        _xero.Asked.Single().Address.Query.ShouldContain("pageSize=1&");
    }

    [Fact]
    public async Task Assets_are_paged_status_after_status_and_types_come_as_a_bare_list()
    {
        _xero.Then(200, """{"pagination":{"page":1,"pageSize":100,"pageCount":2,"itemCount":101},"items":[{"assetId":"a"}]}""")
            .Then(200, """{"pagination":{"page":2,"pageSize":100,"pageCount":2,"itemCount":101},"items":[{"assetId":"b"}]}""")
            .Then(200, """{"pagination":{"page":1,"pageCount":0,"itemCount":0},"items":[]}""")
            .Then(200, """{"pagination":{"page":1,"pageCount":0,"itemCount":0},"items":[]}""")
            .Then(200, """[{"assetTypeId":"t","assetTypeName":"Vans"}]""")
            .Then(200, """{"assetStartDate":"2025-01-01T00:00:00"}""");
        List<string> ids = [];
        for (int? page = 1; page is { } number;)
        {
            using var one = (await Read("assets", number)).ShouldBeOfType<PageOutcome.Page>();
            ids.AddRange(one.Records.Select(record => record.Id));
            page = one.NextPage;
        }

        ids.ShouldBe(["a", "b"]);
        _xero.Asked.Select(asked => asked.Address.PathAndQuery).ShouldBe(new[] { ("DRAFT", 1), ("DRAFT", 2), ("REGISTERED", 1), ("DISPOSED", 1) }
            .Select(page => $"/assets.xro/1.0/Assets?status={page.Item1}&page={page.Item2}&pageSize=100"));
        (await Read("asset-types")).ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("t");
        (await Read("asset-settings")).ShouldBeOfType<PageOutcome.Page>().Records.Single().Id.ShouldBe("settings");
    }

    [Fact]
    public void A_quiet_week_stays_under_24_calls_a_day_for_books_of_any_size()
    {
        var daily = XeroDatasets.All.Count(dataset => dataset.Cadence == Cadence.EverySync);

        // Assets are three calls, one for each status.
        var weekly = XeroDatasets.All.Count(dataset => dataset.Cadence == Cadence.Weekly) + 2 + XeroDatasets.All.Count(dataset => dataset.IsCountable)
            + (XeroDatasets.All.Count(dataset => dataset.HasSilentChanges) * new SyncOptions().SlowPassCalls);

        (daily + (weekly / 7.0)).ShouldBeLessThanOrEqualTo(24);
    }
}
