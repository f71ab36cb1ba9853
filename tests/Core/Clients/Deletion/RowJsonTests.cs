using System.Text;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Costs;

namespace DataHealth.Core.Tests.Clients.Deletion;

/// <summary>What an export says of our rows: fields as the API spells them, data as it is.</summary>
public sealed class RowJsonTests
{
    [Fact]
    public void What_a_check_remembers_keeps_its_keys_and_all_else_begins_with_a_small_letter()
    {
        Written("""{"kind":"memory","check":"c","value":{"AccountsReceivable":{"Seen":1},"Ab1":null}}""").ShouldBe("""{"kind":"memory","check":"c","value":{"AccountsReceivable":{"Seen":1}}}""");
        Written("""{"kind":"health","value":{"At":"2026-11-23","Organisation":{"Value":"o"},"Gone":null}}""").ShouldBe("""{"kind":"health","value":{"at":"2026-11-23","organisation":"o"}}""");
    }

    [Fact]
    public void A_day_of_costs_says_which_day_it_is_and_what_each_sync_took()
    {
        var row = new TableEntity("practice|2026-11", "23|client") { ["Client"] = "client", ["Provider"] = "xero", ["Body"] = """{"run2":{"Calls":3,"Bytes":40},"run1":{"Calls":2,"Bytes":10}}""" };

        Encoding.UTF8.GetString(RowJson.Write(CostLedger.Told(row)).Span).ShouldBe(
            """{"date":"2026-11-23","provider":"xero","calls":5,"bytes":50,"runs":[{"run":"run2","calls":3,"bytes":40},{"run":"run1","calls":2,"bytes":10}],"storedAt":"practice|2026-11/23|client"}""");
    }

    private static string Written(string stored) => Encoding.UTF8.GetString(RowJson.Write((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(stored)).Span);
}
