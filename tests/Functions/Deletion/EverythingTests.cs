using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DataHealth.Core;
using DataHealth.Core.Connections;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Sync;
using DataHealth.Core.Webhooks;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;
using static DataHealth.Testing.Drivers.PracticeDriver;

namespace DataHealth.Functions.Tests.Deletion;

/// <summary>No place is forgotten by a deletion (promise 6): the code's tables against a reviewed list, that list against a client that has everything, and all that is stored afterwards.</summary>
public sealed class EverythingTests(SupportStage stage, AzuriteFixture azurite) : IClassFixture<SupportStage>
{
    // The tables and containers of the engine: histories.
    private const string Hub = "hub";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TestApplication Application => stage.Application;

    [Fact]
    public void Every_table_and_container_is_declared_with_what_it_holds_of_a_client() =>
        Places.InCode().ToArray().ShouldBe(Places.Declared.Keys.Order(StringComparer.Ordinal).ToArray(), customMessage: "say in tests/Functions/Deletion/places.csv what it holds of a client, and register an IClientTrace for it");

    [Fact]
    public async Task Promise_6_of_a_client_that_has_everything_nothing_is_left_in_any_place()
    {
        var run = await HaveEverythingAsync("Everything of Alder Ltd");
        string[] ids = [run.Client, run.Organisation, run.Organisation.Replace("-", "", StringComparison.Ordinal), "Everything of Alder Ltd"];
        var before = await PlacesOfAsync(ids);
        before.Keys.Except([.. Places.Declared.Keys, Hub]).ShouldBeEmpty("a place that nobody declared");
        Places.Declared.Where(place => place.Value == Places.Client).Select(place => place.Key).Except(before.Keys).ShouldBeEmpty("the client does not have everything");
        var alone = Places.Declared.Where(place => place.Value == Places.Alone).Select(place => place.Key).ToList();
        (await RowsOfAsync(alone)).Select(row => row.Table).Distinct().Order().ShouldBe(alone.Order());

        await ShouldBeReadableAsync(run.Client);

        using var answer = await Application.Api.PostAsJsonAsync($"clients/{run.Client}/deletion", new { name = "Everything of Alder Ltd" }, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var deletion = Text(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)), "id");
        await Eventually.TrueAsync(
            "the deletion is done", async () => Text(await Application.Practice.GetAsync($"deletions/{deletion}", Cancelled), "state") == "done", SupportStage.Within, Cancelled);

