using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using static DataHealth.Testing.Drivers.PracticeDriver;

namespace DataHealth.Functions.Tests;

/// <summary>What goes out of a client's health: insights, files, and a link for people without a sign-in.</summary>
public sealed class SharedOverviewTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shared_overview_is_opened_without_a_sign_in_until_it_is_taken_back_and_files_and_insights_are_there()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Web:SharedOverviewUri", "https://app.datahealth.example/shared"));
        var client = await application.Practice.AddClientAsync("Birch & Ash Ltd", Cancelled);
        await application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", Cancelled);
        Text(await application.Practice.WaitForEndAsync(client, TimeSpan.FromMinutes(8), Cancelled), "outcome").ShouldBe("succeeded");
        // Somebody has said what is no fault, and who looks after another.
        var findings = (await application.Practice.GetAsync($"clients/{client}/health/findings?take=2", Cancelled)).GetProperty("items");
        (await application.Api.PostAsJsonAsync($"clients/{client}/health/findings/dismiss", new { ids = new[] { Text(findings[0], "id") }, reason = "Known." }, Cancelled)).EnsureSuccessStatusCode().Dispose();
        var mara = Text((await application.Practice.GetAsync("me", Cancelled)).GetProperty("memberships")[0], "memberId");
        (await application.Api.PatchAsJsonAsync($"clients/{client}/health/findings/{Text(findings[1], "id")}", new { assignedTo = mara, tags = new[] { "ask" } }, Cancelled)).EnsureSuccessStatusCode().Dispose();

        var code = await ALinkShowsTheOverviewAsync(application, client);
        await ItIsWrittenDownNowhereAsync(application, client, code);
        await InsightsAreOfTheDayAskedForAsync(application, client);
        await FilesAreWhatTheySayAsync(application, client);
    }

    [Fact]
    public async Task Who_tries_codes_from_one_address_has_to_wait()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        using var anybody = application.As(null);
        var began = System.Diagnostics.Stopwatch.StartNew();
        HttpResponseMessage answer;
        var tries = 0;
        do
        {
            answer = await anybody.PostAsJsonAsync("shared/overview", new { code = "guess" }, Cancelled);
            tries++;
        }
        while (answer.StatusCode == HttpStatusCode.NotFound && tries < 5_000);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        tries.ShouldBeInRange(60, 60 + (int)began.Elapsed.TotalSeconds + 2, "sixty, and one more a second");
        // Others are not held back by it.
        (await application.Api.GetAsync("clients", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> ALinkShowsTheOverviewAsync(TestApplication application, string client)
    {
        using var made = await application.Api.PostAsJsonAsync($"clients/{client}/shares", new { days = 7 }, Cancelled);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Cancelled));
        var share = JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancelled));
        var (code, id) = (Text(share, "code"), Text(share, "id"));
        Text(share, "link").ShouldBe($"https://app.datahealth.example/shared#code={code}");
        using var wrong = await application.Api.PostAsJsonAsync($"clients/{client}/shares", new { days = 91 }, Cancelled);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var anybody = application.As(null);
        using var opened = await anybody.PostAsJsonAsync("shared/overview", new { code }, Cancelled);
        opened.StatusCode.ShouldBe(HttpStatusCode.OK, await opened.Content.ReadAsStringAsync(Cancelled));
        opened.Headers.CacheControl!.NoStore.ShouldBeTrue();
        opened.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        var body = await opened.Content.ReadAsStringAsync(Cancelled);
        var overview = JsonElement.Parse(body).GetProperty("overview");
        Text(overview, "client").ShouldBe("Birch & Ash Ltd");
        overview.GetProperty("checks").GetArrayLength().ShouldBeGreaterThan(20);
        overview.GetProperty("percent").GetInt32().ShouldBeInRange(0, 100);
        body.ShouldNotContain("Mara", Case.Insensitive);
        body.ShouldNotContain("Known.");

        using var revoked = await application.Api.DeleteAsync($"clients/{client}/shares/{id}", Cancelled);
        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        List<string> refusals = [];
        foreach (var dead in (string[])[code, "none", code[..^1] + (code[^1] == 'A' ? "Q" : "A"), $"{new string('0', 32)}.{new string('0', 32)}.{new string('A', 43)}"])
        {
            using var refused = await anybody.PostAsJsonAsync("shared/overview", new { code = dead }, Cancelled);
            refused.StatusCode.ShouldBe(HttpStatusCode.NotFound, dead);
            refusals.Add(System.Text.RegularExpressions.Regex.Replace(await refused.Content.ReadAsStringAsync(Cancelled), "[0-9a-f]{32}", "…"));
        }
        refusals.Distinct().Count().ShouldBe(1, "taken back, unknown, changed: alike");
        return code;
    }

    private async Task ItIsWrittenDownNowhereAsync(TestApplication application, string client, string code)
    {
        var list = await application.Practice.GetAsync($"clients/{client}/shares", Cancelled);
        Text(list.GetProperty("shares")[0], "state").ShouldBe("revoked");
        list.GetRawText().ShouldNotContain(code);
        var audit = (await application.Practice.GetAsync($"clients/{client}/audit", Cancelled)).GetRawText();
        audit.ShouldContain("overviewShared", Case.Insensitive);
        audit.ShouldContain("overviewShareRevoked", Case.Insensitive);
        var secret = code.Split('.')[2];
        var said = application.Logs.Lines.Concat(await StorageText.ReadAsync(azurite, application.Prefix, Cancelled)).ToList();
        said.ShouldContain(line => line.Contains(client), "the scan reads what was said");
        said.Append(audit).Where(line => line.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static async Task InsightsAreOfTheDayAskedForAsync(TestApplication application, string client)
    {
        var insights = await application.Practice.GetAsync($"clients/{client}/insights", Cancelled);
        insights.GetProperty("volumes").GetProperty("value").GetArrayLength().ShouldBe(12);
        insights.GetProperty("receivables").GetProperty("value").GetProperty("notExplained").GetDecimal().ShouldBe(0m);
        Text(insights.GetProperty("bankAccounts").GetProperty("value").GetProperty("manualFeeds"), "missing").ShouldStartWith("Not available, needs");
        var earlier = await application.Practice.GetAsync($"clients/{client}/insights?reportingDate=2020-02-29", Cancelled);
        (Text(earlier, "reportingDate"), Text(earlier, "monthEnd")).ShouldBe(("2020-02-29", "2020-02-29"));
        foreach (var wrong in (string[])["2026-02-30", "x", "1999-12-31", "2026-01-01&reportingDate=2026-01-02"])
        {
            using var refused = await application.Api.GetAsync($"clients/{client}/insights?reportingDate={wrong}", Cancelled);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        }
    }

    private static async Task FilesAreWhatTheySayAsync(TestApplication application, string client)
    {
        foreach (var (query, type, begins) in new[]
        {
            ("", "application/pdf", "%PDF-"), ("?what=overview&format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"),
            ("?what=findings", "text/csv", "Check,Severity,Finding"), ("?what=findings&format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"),
        })
        {
            using var file = await application.Api.GetAsync($"clients/{client}/health/export{query}", Cancelled);
            file.StatusCode.ShouldBe(HttpStatusCode.OK, query);
            file.Content.Headers.ContentType!.MediaType.ShouldBe(type);
            file.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            Encoding.Latin1.GetString(await file.Content.ReadAsByteArrayAsync(Cancelled)).ShouldStartWith(begins);
        }

        foreach (var wrong in (string[])["?what=all", "?format=csv", "?what=findings&format=pdf"])
        {
            using var refused = await application.Api.GetAsync($"clients/{client}/health/export{wrong}", Cancelled);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        }
    }
}
