using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using static DataHealth.Testing.Drivers.PracticeDriver;

namespace DataHealth.Functions.Tests.Deletion;

/// <summary>A practice goes, with its clients and people; others stay as they are.</summary>
public sealed class PracticeDeletionTests(SupportStage stage, AzuriteFixture azurite) : IClassFixture<SupportStage>
{
    private const string Name = "Northgate Partners";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TestApplication Application => stage.Application;

    [Fact]
    public async Task Promise_6_a_deleted_practice_takes_its_clients_and_people_along_and_no_other_practice_is_touched()
    {
        var other = await stage.FailAsync("Of the other practice", "wrongTypes");
        await stage.MendAsync();
        var admin = Application.As(null);
        var practice = await Application.SignIn.FoundAsync(admin, Name, "otto", Cancelled);
        var colleague = Application.As((await Application.SignIn.JoinAsync(admin, "nell", "clientAdmin", [], Cancelled)).Token);
        (await admin.PostAsJsonAsync("members", new { email = "invited@people.example", role = "standard" }, Cancelled)).EnsureSuccessStatusCode().Dispose();
        var theirs = new PracticeDriver(admin);
        var tenant = Guid.NewGuid().ToString();
        await Application.Sandbox.SendAsync(HttpMethod.Post, "organisations", new { tenantId = tenant, name = "Connected Ltd", size = "40", seed = 8 }, Cancelled);
        var connected = await theirs.AddClientAsync("Connected Ltd", Cancelled);
        await theirs.ConnectAsync(connected, "Ada Birch", "Connected Ltd", Cancelled);
        await theirs.WaitForEndAsync(connected, SupportStage.Within, Cancelled);
        var plain = await theirs.AddClientAsync("Never connected", Cancelled);
        var weights = new { weights = new Dictionary<string, int> { ["bank-reconciliation"] = 20, ["duplicate-contacts"] = 50, ["lock-dates"] = 10, ["suspense"] = 10, ["draft-documents"] = 10 } };
        (await admin.PutAsJsonAsync("practice/health/score", weights, Cancelled)).EnsureSuccessStatusCode().Dispose();
        (await stage.PostAsync($"practices/{practice}/support-access", new { reason = "Case 9", minutes = 60 })).Status.ShouldBe(HttpStatusCode.OK);
        var untouched = await RowsAsync(other.Client);

        using var slip = await admin.PostAsJsonAsync("practice/deletion", new { name = "Northgate" }, Cancelled);
        slip.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var first = await admin.PostAsJsonAsync("practice/deletion", new { name = Name }, Cancelled);
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        Clients(JsonElement.Parse(await first.Content.ReadAsStringAsync(Cancelled))).ShouldBe((2, 0), "it tells from the first how many there are");
        using var again = await admin.PostAsJsonAsync("practice/deletion", new { name = Name }, Cancelled);
        again.StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Forbidden);
        await Eventually.TrueAsync("the colleague is out", async () => await StatusAsync(colleague, "clients") is HttpStatusCode.Forbidden, SupportStage.Within, Cancelled);
        List<(int Of, int Done)> seen = [];
        await Eventually.TrueAsync("the practice is deleted", async () =>
        {
            var now = await stage.GetAsync($"practices/{practice}/deletion");
            seen.Add(Clients(now));
            return Text(now, "state") == "done";
        }, SupportStage.Within, Cancelled);
        seen.ShouldAllBe(one => one.Of == 2);
        seen.Select(one => one.Done).ShouldBeInOrder(SortDirection.Ascending);
        seen[^1].Done.ShouldBe(2);

        (await StatusAsync(admin, "practice")).ShouldBe(HttpStatusCode.Forbidden);
        var certificate = await stage.GetAsync($"practices/{practice}/deletion");
        certificate.GetProperty("clients").GetInt32().ShouldBe(2, certificate.GetRawText());
        var deleted = certificate.GetProperty("deleted").EnumerateArray().ToDictionary(item => Text(item, "what"), item => item.GetProperty("items").GetInt64());
        // Its row, its place in the list, and three members, each with a row for the address; its own score, and what is copied of the client that was judged.
        (deleted["members"], deleted["people"], deleted["support-access"], deleted["health-scores"]).ShouldBe((8, 2, 1, 2));
        certificate.GetRawText().ShouldNotContain("otto");
        string[] ids = [practice, connected, plain, tenant, "otto@northgate.example", "nell@northgate.example", "invited@people.example", Name];
        var left = (await StorageText.ReadAsync(azurite, Application.Prefix, Cancelled)).Where(text => ids.Any(id => text.Contains(id, StringComparison.Ordinal)));
        // Its own history carries its id and nothing else.
        left.Where(text => !IsOf(text, "audit") && !IsOf(text, "deletions") && !text.Contains($"practice-deletion-{practice}", StringComparison.Ordinal)).ShouldBeEmpty();
        (await RowsAsync(other.Client)).ShouldBe(untouched);
        (await StatusAsync(Application.Api, $"clients/{other.Client}")).ShouldBe(HttpStatusCode.OK);
        (await stage.GetAsync("practices?take=500")).GetRawText().ShouldNotContain(practice);
    }

    [Fact]
    public async Task Our_own_staff_s_practice_is_nobody_s_to_delete()
    {
        var answer = await stage.PostAsync("practice/deletion", new { name = "Support" });

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await stage.GetAsync("practices")).GetProperty("items").EnumerateArray().Select(one => Text(one, "name")).ShouldContain("Birch Accountants");
    }

    private static (int Of, int Done) Clients(JsonElement deletion) => (deletion.GetProperty("clients").GetInt32(), deletion.GetProperty("clientsDone").GetInt32());

    private bool IsOf(string text, string table) => text.StartsWith($"{Application.Prefix}{table}: ", StringComparison.OrdinalIgnoreCase);

    private async Task<List<string>> RowsAsync(string client) => [.. (await StorageText.ReadAsync(azurite, Application.Prefix, Cancelled))
        .Where(text => text.Contains(client, StringComparison.Ordinal) && !text.StartsWith(Application.Prefix + "hub", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient api, string path)
    {
        using var answer = await api.GetAsync(path, Cancelled);
        return answer.StatusCode;
    }
}
