using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

/// <summary>How people come into a practice, what they see there, and how they leave.</summary>
public sealed class MemberTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    private readonly TestApplication _application = fixture.Application;

    private HttpClient Admin => _application.Api;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invitation_is_good_once_and_only_for_the_invited_address()
    {
        var code = PracticeDriver.Text(await InviteAsync("ivy@people.example", "standard"), "code");
        using var other = await PersonAsync("iris", "iris@people.example");
        using var unverified = await PersonAsync("ivo", "ivy@people.example", isVerified: false);
        using var invited = await PersonAsync("ivy", "Ivy@People.example");

        (await CodeAsync(await AcceptAsync(other, code))).ShouldBe("invitation-of-another");
        (await CodeAsync(await AcceptAsync(unverified, code))).ShouldBe("email-not-verified");
        (await AcceptAsync(invited, code[..^1] + (code[^1] == 'A' ? 'B' : 'A'))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await AcceptAsync(invited, code)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CodeAsync(await AcceptAsync(invited, code))).ShouldBe("invitation-unusable");
        (await invited.GetAsync("clients", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Twenty_who_bring_the_same_invitation_at_once_become_one_member()
    {
        var code = PracticeDriver.Text(await InviteAsync("many@people.example", "standard"), "code");
        var people = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => PersonAsync($"many-{number}", "many@people.example")));

        var answers = await Task.WhenAll(people.Select(person => AcceptAsync(person, code)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        var inside = await Task.WhenAll(people.Select(person => person.GetAsync("practice", Cancelled)));
        inside.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task An_address_that_is_invited_ten_times_at_once_is_one_member_and_can_be_invited_anew_when_it_was_removed()
    {
        object wanted = new { email = "pressed@people.example", name = "Pressed", role = "standard" };
        var pressed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Admin.PostAsJsonAsync("members", wanted, Cancelled)));

        pressed.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        pressed.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(9);
        var member = PracticeDriver.Text((await ReadAsync(pressed.Single(answer => answer.StatusCode == HttpStatusCode.Created))).GetProperty("member"), "id");
        (await Admin.DeleteAsync($"members/{member}", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Admin.PostAsJsonAsync("members", wanted, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_renewed_invitation_replaces_the_former_and_a_withdrawn_one_lets_nobody_in()
    {
        var first = await InviteAsync("renewed@people.example", "standard");
        var member = PracticeDriver.Text(first.GetProperty("member"), "id");
        var second = await ReadAsync(await Admin.PostAsync($"members/{member}/invitation", null, Cancelled));
        using var person = await PersonAsync("renewed", "renewed@people.example");

        (await AcceptAsync(person, PracticeDriver.Text(first, "code"))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Admin.DeleteAsync($"members/{member}", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AcceptAsync(person, PracticeDriver.Text(second, "code"))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_invitation_s_link_leads_to_the_configured_page_whatever_the_request_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "members") { Content = JsonContent.Create(new { email = "link@people.example", role = "standard" }) };
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");

        using var answer = await Admin.SendAsync(request, Cancelled);

        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldNotContain("evil.example");
        answer.Headers.Location?.ToString().ShouldNotContain("evil.example");
    }

    [Fact]
    public async Task Promise_7_a_standard_member_sees_the_given_clients_only_and_what_they_add_themselves()
    {
        var given = await _application.Practice.AddClientAsync("Given", Cancelled);
        var hidden = await _application.Practice.AddClientAsync("Hidden", Cancelled);
        var (id, token) = await _application.SignIn.JoinAsync(Admin, "stan", "standard", ["manageClients"], Cancelled);
        using var api = _application.As(token);

        (await StatusAsync(api, $"clients/{given}")).ShouldBe(HttpStatusCode.NotFound);
        await AccessAsync(id, give: [given]);
        (await StatusAsync(api, $"clients/{given}")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(api, $"clients/{hidden}")).ShouldBe(HttpStatusCode.NotFound);
        var own = await new PracticeDriver(api).AddClientAsync("Mine", Cancelled);
        (await NamesAsync(api)).ShouldBe(["Given", "Mine"], ignoreOrder: true);
        await AccessAsync(id, withdraw: [given, own]);
        (await NamesAsync(api)).ShouldBeEmpty();
        (await StatusAsync(api, $"clients/{own}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_practices_client_cannot_be_given()
    {
        using var other = _application.As(null);
        await _application.SignIn.FoundAsync(other, "Elsewhere", "elsie", Cancelled);
        var theirs = await new PracticeDriver(other).AddClientAsync("Theirs", Cancelled);
        var (id, _) = await _application.SignIn.JoinAsync(Admin, "greta", "standard", [], Cancelled);

        using var answer = await Admin.PatchAsJsonAsync($"members/{id}/clients", new { give = new[] { theirs } }, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_last_admin_can_be_neither_demoted_suspended_nor_removed()
    {
        using var admin = _application.As(null);
        await _application.SignIn.FoundAsync(admin, "One admin", "solo", Cancelled);
        var me = await admin.GetFromJsonAsync<JsonElement>("me", Cancelled);
        var id = PracticeDriver.Text(me.GetProperty("memberships")[0], "memberId");

        (await CodeAsync(await admin.PatchAsJsonAsync($"members/{id}", new { role = "standard" }, Cancelled))).ShouldBe("last-admin");
        (await CodeAsync(await admin.PostAsync($"members/{id}/suspend", null, Cancelled))).ShouldBe("last-admin");
        (await CodeAsync(await admin.DeleteAsync($"members/{id}", Cancelled))).ShouldBe("last-admin");
    }

    [Fact]
    public async Task Two_admins_who_remove_one_another_at_once_leave_one()
    {
        for (var round = 0; round < 5; round++)
        {
            using var first = _application.As(null);
            await _application.SignIn.FoundAsync(first, "Two admins", $"first-{round}", Cancelled);
            var (secondId, token) = await _application.SignIn.JoinAsync(first, $"second-{round}", "practiceAdmin", [], Cancelled);
            using var second = _application.As(token);
            var firstId = PracticeDriver.Text((await first.GetFromJsonAsync<JsonElement>("me", Cancelled)).GetProperty("memberships")[0], "memberId");
            await second.GetAsync("practice", Cancelled);

            var answers = await Task.WhenAll(first.DeleteAsync($"members/{secondId}", Cancelled), second.DeleteAsync($"members/{firstId}", Cancelled));

            answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            var alive = await Task.WhenAll(StatusAsync(first, "practice"), StatusAsync(second, "practice"));
            alive.Count(status => status == HttpStatusCode.OK).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_person_of_two_practices_says_for_which_they_work()
    {
        using var other = _application.As(null);
        var otherPractice = await _application.SignIn.FoundAsync(other, "Second place", "owner-of-second", Cancelled);
        await _application.SignIn.JoinAsync(Admin, "both", "clientAdmin", [], Cancelled);
        var (_, token) = await _application.SignIn.JoinAsync(other, "both", "clientAdmin", [], Cancelled);
        var here = await _application.Practice.AddClientAsync("Of the first place", Cancelled);
        using var unsaid = _application.As(token);
        using var first = _application.As(token, _application.PracticeId);
        using var second = _application.As(token, otherPractice);
        using var neither = _application.As(token, "practiceofnobody");

        (await CodeAsync(await unsaid.GetAsync("clients", Cancelled))).ShouldBe("choose-practice");
        (await StatusAsync(first, $"clients/{here}")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(second, $"clients/{here}")).ShouldBe(HttpStatusCode.NotFound);
        (await CodeAsync(await neither.GetAsync("clients", Cancelled))).ShouldBe("not-a-member");
    }

    [Fact]
    public async Task Support_sees_a_practice_only_while_it_is_open_and_the_practice_sees_why()
    {
        var client = await _application.Practice.AddClientAsync("Looked at", Cancelled);
        var token = await _application.SignIn.TokenAsync("sam", Cancelled);
        using var outside = _application.As(token);
        using var inside = _application.As(token, _application.PracticeId);
        var address = $"practices/{_application.PracticeId}/support-access";

        (await StatusAsync(inside, $"clients/{client}")).ShouldBe(HttpStatusCode.Forbidden);
        (await CodeAsync(await outside.PostAsJsonAsync(address, new { reason = " ", minutes = 30 }, Cancelled))).ShouldBe("invalid-request");
        (await outside.PostAsJsonAsync(address, new { reason = "Case 4711", minutes = 30 }, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(inside, $"clients/{client}")).ShouldBe(HttpStatusCode.OK);
        (await outside.DeleteAsync(address, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(inside, $"clients/{client}")).ShouldBe(HttpStatusCode.Forbidden);
        var audit = (await Admin.GetFromJsonAsync<JsonElement>("audit?take=500", Cancelled)).GetProperty("items").EnumerateArray().ToList();
        audit.ShouldContain(entry => PracticeDriver.Text(entry, "action") == "supportAccessOpened" && PracticeDriver.Text(entry, "after").Contains("Case 4711"));
        audit.ShouldContain(entry => PracticeDriver.Text(entry, "action") == "supportAccessClosed");
    }

    [Fact]
    public async Task Support_that_has_opened_no_practice_is_told_how_to_open_one_and_inside_who_can_do_the_rest()
    {
        var client = await _application.Practice.AddClientAsync("Not looked at", Cancelled);
        var token = await _application.SignIn.TokenAsync("sam", Cancelled);
        using var outside = _application.As(token);
        using var inside = _application.As(token, _application.PracticeId);
        var address = $"practices/{_application.PracticeId}/support-access";

        (await DetailAsync(outside, "clients", "not-allowed")).ShouldContain("POST practices/{practiceId}/support-access");
        (await DetailAsync(outside, $"clients/{client}", "client-not-found")).ShouldBe(await DetailAsync(outside, "clients/nobodysclient", "client-not-found"), "no id tells more than another");
        (await DetailAsync(outside, $"clients/{client}", "client-not-found")).ShouldContain("POST practices/{practiceId}/support-access");
        (await DetailAsync(outside, "costs", "not-allowed")).ShouldStartWith("A Practice Admin can do it.", customMessage: "opening the practice would not help");
        (await DetailAsync(inside, "clients", "practice-not-open")).ShouldContain("nobody has to grant it");
        (await outside.PostAsJsonAsync(address, new { reason = "Case 4712", minutes = 30 }, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(inside, "clients")).ShouldBe(HttpStatusCode.OK);
        (await DetailAsync(inside, "audit", "not-allowed")).ShouldBe("A Practice Admin can do it. Our support looks at a practice that it has opened and mends its syncs; it changes nothing else there.");
        (await outside.DeleteAsync(address, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await DetailAsync(inside, "clients", "practice-not-open")).ShouldContain(address.Replace(_application.PracticeId, "{practiceId}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("clientAdmin", "a Client Admin may do all of these already")]
    [InlineData("practiceAdmin", "a Practice Admin may do all of these already")]
    public async Task Privileges_for_a_role_that_takes_none_are_refused_and_not_dropped(string role, string words)
    {
        var (id, _) = await _application.SignIn.JoinAsync(Admin, $"privileged-{role}", "standard", ["sync"], Cancelled);

        foreach (var answer in (HttpResponseMessage[])
        [
            await Admin.PostAsJsonAsync("members", new { email = $"{role}@privileged.example", role, privileges = new[] { "sync" } }, Cancelled),
            await Admin.PatchAsJsonAsync($"members/{id}", new { role, privileges = new[] { "sync", "export" } }, Cancelled),
        ])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("errors").GetProperty("privileges").GetString()!.ShouldContain(words);
        }

        (await MemberAsync(id)).ShouldBe(("standard", "sync"), "nothing was changed");
        (await Admin.PatchAsJsonAsync($"members/{id}", new { role }, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK, "leaving them out, they go with the role that took them");
        (await MemberAsync(id)).ShouldBe((role, ""));
        (await Admin.PatchAsJsonAsync($"members/{id}", new { privileges = new[] { "sync" } }, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Admin.PatchAsJsonAsync($"members/{id}", new { privileges = Array.Empty<string>() }, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK, "none can be given to anybody");
    }

    [Fact]
    public async Task What_people_change_is_in_the_audit_with_before_after_and_request_and_can_be_taken_out()
    {
        var client = await _application.Practice.AddClientAsync("=HYPERLINK(\"x\")", Cancelled);
        using var rename = new HttpRequestMessage(HttpMethod.Patch, $"clients/{client}") { Content = JsonContent.Create(new { name = "Plain, \"quoted\"" }), Headers = { { "x-request-id", "audit-of-a-rename" } } };
        (await Admin.SendAsync(rename, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var entry = (await Admin.GetFromJsonAsync<JsonElement>($"clients/{client}/audit", Cancelled)).GetProperty("items")[0];
        var csv = await Admin.GetStringAsync("audit/export?format=csv", Cancelled);
        var lines = await Admin.GetStringAsync("audit/export?format=jsonl", Cancelled);

        PracticeDriver.Text(entry, "action").ShouldBe("clientRenamed");
        PracticeDriver.Text(entry, "before").ShouldBe("=HYPERLINK(\"x\")");
        PracticeDriver.Text(entry, "after").ShouldBe("Plain, \"quoted\"");
        PracticeDriver.Text(entry, "memberName").ShouldBe("Mara Lindt");
        PracticeDriver.Text(entry, "requestId").ShouldBe("audit-of-a-rename");
        csv.ShouldContain("\"'=HYPERLINK(\"\"x\"\")\",\"Plain, \"\"quoted\"\"\",audit-of-a-rename");
        lines.Trim().Split('\n').Select(line => JsonElement.Parse(line)).ShouldContain(line => PracticeDriver.Text(line, "requestId") == "audit-of-a-rename");
    }

    private async Task<JsonElement> InviteAsync(string email, string role) =>
        await ReadAsync(await Admin.PostAsJsonAsync("members", new { email, name = "Invited", role }, Cancelled));

    private async Task<HttpClient> PersonAsync(string subject, string email, bool isVerified = true) =>
        _application.As(await _application.SignIn.TokenAsync(new { subject, name = subject, email, emailVerified = isVerified }, Cancelled));

    private async Task AccessAsync(string member, string[]? give = null, string[]? withdraw = null) =>
        (await Admin.PatchAsJsonAsync($"members/{member}/clients", new { give = give ?? [], withdraw = withdraw ?? [] }, Cancelled)).EnsureSuccessStatusCode().Dispose();

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient person, string code) => person.PostAsJsonAsync("invitations/accept", new { code }, Cancelled);

    private static async Task<List<string>> NamesAsync(HttpClient api) =>
        [.. (await api.GetFromJsonAsync<JsonElement>("clients?take=500", Cancelled)).GetProperty("items").EnumerateArray().Select(client => PracticeDriver.Text(client, "name"))];

    private async Task<(string Role, string Privileges)> MemberAsync(string id)
    {
        var member = await Admin.GetFromJsonAsync<JsonElement>($"members/{id}", Cancelled);
        return (PracticeDriver.Text(member, "role"), string.Join(",", member.GetProperty("privileges").EnumerateArray().Select(one => one.GetString())));
    }

    private static async Task<string> DetailAsync(HttpClient api, string path, string code)
    {
        using var answer = await api.GetAsync(path, Cancelled);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        PracticeDriver.Text(problem, "type").ShouldEndWith($"/{code}");
        return PracticeDriver.Text(problem, "detail");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient api, string path)
    {
        using var answer = await api.GetAsync(path, Cancelled);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        PracticeDriver.Text(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)), "type").Split('/')[^1];
}
