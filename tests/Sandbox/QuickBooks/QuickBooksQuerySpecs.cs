using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using static DataHealth.Sandbox.Tests.QuickBooks.QuickBooksVisitor;

namespace DataHealth.Sandbox.Tests.QuickBooks;

public sealed class QuickBooksQuerySpecs
{
    [Fact]
    public async Task Pages_ordered_by_id_hold_every_record_once_and_agree_with_the_truth()
    {
        await using var visitor = await ConnectedAsync();
        foreach (var entity in new[] { "Invoice", "Bill", "Payment", "BillPayment", "Customer", "Vendor", "Purchase", "JournalEntry", "Account" })
        {
            var ids = new List<long>();
            var all = "where Active IN (true, false) ";
            var where = entity is "Customer" or "Vendor" or "Account" ? all : "";
            for (var start = 1; ; start += 20)
            {
                var page = (await visitor.QueryAsync($"select * from {entity} {where}ORDERBY Id STARTPOSITION {start} MAXRESULTS 20"))[entity]?.AsArray() ?? [];
                ids.AddRange(page.Select(record => long.Parse((string)record!["Id"]!)));
                if (page.Count < 20)
                    break;
            }

            ids.ShouldBe(ids.Order());
            ids.Distinct().Count().ShouldBe(ids.Count);
            (await visitor.CountAsync(entity, where)).ShouldBe(ids.Count);
            ((int)(await visitor.ControlAsync(HttpMethod.Get, $"organisations/{Birch}/truth/{entity}"))!["count"]!).ShouldBe(ids.Count);
        }
    }

    [Fact]
    public async Task A_list_holds_active_records_only_unless_it_asks_for_the_others()
    {
        await using var visitor = await ConnectedAsync();
        var id = (string)(await visitor.ListAsync("Customer"))[0]["Id"]!;
        var active = await visitor.CountAsync("Customer");

        await visitor.EditAsync(new { kind = "archive", collection = "Customer", id });

        (await visitor.CountAsync("Customer")).ShouldBe(active - 1);
        var gone = (await visitor.ListAsync("Customer", "where Active = false")).Single(customer => (string)customer["Id"]! == id);
        ((string)gone["DisplayName"]!).ShouldEndWith(" (deleted)");
        (await visitor.JsonAsync("customer/" + id))["Customer"]!["Active"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData("select * from Invoice where TotalAmt > '100' and TxnDate >= '2025-01-01' ORDER BY TxnDate DESC, Id")]
    [InlineData("SELECT * FROM Invoice WHERE totalamt > '100' AND txndate >= '2025-01-01' orderby txndate desc, id STARTPOSITION 1 MAXRESULTS 1000")]
    public async Task Operators_orders_and_keywords_work_in_either_spelling(string query)
    {
        await using var visitor = await ConnectedAsync();

        var found = (await visitor.QueryAsync(query))["Invoice"]!.AsArray().Select(node => ((decimal)node!["TotalAmt"]!, (string)node["TxnDate"]!)).ToList();

        found.ShouldNotBeEmpty();
        found.ShouldAllBe(invoice => invoice.Item1 > 100 && string.CompareOrdinal(invoice.Item2, "2025-01-01") >= 0);
        found.Select(invoice => invoice.Item2).ShouldBe(found.Select(invoice => invoice.Item2).OrderDescending());
    }

    [Fact]
    public async Task References_lists_and_patterns_can_be_asked_for()
    {
        await using var visitor = await ConnectedAsync();
        var invoice = (await visitor.ListAsync("Invoice"))[0];
        var customer = (string)invoice["CustomerRef"]!["value"]!;

        (await visitor.ListAsync("Invoice", $"where CustomerRef = '{customer}'")).ShouldAllBe(found => (string)found["CustomerRef"]!["value"]! == customer);
        (await visitor.ListAsync("Invoice", $"where Id IN ('{(string)invoice["Id"]!}', '999999999')")).Count.ShouldBe(1);
        (await visitor.ListAsync("Invoice", "where DocNumber LIKE 'INV-%1'")).ShouldAllBe(found => ((string)found["DocNumber"]!).EndsWith('1'));
        (await visitor.ListAsync("Attachable", "where AttachableRef.EntityRef.Type = 'Bill'")).ShouldAllBe(found => (string)found["AttachableRef"]![0]!["EntityRef"]!["type"]! == "Bill");
    }

    [Theory]
    [InlineData("O'Neill & Co")]
    [InlineData("株式会社 \"Söhne\" – 100%")]
    [InlineData("Back\\slash")]
    public async Task Names_with_quotes_ampersands_and_other_scripts_are_found(string name)
    {
        await using var visitor = await ConnectedAsync();
        var id = (string)(await visitor.ListAsync("Vendor"))[0]["Id"]!;
        await visitor.EditAsync(new { kind = "edit", collection = "Vendor", id, set = new { DisplayName = name } });
        var quoted = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);

        var found = await visitor.ListAsync("Vendor", $"where DisplayName = '{quoted}'");

        found.Select(vendor => (string)vendor["Id"]!).ShouldBe([id]);
        ((string)found[0]["DisplayName"]!).ShouldBe(name);
    }

