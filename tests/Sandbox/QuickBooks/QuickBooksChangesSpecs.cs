using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using static DataHealth.Sandbox.Tests.QuickBooks.QuickBooksVisitor;

namespace DataHealth.Sandbox.Tests.QuickBooks;

public sealed class QuickBooksChangesSpecs
{
    private const string Everything = "Invoice,Bill,Payment,BillPayment,CreditMemo,VendorCredit,SalesReceipt,RefundReceipt,Purchase,Deposit,Transfer,JournalEntry,Estimate,PurchaseOrder,"
        + "Customer,Vendor,Account,Item,Attachable,CompanyInfo,Preferences";

    [Fact]
    public async Task Changes_since_a_moment_are_whole_records_and_what_was_deleted_a_stub()
    {
        await using var visitor = await ConnectedAsync();
        visitor.Time.Advance(TimeSpan.FromMinutes(10));
        var moment = visitor.Time.GetUtcNow();
        var open = (await visitor.ListAsync("Invoice", "where Balance > '0'")).Where(invoice => invoice["LinkedTxn"]!.AsArray().Count == 0).Select(invoice => (string)invoice["Id"]!).ToList();
        await visitor.EditAsync(new { kind = "edit", collection = "Invoice", id = open[0], set = new { PrivateNote = "changed" } });
        await visitor.EditAsync(new { kind = "delete", collection = "Invoice", id = open[1] });

        var changed = await ChangesAsync(visitor, "Invoice,Bill", moment);

        ((string)changed["Invoice"].Single(record => record["status"] is null)["PrivateNote"]!).ShouldBe("changed");
        var stub = changed["Invoice"].Single(record => (string?)record["status"] == "Deleted");
        ((string)stub["Id"]!).ShouldBe(open[1]);
        changed.ContainsKey("Bill").ShouldBeFalse();
        using var read = await visitor.GetAsync("invoice/" + open[1]);
        (await FaultAsync(read)).ShouldBe((400, "610"));
        (await visitor.ListAsync("Invoice")).ShouldNotContain(invoice => (string)invoice["Id"]! == open[1]);
    }

    [Fact]
    public async Task An_entity_that_the_plan_lacks_is_refused_by_itself_and_refuses_a_question_that_names_others_too()
    {
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { notInPlan = new[] { "Class" } });
        var since = Uri.EscapeDataString(visitor.Time.GetUtcNow().AddDays(-1).ToString("O"));

        foreach (var path in (string[])[$"cdc?entities=Invoice,Class&changedSince={since}", $"query?query={Uri.EscapeDataString("select * from Class")}"])
        {
            using var refused = await visitor.GetAsync(path);
            (await FaultAsync(refused)).ShouldBe((400, "5020"));
        }

