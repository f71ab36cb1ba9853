using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Sandbox.Tests.Server;

public sealed class ConnectionSpecs
{
    [Fact]
    public async Task One_token_reaches_every_organisation_that_the_user_connected_and_authEventId_narrows_to_one_consent()
    {
        await using var xero = await XeroVisitor.ConnectedAsync(XeroVisitor.Birch);
        var older = xero.AccessToken;
        await xero.ConnectAsync(XeroVisitor.Kauri);

        var all = await ListAsync(xero);
        var mine = await ListAsync(xero, "?authEventId=" + all[1]!["authEventId"]);
        xero.AccessToken = older;
        using var throughOlder = await xero.ListAsync("Organisation", XeroVisitor.Kauri);

        all.Count.ShouldBe(2);
        ((string)all[0]!["createdDateUtc"]!).ShouldMatch(@"^2026-11-23T20:00:00\.\d{7}$");
        mine.Select(connection => (string)connection!["tenantName"]!).ShouldBe(["Kauri Joinery Limited"]);
        throughOlder.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Deleting_takes_the_connection_id_and_nothing_else()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var connection = (await ListAsync(xero))[0]!;

        (await DeleteAsync(xero, (string)connection["tenantId"]!)).ShouldBe(HttpStatusCode.Forbidden);
        (await DeleteAsync(xero, (string)connection["authEventId"]!)).ShouldBe(HttpStatusCode.Forbidden);
        (await DeleteAsync(xero, Guid.NewGuid().ToString())).ShouldBe(HttpStatusCode.NotFound);
        (await DeleteAsync(xero, (string)connection["id"]!)).ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync(xero)).Count.ShouldBe(0);
        using var data = await xero.ListAsync("Organisation");
        data.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Connecting_again_after_a_disconnect_keeps_the_first_day_and_moves_updatedDateUtc()
    {
        await using var xero = await XeroVisitor.ConnectedAsync();
        var first = (await ListAsync(xero))[0]!;
        await DeleteAsync(xero, (string)first["id"]!);
        xero.Time.Advance(TimeSpan.FromMinutes(10));

        await xero.ConnectAsync(XeroVisitor.Birch);

        var again = (await ListAsync(xero))[0]!;
        ((string)again["createdDateUtc"]!).ShouldBe((string)first["createdDateUtc"]!);
        ((string)again["updatedDateUtc"]!).ShouldStartWith("2026-11-23T20:10:00");
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("role")]
    [InlineData("closed")]
    [InlineData("demo")]
    public async Task What_ends_access_on_the_providers_side_is_403_for_data_while_refreshing_still_works(string how)
    {
        var tenant = how == "demo" ? XeroVisitor.Demo : XeroVisitor.Birch;
        await using var xero = await XeroVisitor.ConnectedAsync(tenant);
        var (method, path, body) = how switch
        {
            "removed" => (HttpMethod.Delete, $"organisations/{tenant}/connections", (object?)null),
            "role" => (HttpMethod.Delete, $"organisations/{tenant}/members/{DefaultWorld.Ada}", null),
            "closed" => (HttpMethod.Patch, $"organisations/{tenant}", new { closed = true }),
            _ => (HttpMethod.Post, $"organisations/{tenant}/reset-demo", null),
        };

        await xero.ControlAsync(method, path, body);

        using var data = await xero.ListAsync("Organisation", tenant);
        data.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        ((string)(await data.Content.ReadFromJsonAsync<JsonNode>())!["Detail"]!).ShouldBe("AuthenticationUnsuccessful");
        (await ListAsync(xero)).Count.ShouldBe(0);
        using var refreshed = await xero.RefreshAsync(xero.RefreshToken);
        refreshed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Revoking_drops_every_connection_of_that_user_and_of_nobody_else()
    {
        await using var xero = await XeroVisitor.ConnectedAsync(XeroVisitor.Kauri, DefaultWorld.Ben);
        var ben = xero.AccessToken;
        await xero.ConnectAsync(XeroVisitor.Birch);
        await xero.ConnectAsync(XeroVisitor.Kauri);

        using var revoked = await xero.TokenAsync([("token", xero.RefreshToken)], "/connect/revocation");

        revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await revoked.Content.ReadAsStringAsync()).ShouldBeEmpty();
        (await ListAsync(xero)).Count.ShouldBe(0);
        (await XeroVisitor.ErrorAsync(await xero.RefreshAsync(xero.RefreshToken))).ShouldBe("invalid_grant");
        xero.AccessToken = ben;
        (await ListAsync(xero)).Count.ShouldBe(1);
    }

    private static async Task<JsonArray> ListAsync(XeroVisitor xero, string query = "") =>
        (await (await xero.GetAsync("/connections" + query)).Content.ReadFromJsonAsync<JsonArray>())!;

    private static async Task<HttpStatusCode> DeleteAsync(XeroVisitor xero, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/connections/" + id);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", xero.AccessToken);
        using var answer = await xero.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
