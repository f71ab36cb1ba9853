using System.Text.Json.Nodes;

namespace DataHealth.Sandbox.Tests.Server;

/// <summary>Calls as Xero's .NET SDK spells them (its Node SDK itself is run by npm run test:sdk): True and False, round-trip dates, lists joined by an encoded comma.</summary>
public sealed class SdkShapeSpecs
{
    [Theory]
    [InlineData("2020-01-01T00:00:00.0000000Z")]
    [InlineData("2020-01-01T13:00:00.0000000+13:00")]
    [InlineData("2020-01-01T00:00:00.0000000")]
    public async Task A_list_is_read_with_every_parameter_of_the_SDK(string since)
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var plain = await xero.JsonAsync("Invoices?page=1&pageSize=1000");
        var two = string.Join("%2C", plain["Invoices"]!.AsArray().Take(2).Select(invoice => (string)invoice!["InvoiceID"]!));

        var answer = await xero.JsonAsync(
            "Invoices?where=Total%3E%3D0&order=InvoiceID%20ASC&page=1&includeArchived=True&createdByMyApp=False&unitdp=4&summaryOnly=False&pageSize=1000",
            change: request => request.Headers.TryAddWithoutValidation("If-Modified-Since", since));
        var chosen = await xero.JsonAsync($"Invoices?IDs={two}&Statuses=PAID%2CAUTHORISED%2CVOIDED%2CDRAFT%2CSUBMITTED%2CDELETED&includeArchived=True");

        ((int)answer["pagination"]!["itemCount"]!).ShouldBe((int)plain["pagination"]!["itemCount"]!);
        chosen["Invoices"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_report_takes_round_trip_dates()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        var iso = await xero.JsonAsync("Reports/TrialBalance?date=2026-10-31&paymentsOnly=False");
        var roundTrip = await xero.JsonAsync("Reports/TrialBalance?date=2026-10-31T00%3A00%3A00.0000000&paymentsOnly=False");

        JsonNode.DeepEquals(iso["Reports"], roundTrip["Reports"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Contact.Name.ToLower().Contains(\"a\")", "Contact.Name.Contains(\"A\")")]
    [InlineData("Date.Year==2026 AND Date.Month==7", "Date>=DateTime(2026,07,01) AND Date<DateTime(2026,08,01)")]
    [InlineData("InvoiceNumber.Length>0", "InvoiceNumber!=null")]
    [InlineData("FullyPaidOnDate.HasValue", "FullyPaidOnDate!=null")]
    [InlineData("DueDate.Value.Date<DateTime.Parse(\"2026-01-01\")", "DueDate<DateTime(2026,1,1)")]
    public async Task What_NET_gives_a_field_can_be_asked_for(string where, string same)
    {
        await using var xero = await XeroVisitor.ConnectedAsync();

        var found = await xero.JsonAsync("Invoices?where=" + Uri.EscapeDataString(where));

        found["Invoices"]!.AsArray().ShouldNotBeEmpty();
        found["Invoices"]!.AsArray().Count.ShouldBe((await xero.JsonAsync("Invoices?where=" + Uri.EscapeDataString(same)))["Invoices"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_app_that_names_no_scope_gets_what_it_may_have()
    {
        await using var xero = await XeroVisitor.StartAsync();

        using var tokens = await xero.TokenAsync([("grant_type", "client_credentials"), ("scopes", "app.connections")]);

        ((string)(await xero.TakeAsync(tokens))["scope"]!).ShouldBe("app.connections");
    }
}
