using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;
using static DataHealth.Testing.Drivers.PracticeDriver;

namespace DataHealth.Functions.Tests.Health;

/// <summary>From a sync to a score, over HTTP only: what is dismissed stays so until its records change at the provider.</summary>
[TakesLong]
public sealed class HealthStoryTests(AzuriteFixture azurite)
{
    private const string Books = "Birch & Ash Ltd";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_synced_client_has_a_score_whose_findings_are_dismissed_reopened_by_an_edit_at_the_provider_and_recalculated()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        var client = await practice.AddClientAsync(Books, Cancelled);
        using (var early = await application.Api.GetAsync($"clients/{client}/health", Cancelled))
            (await CodeOf(early)).ShouldBe("health-not-calculated");
        await practice.ConnectAsync(client, "Ada Birch", Books, Cancelled);
        var first = await practice.WaitForEndAsync(client, Soon, Cancelled);
        first.GetProperty("receipt").GetProperty("health").GetProperty("state").GetString().ShouldBe("recalculated", first.ToString());

        // Somebody enters a customer of last month a second time.
        var organisation = await application.Sandbox.OrganisationAsync(Books, Cancelled);
        var (twin, name) = await TwinAsync(practice, client);
        await EditAsync(application, organisation, twin, "Name", name + ".");
        await SyncAsync(practice, client);
        var before = await practice.GetAsync($"clients/{client}/health", Cancelled);
        before.GetProperty("isPartial").GetBoolean().ShouldBeFalse(before.GetProperty("words").GetString());
        before.GetProperty("hasNewerData").GetBoolean().ShouldBeFalse();
        before.GetProperty("checks").EnumerateArray().Single(check => Text(check, "key") == "bank-reconciliation").GetProperty("weight").GetDecimal().ShouldBe(25m);
        var pair = (await practice.GetAsync($"clients/{client}/health/findings?check=duplicate-contacts&take=500", Cancelled)).GetProperty("items").EnumerateArray()
            .First(finding => finding.GetProperty("evidence").EnumerateArray().Any(record => Text(record, "id") == twin));
        var id = Text(pair, "id");

        using (var late = await application.Api.PostAsJsonAsync($"clients/{client}/health/findings/dismiss", new { ids = new[] { id }, version = Text(first, "id"), reason = "Of another list." }, Cancelled))
            (await CodeOf(late)).ShouldBe("findings-changed");
        var dismissed = await PostAsync(application.Api, $"clients/{client}/health/findings/dismiss", new { ids = new[] { id }, version = Text(before, "version"), reason = "Two branches of one customer." });
        var after = await practice.GetAsync($"clients/{client}/health", Cancelled);
        dismissed.GetProperty("changed").GetInt32().ShouldBe(1);
        ScoreOf(after).ShouldBeGreaterThan(ScoreOf(before));
        ScoreOf(after).ShouldBe(dismissed.GetProperty("score").GetProperty("exact").GetDecimal());
        var noted = await practice.GetAsync($"clients/{client}/health/findings/{id}", Cancelled);
        Text(noted, "state").ShouldBe("dismissed");
        Text(noted.GetProperty("dismissal"), "reason").ShouldBe("Two branches of one customer.");
        noted.GetProperty("evidence").GetArrayLength().ShouldBe(2);

        await EditAsync(application, organisation, twin, "EmailAddress", "accounts@twin.example");
        await SyncAsync(practice, client);
        var reopened = await practice.GetAsync($"clients/{client}/health/findings/{id}", Cancelled);
        (Text(reopened, "state"), reopened.GetProperty("isReopened").GetBoolean()).ShouldBe(("open", true));

        await PostAsync(application.Api, $"clients/{client}/health/findings/dismiss", new { filter = new { check = "duplicate-contacts" }, reason = "All known." });
        using (var pressed = await application.Api.PostAsync($"clients/{client}/health/recalculate", null, Cancelled))
            pressed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var version = Text(after, "version");
        JsonElement now = default;
        await Eventually.TrueAsync("it is recalculated", async () => Text(now = await practice.GetAsync($"clients/{client}/health", Cancelled), "recalculation") == "none" && Text(now, "version") != version, Soon, Cancelled);
        now.GetProperty("checks").EnumerateArray().Single(check => Text(check, "key") == "duplicate-contacts").GetProperty("share").GetDecimal().ShouldBe(1m);