    [Theory]
    [InlineData("select * from Invoice where Id = '1' OR Id = '2'", "4000")]
    [InlineData("select * from Invoice where DocNumber = 'x", "4000")]
    [InlineData("delete from Invoice", "4000")]
    [InlineData("", "4000")]
    [InlineData("select * from invoice", "4001")]
    [InlineData("select * from Nonsense", "4001")]
    [InlineData("select * from Invoice MAXRESULTS 1001", "4001")]
    [InlineData("select * from Invoice where Id = 'abc'", "4001")]
    [InlineData("select * from Invoice where MetaData.LastUpdatedTime > 'yesterday'", "4001")]
    public async Task A_query_that_cannot_be_is_a_400_with_a_code(string query, string code)
    {
        await using var visitor = await ConnectedAsync(options: new() { Limits = new() { Enforced = false }, Switches = new() { StrictEntityNames = true } });

        using var answer = await visitor.AskAsync(query);

        (await FaultAsync(answer)).ShouldBe((400, code));
    }

    [Fact]
    public async Task The_parser_answers_every_text_and_breaks_on_none()
    {
        await using var visitor = await ConnectedAsync();
        string[] words = ["select", "*", "count", "(", ")", "from", "Invoice", "where", "Id", "=", ">", "'1'", "and", "in", ",", "orderby", "startposition", "1", "maxresults", "like", "'", "\\", "é"];
        var queries = Gen.Int[0, words.Length - 1].Array[0, 14].Select(picks => string.Join(' ', picks.Select(pick => words[pick]))).Array[100].Single();

        foreach (var query in queries)
        {
            using var answer = await visitor.AskAsync(query);
            ((int)answer.StatusCode).ShouldBeOneOf(200, 400);
        }
    }

    [Fact]
    public async Task A_query_may_be_posted_as_text()
    {
        await using var visitor = await ConnectedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v3/company/{Birch}/query?minorversion=75")
        {
            Content = new StringContent("select count(*) from Invoice", Encoding.UTF8, new MediaTypeHeaderValue("application/text")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", visitor.AccessToken);

        using var answer = await visitor.Http.SendAsync(request);

        ((int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["QueryResponse"]!["totalCount"]!).ShouldBe(await visitor.CountAsync("Invoice"));
    }

    [Fact]
    public async Task An_empty_result_has_no_array_and_ids_can_be_text()
    {
        await using var visitor = await ConnectedAsync();

        (await visitor.QueryAsync("select * from Invoice where Id = '999999999'")).Count.ShouldBe(0);
        (await visitor.QueryAsync("select * from Budget")).Count.ShouldBe(0);
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { idsAsText = true });
        var ids = (await visitor.ListAsync("Payment", "ORDERBY Id")).Select(record => (string)record["Id"]!).ToList();
        ids.ShouldBe(ids.OrderBy(id => id, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_answers_item_by_item_and_a_bad_one_has_its_fault()
    {
        await using var visitor = await ConnectedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v3/company/{Birch}/batch")
        {
            Content = new StringContent("""{"BatchItemRequest":[{"bId":"a","Query":"select count(*) from Bill"},{"bId":"b","Query":"select nonsense"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", visitor.AccessToken);

        using var answer = await visitor.Http.SendAsync(request);

        var items = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["BatchItemResponse"]!;
        ((int)items[0]!["QueryResponse"]!["totalCount"]!).ShouldBe(await visitor.CountAsync("Bill"));
        ((string)items[1]!["bId"]!, (string)items[1]!["Fault"]!["Error"]![0]!["code"]!).ShouldBe(("b", "4000"));
        ((int)(await visitor.ControlAsync(HttpMethod.Get, "limits/standing"))![0]!["monthUsed"]!).ShouldBe(3, "batch items are metered one by one");
    }

    [Fact]
    public async Task Company_and_preferences_say_what_kind_of_company_it_is()
    {
        await using var visitor = await ConnectedAsync(OneCurrency);
        var company = (await visitor.JsonAsync($"companyinfo/{OneCurrency}", OneCurrency))["CompanyInfo"]!;
        var preferences = (await visitor.QueryAsync("select * from Preferences", OneCurrency))["Preferences"]![0]!;

        ((string)company["CompanyName"]!, (string)company["FiscalYearStartMonth"]!, (string)company["Country"]!).ShouldBe(("Lantern Books Ltd", "April", "GB"));
        ((bool)preferences["CurrencyPrefs"]!["MultiCurrencyEnabled"]!).ShouldBeFalse();
        (await visitor.ListAsync("Invoice", realm: OneCurrency)).ShouldAllBe(invoice => !invoice.ContainsKey("CurrencyRef"));
        await visitor.EditAsync(new { kind = "edit", collection = "Preferences", id = "1", set = new { BookCloseDate = "2026-09-30" } }, OneCurrency);
        ((string)(await visitor.JsonAsync("preferences", OneCurrency))["Preferences"]!["AccountingInfoPrefs"]!["BookCloseDate"]!).ShouldBe("2026-09-30");
    }

    [Fact]
    public async Task Writing_is_refused()
    {
        await using var visitor = await ConnectedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v3/company/{Birch}/invoice") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", visitor.AccessToken);

        using var answer = await visitor.Http.SendAsync(request);

        (await FaultAsync(answer)).ShouldBe((400, "500"));
    }
}