        using var others = await visitor.GetAsync($"cdc?entities=Invoice&changedSince={since}");
        ((int)others.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task No_more_than_a_thousand_objects_come_in_all()
    {
        await using var visitor = await ConnectedAsync();
        await visitor.ControlAsync(HttpMethod.Post, "organisations", new { name = "Busy Ltd", size = "6000", seed = 5, tenantId = "123456", today = "2026-11-23" });
        await visitor.ConnectAsync("123456");
        await visitor.ControlAsync(HttpMethod.Post, "organisations/123456/edits/random", new { seed = 3, count = 1200, mix = new { create = 1200, edit = 0, @void = 0, delete = 0, archive = 0, merge = 0, pay = 0 } });

        var changed = await ChangesAsync(visitor, Everything, visitor.Time.GetUtcNow().AddMinutes(-1), "123456");

        changed.Values.Sum(list => list.Count).ShouldBe(1000);
    }

    [Fact]
    public async Task A_moment_of_more_than_thirty_days_ago_is_refused_or_clipped()
    {
        await using var visitor = await ConnectedAsync();
        var path = $"cdc?entities=Invoice&changedSince={Uri.EscapeDataString(visitor.Time.GetUtcNow().AddDays(-31).ToString("O"))}";
        using (var answer = await visitor.GetAsync(path))
            ((int)answer.StatusCode).ShouldBe(400);

        await visitor.ControlAsync(HttpMethod.Patch, "switches", new { cdcTooOldRefused = false });

        (await visitor.JsonAsync(path))["CDCResponse"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("TaxCode")]
    [InlineData("TaxRate")]
    [InlineData("Nonsense")]
    public async Task Some_entities_are_not_in_changes(string entity)
    {
        await using var visitor = await ConnectedAsync();

        using var answer = await visitor.GetAsync($"cdc?entities=Invoice,{entity}&changedSince=2026-11-23");

        ((int)answer.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Nothing_changed_is_one_empty_response()
    {
        await using var visitor = await ConnectedAsync();
        visitor.Time.Advance(TimeSpan.FromDays(3));
        using (var fresh = await visitor.RefreshAsync())
            await visitor.TakeAsync(fresh);

        var answer = await visitor.JsonAsync($"cdc?entities=Invoice,Bill&changedSince={Uri.EscapeDataString(visitor.Time.GetUtcNow().AddDays(-1).ToString("O"))}");

        answer["CDCResponse"]!.ToJsonString().ShouldBe("""[{"QueryResponse":[{}]}]""");
    }

    [Fact]
    public async Task A_copy_kept_by_changes_equals_the_books_after_hundreds_of_edits()
    {
        await using var visitor = await ConnectedAsync();
        var entities = Everything.Split(',');
        var copy = new Dictionary<(string, string), string>();
        foreach (var entity in entities)
        {
            foreach (var record in await visitor.ListAsync(entity, entity is "Customer" or "Vendor" or "Account" or "Item" ? "where Active IN (true,false)" : ""))
                copy[(entity, (string)record["Id"]!)] = Canonical(entity, record);
        }

        var moment = visitor.Time.GetUtcNow();
        visitor.Time.Advance(TimeSpan.FromMinutes(10));
        await visitor.ControlAsync(HttpMethod.Post, $"organisations/{Birch}/edits/random", new { seed = 11, count = 300 });

        foreach (var (entity, records) in await ChangesAsync(visitor, Everything, moment))
        {
            foreach (var record in records)
            {
                if ((string?)record["status"] == "Deleted")
                    copy.Remove((entity, (string)record["Id"]!));
                else
                    copy[(entity, (string)record["Id"]!)] = Canonical(entity, record);
            }
        }

        foreach (var entity in entities)
        {
            var checksum = new CanonicalChecksum();
            foreach (var (_, json) in copy.Where(pair => pair.Key.Item1 == entity))
                checksum.Add(json);
            ((string)(await visitor.ControlAsync(HttpMethod.Get, $"organisations/{Birch}/truth/{entity}?withoutSilent=true"))!["checksum"]!).ShouldBe(checksum.ToString(), entity);
        }
    }

    [Fact]
    public async Task A_void_keeps_the_record_at_zero_and_marks_its_note()
    {
        await using var visitor = await ConnectedAsync();
        var invoice = (await visitor.ListAsync("Invoice", "where Balance > '0'")).First(found => found["LinkedTxn"]!.AsArray().Count == 0);
        var payment = (await visitor.ListAsync("Payment", "where TotalAmt > '0'")).First(found => found["UnappliedAmt"]!.GetValue<decimal>() == 0);
        await visitor.EditAsync(new { kind = "void", collection = "Invoice", id = (string)invoice["Id"]! });
        await visitor.EditAsync(new { kind = "void", collection = "Payment", id = (string)payment["Id"]! });

        var voided = (await visitor.JsonAsync("invoice/" + (string)invoice["Id"]!))["Invoice"]!;
        var gone = (await visitor.JsonAsync("payment/" + (string)payment["Id"]!))["Payment"]!;

        ((decimal)voided["TotalAmt"]!, (decimal)voided["Balance"]!, (decimal)voided["Line"]![0]!["Amount"]!, (decimal)voided["Line"]![0]!["SalesItemLineDetail"]!["Qty"]!).ShouldBe((0m, 0m, 0m, 0m));
        ((string)voided["PrivateNote"]!).ShouldStartWith("Voided");
        ((decimal)gone["TotalAmt"]!, gone["Line"]!.AsArray().Count).ShouldBe((0m, 0));
        var paid = (string)payment["Line"]![0]!["LinkedTxn"]![0]!["TxnId"]!;
        ((decimal)(await visitor.JsonAsync("invoice/" + paid))["Invoice"]!["Balance"]!).ShouldBeGreaterThan(0m);
    }

    [Fact]
    public async Task Amounts_of_nothing_below_nothing_and_of_fifteen_digits_stand()
    {
        await using var visitor = await ConnectedAsync();
        foreach (var amount in new[] { "0", "-12.34", "9999999999999.99" })
        {
            var made = (await visitor.EditAsync(new { kind = "create", collection = "Bill" }))![0]!;
            var id = (string)made["id"]!;
            await visitor.EditAsync(new { kind = "edit", collection = "Bill", id, set = new { UnitPrice = amount } });
            var bill = (await visitor.JsonAsync("bill/" + id))["Bill"]!;
            var line = bill["Line"]![0]!;
            ((decimal)bill["TotalAmt"]!).ShouldBe(bill["Line"]!.AsArray().Sum(l => (decimal)l!["Amount"]!) + (decimal)bill["TxnTaxDetail"]!["TotalTax"]!);
            Math.Sign((decimal)line["Amount"]!).ShouldBe(Math.Sign(decimal.Parse(amount)));
        }
    }

    [Fact]
    public async Task An_edit_during_paging_comes_after_the_page_it_was_planned_for()
    {
        await using var visitor = await ConnectedAsync();
        var before = await visitor.CountAsync("Bill");
        await visitor.ControlAsync(HttpMethod.Post, $"organisations/{Birch}/edits/scheduled", new { collection = "Bill", afterPageCall = 2, edits = new[] { new { kind = "create", collection = "Bill" } } });

        await visitor.QueryAsync("select * from Bill STARTPOSITION 1 MAXRESULTS 10");
        (await visitor.CountAsync("Bill")).ShouldBe(before, "the second call was read before the edit");

        (await visitor.CountAsync("Bill")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task The_cleared_state_changes_without_a_trace_in_the_record()
    {
        await using var visitor = await ConnectedAsync();
        var row = (await visitor.JsonAsync("reports/TransactionList?cleared=Uncleared&transaction_type=ReceivePayment&start_date=2023-01-01&end_date=2026-11-23"))["Rows"]!["Row"]!.AsArray().First(found => (string)found!["ColData"]![8]!["value"]! != "0.00")!;
        var id = (string)row["ColData"]![1]!["id"]!;
        var before = (await visitor.JsonAsync("payment/" + id))["Payment"]!.ToJsonString();

        await visitor.EditAsync(new { kind = "silent", collection = "Payment", id });

        (await visitor.JsonAsync("payment/" + id))["Payment"]!.ToJsonString().ShouldBe(before);
        (await visitor.JsonAsync("reports/TransactionList?cleared=Reconciled&transaction_type=ReceivePayment&start_date=2023-01-01&end_date=2026-11-23"))["Rows"]!["Row"]!.AsArray()
            .ShouldContain(found => (string)found!["ColData"]![1]!["id"]! == id);
    }

    private static string Canonical(string entity, JsonObject record) => CanonicalJson.Of(record.ToJsonString(), Local.Sandbox.QuickBooks.Books.RealmBooks.SilentFields(entity));

    private static async Task<Dictionary<string, List<JsonObject>>> ChangesAsync(QuickBooksVisitor visitor, string entities, DateTimeOffset since, string realm = Birch)
    {
        var answer = await visitor.JsonAsync($"cdc?entities={entities}&changedSince={Uri.EscapeDataString(since.ToString("O"))}", realm);
        return answer["CDCResponse"]![0]!["QueryResponse"]!.AsArray().SelectMany(response => response!.AsObject()).Where(pair => pair.Value is JsonArray)
            .ToDictionary(pair => pair.Key, pair => pair.Value!.AsArray().Select(node => node!.AsObject()).ToList());
    }
}