        await The_rest_of_the_pages_agree(application, client, now);
    }

    [Fact]
    public async Task Another_practices_client_does_not_exist_and_who_may_only_look_is_told_who_can_dismiss()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await application.Practice.AddClientAsync(Books, Cancelled);
        await application.Practice.ConnectAsync(client, "Ada Birch", Books, Cancelled);
        await application.Practice.WaitForEndAsync(client, Soon, Cancelled);
        using var stranger = application.As(null);
        await application.SignIn.FoundAsync(stranger, "Northgate Partners", "otto", Cancelled);
        var colleague = await application.SignIn.JoinAsync(application.Api, "pia", "standard", [], Cancelled);
        (await application.Api.PatchAsJsonAsync($"members/{colleague.Id}/clients", new { give = new[] { client } }, Cancelled)).EnsureSuccessStatusCode().Dispose();
        using var reader = application.As(colleague.Token);

        foreach (var path in (string[])["", "/checks", "/findings", "/moves", "/history"])
        {
            using var hidden = await stranger.GetAsync($"clients/{client}/health{path}", Cancelled);
            (await CodeOf(hidden)).ShouldBe("client-not-found");
            using var seen = await reader.GetAsync($"clients/{client}/health{path}", Cancelled);
            seen.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
        using var foreign = await stranger.PostAsJsonAsync($"clients/{client}/health/findings/dismiss", new { all = true, reason = "Mischief." }, Cancelled);
        (await CodeOf(foreign)).ShouldBe("client-not-found");
        using var refused = await reader.PostAsJsonAsync($"clients/{client}/health/findings/dismiss", new { all = true, reason = "Not mine to say." }, Cancelled);
        (refused.StatusCode, await CodeOf(refused)).ShouldBe((HttpStatusCode.Forbidden, "not-allowed"));
        (await stranger.GetFromJsonAsync<JsonElement>("practice/health", Cancelled)).GetProperty("clients").GetInt32().ShouldBe(0);
        // Nobody of another practice can be given a finding.
        var otto = Text((await stranger.GetFromJsonAsync<JsonElement>("me", Cancelled)).GetProperty("memberships")[0], "memberId");
        var finding = Text((await application.Practice.GetAsync($"clients/{client}/health/findings?take=1", Cancelled)).GetProperty("items")[0], "id");
        using var outside = await application.Api.PatchAsJsonAsync($"clients/{client}/health/findings/{finding}", new { assignedTo = otto }, Cancelled);
        (await CodeOf(outside)).ShouldBe("invalid-request");
    }

    [Fact]
    public async Task A_recalculation_that_breaks_off_is_taken_up_again_and_one_that_fails_leaves_the_sync_good_and_the_old_score_whole()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        var recalculate = application.Services.GetRequiredService<RecalculateHealth>();
        var client = await practice.AddClientAsync(Books, Cancelled);
        var breaks = 1;
        recalculate.Reached = place => place == HealthPlace.Written && Interlocked.Decrement(ref breaks) >= 0 ? throw new IOException("Broken off.") : Task.CompletedTask;
        await practice.ConnectAsync(client, "Ada Birch", Books, Cancelled);
        var resumed = await practice.WaitForEndAsync(client, Soon, Cancelled);
        var before = await practice.GetAsync($"clients/{client}/health", Cancelled);
        breaks.ShouldBeLessThan(0, "it came by there again");
        StepOf(resumed).ShouldBe("recalculated");

        breaks = int.MaxValue;
        var pressed = await practice.PressSyncAsync(client, Cancelled);
        var failed = await practice.WaitForRunAsync(client, "the run has ended", now => Text(now, "id") == pressed && Text(now, "state") == "finished", Soon, Cancelled);

        Text(failed, "outcome").ShouldBe("succeeded", failed.ToString());
        StepOf(failed).ShouldBe("failed");
        Text(await practice.GetAsync($"clients/{client}/health", Cancelled), "version").ShouldBe(Text(before, "version"));

        static string StepOf(JsonElement run) => Text(run.GetProperty("receipt").GetProperty("health"), "state");
    }

    [Fact]
    public async Task Recalculate_pressed_by_many_at_once_is_one_recalculation_and_one_more_for_what_came_meanwhile()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var practice = application.Practice;
        var client = await practice.AddClientAsync(Books, Cancelled);
        await practice.ConnectAsync(client, "Ada Birch", Books, Cancelled);
        await practice.WaitForEndAsync(client, Soon, Cancelled);
        var (reached, held) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var (began, published) = (0, 0);
        application.Services.GetRequiredService<RecalculateHealth>().Reached = async place =>
        {
            if (place == HealthPlace.Published)
                Interlocked.Increment(ref published);
            if (place != HealthPlace.Claimed || Interlocked.Increment(ref began) > 1)
                return;
            reached.SetResult();
            await held.Task;
        };

        var first = await PressAsync();
        await reached.Task.WaitAsync(Soon, Cancelled);
        Text(await practice.GetAsync($"clients/{client}/health", Cancelled), "recalculation").ShouldBe("running");
        var others = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => PressAsync()));
        held.SetResult();
        await Eventually.TrueAsync("it is recalculated", async () => Text(await practice.GetAsync($"clients/{client}/health", Cancelled), "recalculation") == "none", Soon, Cancelled);

        first.ShouldBe("started");
        others.ShouldAllBe(outcome => outcome == "joined");
        published.ShouldBe(2, "the one at work, and one for all who came meanwhile");

        async Task<string> PressAsync()
        {
            using var pressed = await application.Api.PostAsync($"clients/{client}/health/recalculate", null, Cancelled);
            pressed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            return Text(JsonElement.Parse(await pressed.Content.ReadAsStringAsync(Cancelled)), "outcome");
        }
    }

    private static async Task The_rest_of_the_pages_agree(TestApplication application, string client, JsonElement overview)
    {
        var practice = application.Practice;
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var history = (await practice.GetAsync($"clients/{client}/health/history?unit=month", Cancelled)).GetProperty("items").EnumerateArray().ToList();
        ScoreOf(history[^1]).ShouldBe(ScoreOf(overview));
        var csv = await application.Api.GetStringAsync($"clients/{client}/health/history/export", Cancelled);
        csv.Split("\r\n")[0].ShouldStartWith("start,calculatedAt,reportingDate,percent");
        var moves = await practice.GetAsync($"clients/{client}/health/moves?take=5", Cancelled);
        ScoreOf(moves).ShouldBe(ScoreOf(overview));
        var parts = await practice.GetAsync($"clients/{client}/health/attribution?from={today}", Cancelled);
        parts.GetProperty("after").GetDecimal().ShouldBe(ScoreOf(overview));
        new[] { "rulesAndWeights", "coverage", "newPostings", "workDone" }.Sum(part => parts.GetProperty(part).GetDecimal()).ShouldBe(parts.GetProperty("change").GetDecimal(), 0.05m);
        // By the moment of a recalculation too: a person compares before and after within a day.
        var moment = Uri.EscapeDataString(Text(history[^1], "at"));
        (await practice.GetAsync($"clients/{client}/health/attribution?from={moment}&to={moment}", Cancelled)).GetProperty("change").GetDecimal().ShouldBe(0m);
        using (var vague = await application.Api.GetAsync($"clients/{client}/health/attribution?from=yesterday", Cancelled))
            (await CodeOf(vague)).ShouldBe("invalid-request");
        var check = await practice.GetAsync($"clients/{client}/health/checks/duplicate-contacts", Cancelled);
        check.GetProperty("isDefault").GetBoolean().ShouldBeTrue();
        using (var wrong = await application.Api.PutAsJsonAsync($"clients/{client}/health/checks/duplicate-contacts/settings", new { settings = new { level = "telepathic" } }, Cancelled))
            (await CodeOf(wrong)).ShouldBe("invalid-request");
        using (var right = await application.Api.PutAsJsonAsync($"clients/{client}/health/checks/duplicate-contacts/settings", new { settings = new { level = "strict" } }, Cancelled))
            JsonElement.Parse(await right.Content.ReadAsStringAsync(Cancelled)).GetProperty("settings").GetProperty("level").GetString().ShouldBe("strict");
        (await practice.GetAsync($"clients/{client}/health/attribution", Cancelled)).GetProperty("after").GetDecimal().ShouldBe(ScoreOf(overview), "a client of a day has a change as well");
        using (var told = await application.Api.PutAsJsonAsync($"clients/{client}/insights/settings", new { registrationThreshold = 85000, manualFeeds = new[] { "091" } }, Cancelled))
        {
            var insights = JsonElement.Parse(await told.Content.ReadAsStringAsync(Cancelled));
            told.StatusCode.ShouldBe(HttpStatusCode.OK, insights.GetRawText());
            (insights.GetProperty("topContacts").GetInt32(), Text(insights, "ageFrom")).ShouldBe((10, "dueDate"), "what is left out is as by default");
        }
        using (var ahead = await application.Api.PostAsJsonAsync($"clients/{client}/health/preview", new { reportingDate = "2034-06-30" }, Cancelled))
            (await CodeOf(ahead)).ShouldBe("invalid-request");
        var preview = await PostAsync(application.Api, $"clients/{client}/health/preview", new { reportingDate = "2026-06-30" });
        (preview.TryGetProperty("version", out _), Text(preview, "from"), Text(preview, "to")).ShouldBe((false, "2026-06-01", "2026-06-30"));

        var finding = Text((await practice.GetAsync($"clients/{client}/health/findings?take=1&sort=money", Cancelled)).GetProperty("items")[0], "id");
        using (var labelled = await application.Api.PatchAsJsonAsync($"clients/{client}/health/findings/{finding}", new { tags = new[] { "year end", "ask client" } }, Cancelled))
            labelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await practice.GetAsync($"clients/{client}/health/findings?tag=year%20end", Cancelled)).GetProperty("total").GetInt32().ShouldBe(1);
        var mara = Text((await practice.GetAsync("me", Cancelled)).GetProperty("memberships")[0], "memberId");
        using (var given = await application.Api.PatchAsJsonAsync($"clients/{client}/health/findings/{finding}", new { assignedTo = mara }, Cancelled))
            given.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var who in (string[])["me", mara])
            (await practice.GetAsync($"clients/{client}/health/findings?assignedTo={who}&tag=ask%20client", Cancelled)).GetProperty("total").GetInt32().ShouldBe(1, "given to somebody, it keeps its tags");
        using (var cleared = await application.Api.PatchAsJsonAsync($"clients/{client}/health/findings/{finding}", new { assignedTo = "" }, Cancelled))
            cleared.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await practice.GetAsync($"clients/{client}/health/findings?assignedTo=me", Cancelled)).GetProperty("total").GetInt32().ShouldBe(0);

        var all = await practice.GetAsync("practice/health", Cancelled);
        ScoreOf(all.GetProperty("items")[0]).ShouldBe(ScoreOf(overview));
        all.GetProperty("items")[0].GetProperty("sparkline").EnumerateArray().Last().GetProperty("percent").GetInt32().ShouldBe(overview.GetProperty("score").GetProperty("percent").GetInt32());
        all.GetProperty("volumes").EnumerateArray().Sum(month => month.GetProperty("transactions").GetInt32()).ShouldBeGreaterThan(0);
        var weights = new { weights = new Dictionary<string, int> { ["bank-reconciliation"] = 20, ["duplicate-contacts"] = 50, ["lock-dates"] = 10, ["suspense"] = 10, ["draft-documents"] = 10 } };
        var made = await PostAsync(application.Api, "practice/health/score/preview", weights);
        using (var saved = await application.Api.PutAsJsonAsync("practice/health/score", weights, Cancelled))
            saved.StatusCode.ShouldBe(HttpStatusCode.OK);
        ScoreOf(await practice.GetAsync($"clients/{client}/health", Cancelled)).ShouldBe(made.GetProperty("items")[0].GetProperty("after").GetProperty("exact").GetDecimal());
    }

    // A contact to make a twin of one that was sold to last month.
    private static async Task<(string Twin, string Name)> TwinAsync(PracticeDriver practice, string client)
    {
        var month = DateTime.UtcNow.AddMonths(-1).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var active = (await practice.GetAsync($"clients/{client}/data/invoices?take=500", Cancelled)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("record"))
            .First(invoice => invoice.GetProperty("DateString").GetString()!.StartsWith(month, StringComparison.Ordinal) && Text(invoice, "Status") is "AUTHORISED" or "PAID").GetProperty("Contact");
        var contacts = (await practice.GetAsync($"clients/{client}/data/contacts?take=500", Cancelled)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("record")).ToList();
        var twin = contacts.First(contact => Text(contact, "ContactStatus") == "ACTIVE" && Text(contact, "ContactID") != Text(active, "ContactID"));
        return (Text(twin, "ContactID"), Text(active, "Name"));
    }

    private static Task EditAsync(TestApplication application, string organisation, string contact, string field, string value) => application.Sandbox.SendAsync(
        HttpMethod.Post, $"organisations/{organisation}/edits", new { kind = "edit", collection = "Contacts", id = contact, set = new Dictionary<string, string> { [field] = value } }, Cancelled);

    private static async Task SyncAsync(PracticeDriver practice, string client)
    {
        var run = await practice.PressSyncAsync(client, Cancelled);
        var ended = await practice.WaitForRunAsync(client, "the run has ended", now => Text(now, "id") == run && Text(now, "state") == "finished", Soon, Cancelled);
        Text(ended, "outcome").ShouldBe("succeeded", ended.ToString());
    }

    private static decimal ScoreOf(JsonElement answer) => answer.GetProperty("score").GetProperty("exact").GetDecimal();

    private static async Task<JsonElement> PostAsync(HttpClient api, string path, object body)
    {
        using var answer = await api.PostAsJsonAsync(path, body, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    private static async Task<string> CodeOf(HttpResponseMessage answer) => Text(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)), "type").Split('/')[^1];
}