        var after = await PlacesOfAsync(ids);
        after.Where(place => Places.Declared.GetValueOrDefault(place.Key) != "kept").SelectMany(place => place.Value).ShouldBeEmpty();
        // Nobody else is connected here: what only the last one takes along is gone, too.
        (await RowsOfAsync(alone)).Where(row => !row.Text.Contains("RowKey=app", StringComparison.Ordinal)).Select(row => row.Text).ShouldBeEmpty();
        Directory.EnumerateFiles(Application.VaultFolder, "*.secret", SearchOption.AllDirectories).ShouldBeEmpty();
        var certificate = await Application.Practice.GetAsync($"deletions/{deletion}", Cancelled);
        certificate.GetRawText().ShouldNotContain("Alder");
        var deleted = certificate.GetProperty("deleted").EnumerateArray().ToDictionary(item => Text(item, "what"), item => item.GetProperty("items").GetInt64());
        // Consents and summaries are no longer there to be counted: they went with the mark and the stop.
        foreach (var what in (string[])["ledger", "runs", "run-events", "open-runs", "replays", "favourites", "member-access", "webhook-hints", "costs", "checkpoints", "health", "mapped-books", "health-overview", "health-wishes", "shared-overviews"])
            deleted[what].ShouldBeGreaterThan(0, what);
    }

    // What is taken out says what it is, and shows nothing of how it is stored.
    private async Task ShouldBeReadableAsync(string client)
    {
        using var answer = await Application.Api.GetAsync($"clients/{client}/export", Cancelled);
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Cancelled));
        async Task<string> TextAsync(string name)
        {
            using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync(Cancelled));
            return await reader.ReadToEndAsync(Cancelled);
        }
        var words = await TextAsync("README.txt");
        var files = zip.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal)).ToList();
        files.Count.ShouldBeGreaterThan(10);
        files.Where(file => !words.Contains($"\n{file}\n", StringComparison.Ordinal)).ShouldBeEmpty("say in ExportWords what it holds");
        foreach (var file in files)
        {
            var lines = (await TextAsync(file)).TrimEnd('\n').Split('\n');
            lines.ShouldAllBe(line => JsonElement.Parse(line).ValueKind == JsonValueKind.Object);
            if (file == "ledger.jsonl")
                continue;
            foreach (var kind in file == "health.jsonl" ? lines.Select(line => Text(JsonElement.Parse(line), "kind")).Distinct() : [])
                words.ShouldContain($"\"{kind}\"", customMessage: "say in ExportWords what it is");
            foreach (var field in file switch { "costs.jsonl" => ["date", "runs"], "schedule.jsonl" => ["dueAt"], _ => Array.Empty<string>() })
                lines.Where(line => !JsonElement.Parse(line).TryGetProperty(field, out _)).ShouldBeEmpty($"{field} in {file}");
            foreach (var raw in (string[])["\"PartitionKey\"", "\"Body\"", "\"Value\":", "\"hash\"", "\"Hash\"", ":null"])
                lines.ShouldAllBe(line => !line.Contains(raw, StringComparison.Ordinal), $"{raw} in {file}");
        }
    }

    // A client whose sync and its replay by our support failed, with a colleague and a favourite, a consent that waits, and news of its provider.
    private async Task<StagedRun> HaveEverythingAsync(string name)
    {
        var run = await stage.FailAsync(name, "wrongTypes");
        var (_, batch) = await stage.PostAsync("support/replays", new { reason = "Case 6", filter = new { code = "bad-answer", practiceId = Application.PracticeId }, perMinute = 600 });
        await Eventually.TrueAsync("the replay has ended", async () => await stage.RunsAsync(run.Client) is { Count: 2 } runs && runs[0] != run.Id
            && Text(await Application.Practice.RunAsync(run.Client, Cancelled), "state") == "finished", SupportStage.Within, Cancelled);
        await Eventually.TrueAsync(
            "the batch is done", async () => (await stage.GetAsync($"support/replays/{Text(batch, "id")}")).GetProperty("progress").TryGetProperty("finishedAt", out _), SupportStage.Within, Cancelled);
        // As support leaves a record out that a run could not read.
        await Application.Services.GetRequiredService<SkippedRecords>().SkipAsync(new ClientId(run.Client), "invoices", "6f1d54c4-0f5d-4a6f-9f3b-00000000dead", "Case 6", Cancelled);
        var colleague = await Application.SignIn.JoinAsync(Application.Api, "suki", "standard", ["sync"], Cancelled);
        (await Application.Api.PatchAsJsonAsync($"members/{colleague.Id}/clients", new { give = new[] { run.Client } }, Cancelled)).EnsureSuccessStatusCode().Dispose();
        (await Application.As(colleague.Token).PutAsync($"clients/{run.Client}/favourite", null, Cancelled)).EnsureSuccessStatusCode().Dispose();
        (await Application.Api.GetAsync($"clients/{run.Client}/forecast", Cancelled)).EnsureSuccessStatusCode().Dispose();
        await Application.Practice.ComeBackAsync(await AllowAsync(await Application.Practice.PressConnectAsync(run.Client, Cancelled), "Ada Birch", name, Cancelled), Cancelled);
        (await Application.Api.PostAsync($"clients/{run.Client}/health/recalculate", null, Cancelled)).EnsureSuccessStatusCode().Dispose();
        await Eventually.TrueAsync("the health is calculated", async () =>
        {
            using var health = await Application.Api.GetAsync($"clients/{run.Client}/health", Cancelled);
            return health.IsSuccessStatusCode && Text(JsonElement.Parse(await health.Content.ReadAsStringAsync(Cancelled)), "recalculation") == "none";
        }, SupportStage.Within, Cancelled);
        // As of a removal that a provider refused for a week.
        await Application.Services.GetRequiredService<LeftThere>().NoteAsync(new ClientId(run.Client), new GrantId("xero-of-before"), new OrganisationId("xero", run.Organisation), DateTimeOffset.UnixEpoch, Cancelled);
        // As of a press that fell between the last look of the recalculation and its end.
        await Application.Services.GetRequiredService<HealthWishes>().AskAsync(new ClientId(run.Client), HealthWishKind.Recalculation, Cancelled);
        (await Application.Api.PostAsJsonAsync($"clients/{run.Client}/shares", new { days = 7 }, Cancelled)).EnsureSuccessStatusCode().Dispose();
        var news = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            events = new[]
            {
                new { resourceId = "7c1e6a30-52f1-4d0a-9a3c-1f8b7e2d4c55", tenantId = run.Organisation, tenantType = "ORGANISATION", eventCategory = "INVOICE", eventType = "UPDATE", eventDateUtc = "2026-11-23T20:30:52.417" },
            },
            firstEventSequence = 1,
            lastEventSequence = 1,
            entropy = "ABCDEFGHIJKLMNOPQRST",
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "webhooks/xero") { Content = new ByteArrayContent(news) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("x-xero-signature", WebhookSignature.Of(news, SupportStage.WebhookKey));
        (await Application.Api.SendAsync(request, Cancelled)).EnsureSuccessStatusCode().Dispose();
        return run;
    }

    // Also where an id is packed into bytes.
    private async Task<Dictionary<string, List<string>>> PlacesOfAsync(string[] ids)
    {
        var packed = Encoding.Latin1.GetString(Convert.FromHexString(ids[0]));
        return (await StorageText.ReadAsync(azurite, Application.Prefix, Cancelled))
            .Where(text => text.Contains(packed, StringComparison.Ordinal) || ids.Any(id => text.Contains(id, StringComparison.OrdinalIgnoreCase)))
            .GroupBy(PlaceOf).ToDictionary(place => place.Key, place => place.ToList());
    }

    private async Task<List<(string Table, string Text)>> RowsOfAsync(List<string> tables) =>
        [.. (await StorageText.ReadAsync(azurite, Application.Prefix, Cancelled)).Select(text => (PlaceOf(text), text)).Where(row => tables.Contains(row.Item1))];

    private string PlaceOf(string text)
    {
        var name = text[Application.Prefix.Length..text.IndexOfAny([':', '/'])];
        return name.StartsWith("hub", StringComparison.OrdinalIgnoreCase) ? Hub : name.TrimStart('-');
    }
}
