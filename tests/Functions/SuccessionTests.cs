using System.Net;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

/// <summary>Somebody else takes a connection over (issue 4, must show 4).</summary>
[TakesLong]
public sealed class SuccessionTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_taken_over_while_a_sync_runs_fails_no_page_and_makes_no_second_run()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        var client = await practice.AddClientAsync("Birch & Ash Ltd", Cancelled);
        await practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        var first = await practice.WaitForEndAsync(client, Within, Cancelled);
        var organisation = await application.Sandbox.OrganisationAsync("Birch & Ash Ltd", Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = "hold", endpoint = "Invoices", tenantId = organisation, count = 1 }, Cancelled);
        var pressed = await practice.PressSyncAsync(client, Cancelled);
        await Eventually.TrueAsync(
            "a page is on its way", () => Task.FromResult(application.Server.Calls.Find(new CallFilter(Tenant: Guid.Parse(organisation), Endpoint: "Contacts")).Count > 1), Within, Cancelled);
        var before = application.Server.World.Read(world => world.Connections.Count(connection => !connection.Removed));

        var callback = await PracticeDriver.AllowAsync(await practice.PressTakeOverAsync(client, Cancelled), "Ben Okafor", "Birch & Ash Ltd", Cancelled);
        using var confirmed = await practice.ConfirmAsync(await practice.ComeBackAsync(callback, Cancelled), Cancelled);
        confirmed.StatusCode.ShouldBe(HttpStatusCode.OK, await confirmed.Content.ReadAsStringAsync(Cancelled));
        application.Server.World.Read(world => world.Connections.Count(connection => !connection.Removed)).ShouldBe(before + 1, "the former access stays good while a page may be on its way by it");
        await application.Sandbox.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
        var ended = await practice.WaitForEndAsync(client, Within, Cancelled);

        PracticeDriver.Text(ended, "id").ShouldBe(pressed);
        PracticeDriver.Text(ended, "outcome").ShouldBe("succeeded", ended.GetRawText());
        var runs = (await practice.GetAsync($"clients/{client}/runs", Cancelled)).GetProperty("items").EnumerateArray().Select(run => PracticeDriver.Text(run, "id"));
        runs.ShouldBe([pressed, PracticeDriver.Text(first, "id")]);
        var calls = application.Server.Calls.Find(new CallFilter(Tenant: Guid.Parse(organisation)));
        calls.ShouldAllBe(call => call.Status < 400);
        calls.Select(call => call.PersonId).Distinct().Count().ShouldBe(2, "the run went on by the new access");
        (await practice.ConnectionAsync(client, Cancelled)).GetProperty("state").GetString().ShouldBe("connected");
    }

    [Fact]
    public async Task A_consent_that_does_not_reach_the_same_books_takes_nothing_over()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        var client = await practice.AddClientAsync("Harbour Trading Ltd", Cancelled);
        await practice.ConnectAsync(client, "Ada Birch", "Kauri Joinery Limited", Cancelled);
        await practice.WaitForEndAsync(client, Within, Cancelled);

        var callback = await PracticeDriver.AllowAsync(await practice.PressTakeOverAsync(client, Cancelled), "Ben Okafor", "Lantern Books Ltd", Cancelled);
        using var refused = await practice.ConfirmAsync(await practice.ComeBackAsync(callback, Cancelled), Cancelled, acceptDifferent: true);

        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(Cancelled)).ShouldContain("other-organisation");
        var connection = await practice.ConnectionAsync(client, Cancelled);
        connection.GetProperty("organisation").GetProperty("name").GetString().ShouldBe("Kauri Joinery Limited");
        PracticeDriver.Text(connection, "state").ShouldBe("connected");
        var pressed = await practice.PressSyncAsync(client, Cancelled);
        var run = await practice.WaitForRunAsync(client, "the sync goes on by the former access", one => PracticeDriver.Text(one, "id") == pressed && PracticeDriver.Text(one, "state") == "finished", Within, Cancelled);
        PracticeDriver.Text(run, "outcome").ShouldBe("succeeded", run.GetRawText());

        // Its names differ: a person says that it is right, and the notice is gone.
        (await ItemAsync(practice, client)).GetProperty("notices").EnumerateArray().Select(notice => notice.GetString()).ShouldBe(["nameMismatch"]);
        using var accepted = await application.Api.PostAsync($"clients/{client}/connection/accept-name", null, Cancelled);
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ItemAsync(practice, client)).GetProperty("notices").GetArrayLength().ShouldBe(0);
        (await practice.GetAsync("connections?authorisedBy=me", Cancelled)).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Who_authorised_connections_is_suspended_or_removed_only_after_a_warning_that_names_the_clients()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var jon = await application.SignIn.JoinAsync(application.Api, "jon", "clientAdmin", [], Cancelled);
        var pia = await application.SignIn.JoinAsync(application.Api, "pia", "standard", [], Cancelled);
        using var jons = application.As(jon.Token);
        var client = await new PracticeDriver(jons).AddClientAsync("Kauri Joinery Limited", Cancelled);
        await new PracticeDriver(jons).ConnectAsync(client, "Ada Birch", "Kauri Joinery Limited", Cancelled);

        async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path)
        {
            using var answer = await application.Api.SendAsync(new HttpRequestMessage(method, path), Cancelled);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        }

        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, $"members/{jon.Id}/suspend"), (HttpMethod.Delete, $"members/{jon.Id}")])
        {
            var warned = await SendAsync(method, path);
            warned.Status.ShouldBe(HttpStatusCode.Conflict);
            warned.Body.ShouldContain("authorises-connections");
            warned.Body.ShouldContain("Kauri Joinery Limited");
            (await SendAsync(method, $"{path}?confirm=yes")).Status.ShouldBe(HttpStatusCode.BadRequest);
            (await application.Practice.GetAsync($"connections?authorisedBy={jon.Id}", Cancelled)).GetProperty("items").GetArrayLength().ShouldBe(1);
            (await SendAsync(method, $"{path}?confirm=true")).Status.ShouldBe(HttpStatusCode.OK);
            (await SendAsync(method, path)).Status.ShouldBe(HttpStatusCode.OK, "what is done already needs no warning");
        }
        (await SendAsync(HttpMethod.Delete, $"members/{pia.Id}")).Status.ShouldBe(HttpStatusCode.OK, "nobody waits for what Pia authorised");

        // The only admin who authorised something is told what stands in the way, and not what would follow.
        var own = await application.Practice.AddClientAsync("Lantern Books Ltd", Cancelled);
        await application.Practice.ConnectAsync(own, "Ben Okafor", "Lantern Books Ltd", Cancelled);
        var mara = PracticeDriver.Text((await application.Practice.GetAsync("me", Cancelled)).GetProperty("memberships")[0], "memberId");
        (await SendAsync(HttpMethod.Delete, $"members/{mara}")).Body.ShouldContain("/last-admin");
    }

    private static async Task<System.Text.Json.JsonElement> ItemAsync(PracticeDriver practice, string client) =>
        (await practice.GetAsync("clients", Cancelled)).GetProperty("items").EnumerateArray().Single(one => PracticeDriver.Text(one, "id") == client);
}
