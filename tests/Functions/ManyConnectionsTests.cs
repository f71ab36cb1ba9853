using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

/// <summary>Forty organisations by one consent, and all of them back by one consent (issue 4, must show 3).</summary>
[TakesLong]
public sealed class ManyConnectionsTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Organisations = 40;
    private const int Known = 25;
    private const int Moved = 5;
    private const int Taken = 7;
    private const int Removed = 9;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forty_organisations_are_connected_by_one_consent_three_refused_repeated_and_all_reconnected_by_one_more()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        await application.Sandbox.SendAsync(HttpMethod.Patch, "apps/sandbox-client", new { bulk = true }, Cancelled);
        for (var number = 1; number <= Organisations; number++)
            await application.Sandbox.SendAsync(HttpMethod.Post, "organisations", new { name = Name(number), size = "20", seed = number }, Cancelled);
        Dictionary<int, string> clients = [];
        for (var number = 1; number <= Known; number++)
            clients[number] = await practice.AddClientAsync($"company {number}", Cancelled);
        // Number 5 held other books before; the books of number 7 are connected to another client by mistake.
        await practice.ConnectAsync(clients[Moved], "Ada Birch", "Birch & Ash Ltd", Cancelled);
        await practice.DisconnectAsync(clients[Moved], Cancelled);
        var mistaken = await practice.AddClientAsync("Mistaken", Cancelled);
        await ConnectOneAsync(application, mistaken, Name(Taken));

        var result = await ConsentAsync(application, Enumerable.Range(1, Organisations).Select(Name));
        var offer = await practice.OfferAsync(result, Cancelled);
        var offered = Offered(offer);
        offered.Keys.Order().ShouldBe(Enumerable.Range(1, Organisations).Select(Name).Order());
        foreach (var (number, client) in clients.Where(one => one.Key is not (Moved or Taken)))
            PracticeDriver.Text(offered[Name(number)].GetProperty("suggestions")[0], "clientId").ShouldBe(client);
        offered[Name(Known + 1)].GetProperty("suggestions").GetArrayLength().ShouldBe(0, "a client that is not there is not suggested");
        offered[Name(Taken)].GetProperty("isHeld").GetBoolean().ShouldBeTrue();
        (await ConnectedAsync(practice)).ShouldBe(1, "nothing is matched silently");

        // Half-way, the organisation of number 9 is removed at the provider.
        await application.Sandbox.SendAsync(HttpMethod.Delete, $"organisations/{await application.Sandbox.OrganisationAsync(Name(Removed), Cancelled)}/connections", null, Cancelled);
        var first = await practice.MatchAsync(result, Enumerable.Range(1, Organisations).Select(number => Match(offered, clients, number)), Cancelled);

        first.GetProperty("connected").GetInt32().ShouldBe(Organisations - 3, first.GetRawText());
        var refused = first.GetProperty("results").EnumerateArray().Where(one => PracticeDriver.Text(one, "outcome") != "connected").ToDictionary(
            one => offered.Single(offer => PracticeDriver.Text(offer.Value, "id") == PracticeDriver.Text(one, "organisationId")).Key, one => PracticeDriver.Text(one, "outcome"));
        refused.ShouldBe(new Dictionary<string, string> { [Name(Moved)] = "differentOrganisation", [Name(Taken)] = "taken", [Name(Removed)] = "notOffered" }, ignoreOrder: true);

        // Repeated as it was: nothing is made twice. Then mended: the word that number 5 moved, the mistake undone, number 9 allowed again.
        var again = await practice.MatchAsync(result, Enumerable.Range(1, Organisations).Select(number => Match(offered, clients, number)), Cancelled);
        again.GetProperty("results").EnumerateArray().Count(one => PracticeDriver.Text(one, "outcome") == "alreadyConnected").ShouldBe(Organisations - 3);
        await practice.DisconnectAsync(mistaken, Cancelled);
        var mended = await practice.MatchAsync(result, [Match(offered, clients, Moved, accept: true), Match(offered, clients, Taken)], Cancelled);
        mended.GetProperty("connected").GetInt32().ShouldBe(2, mended.GetRawText());
        var second = await ConsentAsync(application, [Name(Removed)]);
        (await practice.MatchAsync(second, [Match(Offered(await practice.OfferAsync(second, Cancelled)), clients, Removed)], Cancelled)).GetProperty("connected").GetInt32().ShouldBe(1);

        var all = await ConnectionsAsync(practice);
        all.Count.ShouldBe(Organisations + 1, "25 known, 15 added, and the mistaken one");
        all.Where(one => PracticeDriver.Text(one, "standing") == "connected").Select(one => PracticeDriver.Text(one, "organisationName")).Order()
            .ShouldBe(Enumerable.Range(1, Organisations).Select(Name).Order());
        foreach (var one in all.Where(one => one.TryGetProperty("organisationName", out _) && PracticeDriver.Text(one, "standing") == "connected"))
            PracticeDriver.Text(one, "clientName").ShouldBe(PracticeDriver.Text(one, "organisationName").Replace(" Ltd", "", StringComparison.Ordinal), StringCompareShould.IgnoreCase);
        var ids = all.Where(one => PracticeDriver.Text(one, "standing") == "connected").Select(one => PracticeDriver.Text(one, "clientId")).ToList();
        await AllSyncedAsync(practice, ids);

        var before = DateTimeOffset.UtcNow;
        await KillTheGrantAsync(application, ids[0]);
        (await practice.GetAsync("connections/counts", Cancelled)).GetProperty("clients").GetProperty("reconnectNeeded").GetInt32().ShouldBe(Organisations);
        var dead = (await practice.GetAsync("connections?standing=reconnectNeeded&take=1", Cancelled)).GetProperty("items")[0];
        PracticeDriver.Text(dead, "action").ShouldBe("reconnect");
        PracticeDriver.Text(dead, "words").ShouldContain("Mara Lindt authorised it");

        var reconnect = await practice.OfferAsync(await ConsentAsync(application, []), Cancelled);

        reconnect.GetProperty("mendedClientIds").EnumerateArray().Select(one => one.GetString()).Order().ShouldBe(ids.Order());
        (await ConnectedAsync(practice)).ShouldBe(Organisations);
        PracticeDriver.Text((await practice.GetAsync($"clients/{ids[0]}/audit?take=1", Cancelled)).GetProperty("items")[0], "action").ShouldBe("connected", "each that was revived is in its trail");
        await AllSyncedAsync(practice, ids, before);
        output.WriteLine($"{Organisations} organisations by one consent, 3 refused and repeated, then all {Organisations} back by one consent, each with its own sync.");
    }

    [Fact]
    public async Task Promise_7_a_member_who_sees_given_clients_only_sees_those_that_a_consent_of_theirs_made()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Patch, "apps/sandbox-client", new { bulk = true }, Cancelled);
        await application.Practice.AddClientAsync("Not given", Cancelled);
        using var suki = application.As((await application.SignIn.JoinAsync(application.Api, "suki", "standard", ["connect", "manageClients"], Cancelled)).Token);
        var practice = new PracticeDriver(suki);
        var page = await practice.PressConnectManyAsync(Cancelled);
        var result = await practice.ComeBackAsync(await application.Sandbox.AllowAsync(page, "Ada Birch", ["Birch & Ash Ltd"], Cancelled), Cancelled);
        var organisation = PracticeDriver.Text((await practice.OfferAsync(result, Cancelled)).GetProperty("organisations")[0], "id");

        // Pressed twice: still one client, and it is hers.
        object match = new { organisationId = organisation, newClientName = "Birch & Ash" };
        (await practice.MatchAsync(result, [match], Cancelled)).GetProperty("connected").GetInt32().ShouldBe(1);
        (await practice.MatchAsync(result, [match], Cancelled)).GetProperty("connected").GetInt32().ShouldBe(1);

        var seen = (await practice.GetAsync("clients", Cancelled)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        PracticeDriver.Text(seen, "name").ShouldBe("Birch & Ash");
        await practice.WaitForEndAsync(PracticeDriver.Text(seen, "id"), Within, Cancelled);
    }

    [Fact]
    public async Task An_organisation_whose_name_tells_nothing_is_suggested_by_its_tax_number()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        await application.Sandbox.SendAsync(HttpMethod.Patch, "apps/sandbox-client", new { bulk = true }, Cancelled);
        await practice.AddClientAsync("Another client", Cancelled);
        using var added = await application.Api.PostAsync("clients", System.Net.Http.Json.JsonContent.Create(new { name = "Known to its owner as Ash", taxNumber = "gb 123 4567 89" }), Cancelled);
        var client = PracticeDriver.Text(JsonElement.Parse(await added.Content.ReadAsStringAsync(Cancelled)), "id");

        var offer = Offered(await practice.OfferAsync(await ConsentAsync(application, ["Birch & Ash Ltd"]), Cancelled))["Birch & Ash Ltd"];

        PracticeDriver.Text(offer, "taxNumber").ShouldBe("GB123456789");
        var suggestion = offer.GetProperty("suggestions").EnumerateArray().ShouldHaveSingleItem();
        PracticeDriver.Text(suggestion, "clientId").ShouldBe(client);
        PracticeDriver.Text(suggestion, "reason").ShouldBe("taxNumber");
    }

    [Fact]
    public async Task A_result_of_one_kind_of_consent_is_no_result_of_the_other_and_belongs_to_its_member()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Patch, "apps/sandbox-client", new { bulk = true }, Cancelled);
        var result = await ConsentAsync(application, ["Birch & Ash Ltd"]);

        using var confirmed = await application.Practice.ConfirmAsync(result, Cancelled);
        using var foreign = await application.Api.PostAsync("connections/offer", System.Net.Http.Json.JsonContent.Create(new { result = result[..38] + "somebody-elses-code" }), Cancelled);
        using var cancelled = await application.Api.PostAsync("connections/offer", System.Net.Http.Json.JsonContent.Create(new { result = "cancelled" }), Cancelled);

        foreach (var (answer, code) in ((HttpResponseMessage, string)[])[(confirmed, "result-for-many"), (foreign, "result-unusable"), (cancelled, "consent-denied")])
        {
            ((int)answer.StatusCode).ShouldBe(409);
            (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain(code);
        }
    }

    private static string Name(int number) => $"Company {number} Ltd";

    private static object Match(Dictionary<string, JsonElement> offered, Dictionary<int, string> clients, int number, bool accept = false)
    {
        var organisationId = PracticeDriver.Text(offered[Name(number)], "id");
        return clients.TryGetValue(number, out var client)
            ? new { organisationId, clientId = client, acceptDifferent = accept }
            : new { organisationId, newClientName = $"Company {number}" };
    }

    private static Dictionary<string, JsonElement> Offered(JsonElement offer) =>
        offer.GetProperty("organisations").EnumerateArray().ToDictionary(one => PracticeDriver.Text(one, "name"));

    private static async Task<string> ConsentAsync(TestApplication application, IEnumerable<string> organisations)
    {
        var page = await application.Practice.PressConnectManyAsync(Cancelled);
        return await application.Practice.ComeBackAsync(await application.Sandbox.AllowAsync(page, "Ada Birch", [.. organisations], Cancelled), Cancelled);
    }

    private static async Task ConnectOneAsync(TestApplication application, string client, string organisation)
    {
        var page = await application.Practice.PressConnectAsync(client, Cancelled);
        var result = await application.Practice.ComeBackAsync(await application.Sandbox.AllowAsync(page, "Ada Birch", [organisation], Cancelled), Cancelled);
        using var confirmed = await application.Practice.ConfirmAsync(result, Cancelled);
        confirmed.IsSuccessStatusCode.ShouldBeTrue(await confirmed.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task KillTheGrantAsync(TestApplication application, string client)
    {
        await application.Sandbox.SendAsync(HttpMethod.Delete, "grants", null, Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Post, "faults", new { kind = "tokenExpired" }, Cancelled);
        await application.Practice.PressSyncAsync(client, Cancelled);
        await application.Practice.WaitForRunAsync(client, "the dead grant shows", run => run.TryGetProperty("outcome", out var outcome) && outcome.GetString() == "connectionLost", Within, Cancelled);
        await application.Sandbox.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
    }

    private static async Task<int> ConnectedAsync(PracticeDriver practice) =>
        (await practice.GetAsync("connections/counts", Cancelled)).GetProperty("clients").GetProperty("connected").GetInt32()
        + (await practice.GetAsync("connections/counts", Cancelled)).GetProperty("clients").GetProperty("mismatch").GetInt32();

    private static async Task<List<JsonElement>> ConnectionsAsync(PracticeDriver practice) =>
        [.. (await practice.GetAsync("connections?take=500", Cancelled)).GetProperty("items").EnumerateArray()];

    private static async Task AllSyncedAsync(PracticeDriver practice, IEnumerable<string> clients, DateTimeOffset? since = null)
    {
        foreach (var client in clients)
        {
            var run = await practice.WaitForRunAsync(
                client, "its own sync has ended", one => PracticeDriver.Text(one, "state") == "finished" && (since is null || one.GetProperty("requestedAt").GetDateTimeOffset() > since), Within, Cancelled);
            PracticeDriver.Text(run, "outcome").ShouldBe("succeeded", run.GetRawText());
        }
    }
}
