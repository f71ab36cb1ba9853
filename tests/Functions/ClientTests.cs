using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

public sealed class ClientTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    private readonly TestApplication _application = fixture.Application;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_added_found_listed_and_renamed()
    {
        var id = await _application.Practice.AddClientAsync("  Birch & Ash Ltd ", Cancelled);

        using var renamed = await _application.Api.PatchAsJsonAsync($"clients/{id}", new { name = "Birch & Ash Holdings" }, Cancelled);

        renamed.StatusCode.ShouldBe(HttpStatusCode.OK);
        PracticeDriver.Text(await _application.Practice.GetAsync($"clients/{id}", Cancelled), "name").ShouldBe("Birch & Ash Holdings");
        (await NamesAsync(500)).ShouldContain("Birch & Ash Holdings");
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_misses_none()
    {
        foreach (var number in Enumerable.Range(1, 7))
            await _application.Practice.AddClientAsync($"Paged {number}", Cancelled);

        var names = await NamesAsync(2);

        names.Where(name => name.StartsWith("Paged", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(1, 7).Select(number => $"Paged {number}"));
    }

    [Fact]
    public async Task A_rename_that_did_not_see_the_last_one_is_refused()
    {
        var id = await _application.Practice.AddClientAsync("First", Cancelled);
        using var seen = await _application.Api.GetAsync($"clients/{id}", Cancelled);
        (await _application.Api.PatchAsJsonAsync($"clients/{id}", new { name = "Second" }, Cancelled)).Dispose();

        using var late = new HttpRequestMessage(HttpMethod.Patch, $"clients/{id}") { Content = JsonContent.Create(new { name = "Third" }) };
        late.Headers.TryAddWithoutValidation("If-Match", seen.Headers.GetValues("ETag").Single());
        using var refused = await _application.Api.SendAsync(late, Cancelled);

        refused.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("sort", "nonsense")]
    [InlineData("connection", "lost")]
    [InlineData("lastSyncBefore", "yesterday")]
    [InlineData("syncFailed", "perhaps")]
    [InlineData("manager", "mara")]
    [InlineData("authorisedBy", "mara")]
    public async Task A_list_says_which_of_its_questions_it_does_not_understand(string name, string value)
    {
        using var answer = await _application.Api.GetAsync($"connections?{name}={value}", Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("errors").GetProperty(name).GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task An_account_manager_is_an_active_member_of_the_practice()
    {
        var id = await _application.Practice.AddClientAsync("Looked after", Cancelled);
        var suki = (await _application.SignIn.JoinAsync(_application.Api, "suki", "standard", [], Cancelled)).Id;
        async Task<HttpStatusCode> NameAsync(string manager)
        {
            using var answer = await _application.Api.PatchAsJsonAsync($"clients/{id}", new { accountManager = manager }, Cancelled);
            return answer.StatusCode;
        }

        (await NameAsync(suki)).ShouldBe(HttpStatusCode.OK);
        (await NameAsync(new string('0', 32))).ShouldBe(HttpStatusCode.BadRequest);
        (await NameAsync("somebody")).ShouldBe(HttpStatusCode.BadRequest);
        (await _application.Api.PostAsync($"members/{suki}/suspend", null, Cancelled)).EnsureSuccessStatusCode().Dispose();
        (await NameAsync("")).ShouldBe(HttpStatusCode.OK, "nobody");
        (await NameAsync(suki)).ShouldBe(HttpStatusCode.BadRequest, "she is not there to look after it");
        using var added = await _application.Api.PostAsJsonAsync("clients", new { name = "New", accountManager = suki }, Cancelled);
        added.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<List<string>> NamesAsync(int take)
    {
        List<string> names = [];
        for (string? continuation = ""; continuation is not null;)
        {
            var page = await _application.Practice.GetAsync($"clients?take={take}" + (continuation.Length == 0 ? "" : $"&continuation={Uri.EscapeDataString(continuation)}"), Cancelled);
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(client => PracticeDriver.Text(client, "name")));
            continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
        }
        return names;
    }
}
