using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Sandbox.Tests.Server;

public sealed class DataSpecs
{
    [Fact]
    public async Task Pages_by_id_hold_every_record_once_and_only_paged_lists_have_lines_and_pagination()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var truth = (await xero.ControlAsync(HttpMethod.Get, $"organisations/{XeroVisitor.Birch}/truth/Invoices"))!;
        var ids = new List<string>();

        for (var page = 1; ; page++)
        {
            var json = await xero.JsonAsync($"Invoices?page={page}&pageSize=50&order=InvoiceID%20ASC");
            ids.AddRange(json["Invoices"]!.AsArray().Select(invoice => (string)invoice!["InvoiceID"]!));
            json["Invoices"]!.AsArray().ShouldAllBe(invoice => invoice!["LineItems"]!.AsArray().Count > 0);
            if (page >= (int)json["pagination"]!["pageCount"]!)
                break;
        }

        var unpaged = await xero.JsonAsync("Invoices");

        ids.Distinct().Count().ShouldBe(ids.Count);
        ids.Count.ShouldBe((int)truth["defaultCount"]!);
        unpaged["pagination"].ShouldBeNull();
        unpaged["Invoices"]!.AsArray().Count.ShouldBe(ids.Count);
        (unpaged["Invoices"]![0]!["LineItems"]?.AsArray().Count ?? 0).ShouldBe(0);
    }

    [Fact]
    public async Task Page_sizes_are_brought_into_range_and_a_page_past_the_end_is_an_empty_list_or_404()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        ((int)(await xero.JsonAsync("Contacts?page=1&pageSize=5000"))["pagination"]!["pageSize"]!).ShouldBe(1000);
        ((int)(await xero.JsonAsync("Contacts?page=1&pageSize=0"))["pagination"]!["pageSize"]!).ShouldBe(1);
        ((int)(await xero.JsonAsync("Contacts?page=1"))["pagination"]!["pageSize"]!).ShouldBe(100);
        (await xero.JsonAsync("Contacts?page=900"))["Contacts"]!.AsArray().ShouldBeEmpty();
        await xero.ControlAsync(HttpMethod.Patch, "switches", new { pagePastEndStatus = 404 });
        using var gone = await xero.ListAsync("Contacts?page=900");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        gone.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Theory]
    [InlineData("2026-11-23T20:05:00", 1)]
    [InlineData("2026-11-23T20:05:00Z", 1)]
    [InlineData("2026-11-23T21:05:00+01:00", 1)]
    [InlineData("2026-11-23T20:05:00.999", 1)]
    [InlineData("2026-11-23T20:05:01", 0)]
    public async Task If_Modified_Since_is_accurate_to_the_second(string since, int changed)
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        xero.Time.Advance(TimeSpan.FromSeconds(300.4));
        var contact = (await xero.JsonAsync("Contacts?page=1&pageSize=1"))["Contacts"]![0]!["ContactID"]!.ToString();
        await xero.ControlAsync(HttpMethod.Post, $"organisations/{XeroVisitor.Birch}/edits", new { kind = "edit", collection = "Contacts", id = contact, set = new Dictionary<string, string> { ["Name"] = "Renamed Ltd" } });

        var answer = await xero.JsonAsync("Contacts?page=1", change: request => request.Headers.TryAddWithoutValidation("If-Modified-Since", since));

        answer["Contacts"]!.AsArray().Count.ShouldBe(changed);
    }

    [Theory]
    [InlineData("Status==\"AUTHORISED\" AND Type==\"ACCREC\"")]
    [InlineData("Date >= DateTime(2026, 01, 01) && Total > 10.5")]
    [InlineData("(Reference == null OR Reference != \"x\") AND !(Type==\"ACCPAY\")")]
    [InlineData("Contact.ContactID != Guid(\"00000000-0000-0000-0000-000000000000\") AND HasAttachments==false")]
    public async Task Where_clauses_as_clients_send_them_are_carried_out(string where)
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var all = (int)(await xero.JsonAsync("Invoices?page=1"))["pagination"]!["itemCount"]!;

        var found = (int)(await xero.JsonAsync("Invoices?page=1&where=" + Uri.EscapeDataString(where)))["pagination"]!["itemCount"]!;
        var others = (int)(await xero.JsonAsync("Invoices?page=1&where=" + Uri.EscapeDataString($"!({where})")))["pagination"]!["itemCount"]!;

        found.ShouldBeGreaterThan(0);
        (found + others).ShouldBe(all);
    }

    [Theory]
    [InlineData("Nonsense==1")]
    [InlineData("Status==")]
    [InlineData("Status==\"A")]
    [InlineData("InvoiceID==\"not a guid\"")]
    [InlineData("Date > DateTime(2026)")]
    public async Task A_where_clause_that_cannot_be_read_is_a_QueryParseException(string where)
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        using var answer = await xero.ListAsync("Invoices?page=1&where=" + Uri.EscapeDataString(where));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var json = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        ((string)json["Type"]!).ShouldBe("QueryParseException");
        ((int)json["ErrorNumber"]!).ShouldBe(16);
    }

    [Fact]
    public async Task Archived_contacts_and_deleted_transfers_come_only_when_asked_for()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var contact = (await xero.JsonAsync("Contacts?page=1&pageSize=1"))["Contacts"]![0]!["ContactID"]!.ToString();
        var transfer = (await xero.JsonAsync("BankTransfers"))["BankTransfers"]![0]!["BankTransferID"]!.ToString();
        await xero.ControlAsync(HttpMethod.Post, $"organisations/{XeroVisitor.Birch}/edits", new object[]
        {
            new { kind = "archive", collection = "Contacts", id = contact },
            new { kind = "delete", collection = "BankTransfers", id = transfer },
        });

        async Task<bool> HasAsync(string path, string list, string id) => (await xero.JsonAsync(path))[list]!.AsArray().Any(record => record!.ToJsonString().Contains(id, StringComparison.Ordinal));

        (await HasAsync("Contacts?page=1&pageSize=1000", "Contacts", contact)).ShouldBeFalse();
        (await HasAsync("Contacts?page=1&pageSize=1000&includeArchived=true", "Contacts", contact)).ShouldBeTrue();
        (await HasAsync("BankTransfers", "BankTransfers", transfer)).ShouldBeFalse();
        (await HasAsync("BankTransfers?includeDeleted=true", "BankTransfers", transfer)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_record_comes_by_its_id_or_number_and_anything_else_is_a_404_in_html()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var invoice = (await xero.JsonAsync("Invoices?page=1&pageSize=1&where=" + Uri.EscapeDataString("Type==\"ACCREC\"")))["Invoices"]![0]!;

        var byId = await xero.JsonAsync($"Invoices/{invoice["InvoiceID"]}?unitdp=4");
        var byNumber = await xero.JsonAsync($"Invoices/{invoice["InvoiceNumber"]}");
        using var none = await xero.ListAsync($"Invoices/{Guid.NewGuid()}");
        using var tooLong = await xero.ListAsync("Invoices?IDs=" + string.Join(',', Enumerable.Repeat(Guid.NewGuid(), 100)));

        ((string)byId["Invoices"]![0]!["InvoiceID"]!).ShouldBe((string)invoice["InvoiceID"]!);
        ((string)byNumber["Invoices"]![0]!["InvoiceID"]!).ShouldBe((string)invoice["InvoiceID"]!);
        (await none.Content.ReadAsStringAsync()).ShouldBe("The resource you're looking for cannot be found");
        none.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        tooLong.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Whoever_does_not_ask_for_json_gets_xml_and_whoever_offers_gzip_gets_gzip()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        using var xml = await xero.ListAsync("Organisation", change: request => request.Headers.Accept.Clear());
        using var packed = await xero.ListAsync("Organisation", change: request => request.Headers.AcceptEncoding.ParseAdd("gzip"));

        xml.Content.Headers.ContentType!.MediaType.ShouldBe("text/xml");
        var document = System.Xml.Linq.XDocument.Parse(await xml.Content.ReadAsStringAsync());
        document.Root!.Element("Organisations")!.Element("Organisation")!.Element("Name")!.Value.ShouldBe("Birch & Ash Ltd");
        packed.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        packed.Headers.ETag.ShouldBeNull();
    }

    [Fact]
    public async Task Dates_are_spelled_as_the_switch_says()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        var usual = await (await xero.ListAsync("Accounts")).Content.ReadAsStringAsync();
        await xero.ControlAsync(HttpMethod.Patch, "switches", new { dates = "withoutOffset", escapeSlashes = false });
        var other = await (await xero.ListAsync("Accounts")).Content.ReadAsStringAsync();

        usual.ShouldContain("+0000)\\/\"");
        other.ShouldNotContain("+0000");
        other.ShouldContain("\"/Date(");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_scope_that_is_missing_is_said_as_the_switch_has_it(int status)
    {
        await using var xero = await XeroVisitor.ConnectedAsync(scopes: "openid offline_access accounting.settings.read");
        await xero.ControlAsync(HttpMethod.Patch, "switches", new { insufficientScopeStatus = status, errorKeys = "camel" });

        using var answer = await xero.ListAsync("Invoices?page=1");

        ((int)answer.StatusCode).ShouldBe(status);
        ((string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!).ShouldBe("AuthorizationUnsuccessful");
        answer.Headers.TryGetValues("WWW-Authenticate", out var challenge).ShouldBe(status == 401);
        (challenge is null || challenge.Single() == "insufficient_scope").ShouldBeTrue();
    }

    [Fact]
    public async Task A_person_without_the_reports_right_meets_403_on_reports_and_manual_journals_only()
    {
        await using var xero = await XeroVisitor.ConnectedAsync(person: DefaultWorld.Cleo);

        (await xero.ListAsync("Reports/TrialBalance")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await xero.ListAsync("ManualJournals?page=1")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await xero.ListAsync("Invoices?page=1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await xero.ListAsync("Contacts?page=1")).Content.ReadAsStringAsync()).ShouldNotContain("BankAccountDetails");
    }

    [Fact]
    public async Task An_unpaged_list_beyond_the_high_volume_mark_is_refused_with_400()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        await xero.ControlAsync(HttpMethod.Patch, "switches", new { highVolumeRecords = 50 });

        using var unpaged = await xero.ListAsync("Invoices");
        using var clumsy = await xero.ListAsync("Invoices?page=1&order=Reference");
        using var paged = await xero.ListAsync("Invoices?page=1&order=InvoiceID");

        unpaged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await unpaged.Content.ReadAsStringAsync()).ShouldContain("extremely high volume");
        clumsy.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        paged.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Assets_need_a_status_and_have_their_own_errors()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        using var without = await xero.GetAsync("/assets.xro/1.0/Assets");
        using var registered = await xero.GetAsync("/assets.xro/1.0/Assets?status=REGISTERED&pageSize=2");

        without.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await without.Content.ReadFromJsonAsync<JsonNode>())!["fieldValidationErrors"]!.AsArray().Count.ShouldBe(1);
        var json = (await registered.Content.ReadFromJsonAsync<JsonNode>())!;
        json["items"]!.AsArray().Count.ShouldBe(2);
        ((int)json["pagination"]!["itemCount"]!).ShouldBeGreaterThan(2);
    }
}
