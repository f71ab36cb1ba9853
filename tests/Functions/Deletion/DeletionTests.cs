using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests.Deletion;

public sealed class DeletionTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);
    private readonly TestApplication _application = fixture.Application;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_deleted_only_by_its_name_and_is_gone_from_then_on()
    {
        var id = await _application.Practice.AddClientAsync("Rowan Ltd", Cancelled);
        using var slip = await DeleteAsync(id, "Rowan");
        var stillThere = await _application.Practice.GetAsync($"clients/{id}", Cancelled);

        using var first = await DeleteAsync(id, " Rowan Ltd ");
        using var again = await DeleteAsync(id, "whatever");

        slip.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        PracticeDriver.Text(stillThere, "name").ShouldBe("Rowan Ltd");
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var deletion = PracticeDriver.Text(await JsonAsync(first), "id");
        // Pressed twice it is one deletion; it may have ended in between.
        if (again.StatusCode is not HttpStatusCode.NotFound)
            PracticeDriver.Text(await JsonAsync(again), "id").ShouldBe(deletion);
        using var rename = await _application.Api.PatchAsJsonAsync($"clients/{id}", new { name = "Back" }, Cancelled);
        rename.StatusCode.ShouldBeOneOf(HttpStatusCode.Gone, HttpStatusCode.NotFound);
        using var connect = await _application.Api.PostAsync($"clients/{id}/connections/xero", null, Cancelled);
        connect.StatusCode.ShouldBeOneOf(HttpStatusCode.Gone, HttpStatusCode.NotFound);
        (await _application.Practice.GetAsync("clients?take=500", Cancelled)).GetRawText().ShouldNotContain(id);
        await DoneAsync(deletion);
        using var gone = await _application.Api.GetAsync($"clients/{id}", Cancelled);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _application.Practice.GetAsync("deletions", Cancelled)).GetRawText().ShouldContain(deletion);
    }

    [Fact]
    public async Task Promise_6_what_comes_back_after_the_certificate_is_found_and_its_deletion_begins_again()
    {
        var id = await _application.Practice.AddClientAsync("Willow Ltd", Cancelled);
        using var pressed = await DeleteAsync(id, "Willow Ltd");
        var deletion = PracticeDriver.Text(await JsonAsync(pressed), "id");
        await DoneAsync(deletion);
        var recheck = _application.Services.GetRequiredService<RecheckDeletions>();
        (await recheck.ExecuteAsync(DateTimeOffset.UtcNow.AddDays(-1), Cancelled)).ShouldNotContain(new DeletionId(deletion), "nothing is left of it");

        // As from a process that was frozen through all of it, or a backup that was restored.
        var runs = await _application.Services.GetRequiredService<AppStorage>().TableAsync("runs", Cancelled);
        await runs.AddEntityAsync(new TableEntity(id, "h|late") { ["Body"] = "{}" }, Cancelled);

        (await recheck.ExecuteAsync(DateTimeOffset.UtcNow.AddDays(-1), Cancelled)).ShouldContain(new DeletionId(deletion));
        (await recheck.ExecuteAsync(DateTimeOffset.UtcNow.AddDays(1), Cancelled)).ShouldBeEmpty("only those that ended lately are looked at");
        PracticeDriver.Text(await _application.Practice.GetAsync($"deletions/{deletion}", Cancelled), "state").ShouldNotBe("done");
    }

    [Fact]
    public async Task An_unknown_or_malformed_deletion_does_not_exist()
    {
        foreach (var id in (string[])["019ab0c3f5e27d5c9a41d6a1c2b3e4f5", "x", "~open", "A'B"])
        {
            using var answer = await _application.Api.GetAsync($"deletions/{Uri.EscapeDataString(id)}", Cancelled);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        using var page = await _application.Api.GetAsync("deletions?continuation=nonsense", Cancelled);
        page.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Everything_held_about_a_client_can_be_taken_out_and_holds_no_secret()
    {
        var id = await _application.Practice.AddClientAsync("Hazel & Co", Cancelled);
        await _application.Practice.ConnectAsync(id, "Ada Birch", "Kauri Joinery Limited", Cancelled);
        var run = await _application.Practice.WaitForEndAsync(id, Within, Cancelled);
        var held = (await _application.Practice.HeldAsync(id, Cancelled)).Values.Sum();

        using var answer = await _application.Api.GetAsync($"clients/{id}/export", Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Cancelled));
        var manifest = JsonElement.Parse(await TextAsync(zip, "complete.json"));
        var ledger = (await TextAsync(zip, "ledger.jsonl")).TrimEnd('\n').Split('\n');
        ledger.Length.ShouldBe(manifest.GetProperty("ledger").GetInt32());
        ledger.Length.ShouldBeGreaterThanOrEqualTo(held);
        ledger.ShouldAllBe(line => JsonElement.Parse(line).GetProperty("record").ValueKind == JsonValueKind.Object);
        ledger.Select(line => PracticeDriver.Text(JsonElement.Parse(line), "dataset")).ShouldContain("invoices");
        ledger.ShouldAllBe(line => PracticeDriver.Text(JsonElement.Parse(line), "id").Length > 0);
        var client = JsonElement.Parse(await TextAsync(zip, "clients.jsonl"));
        PracticeDriver.Text(client, "name").ShouldBe("Hazel & Co");
        zip.Entries[0].FullName.ShouldBe("README.txt");
        zip.Entries[^1].FullName.ShouldBe("complete.json");
        answer.Content.Headers.ContentDisposition!.FileName!.Trim('"').ShouldBe("Hazel & Co - everything.zip");
        var runs = (await TextAsync(zip, "runs.jsonl")).TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line)).ToList();
        runs.ShouldContain(line => PracticeDriver.Text(line, "runId") == PracticeDriver.Text(run, "id"), "an id is its text, and fields are spelt as in the API");
        (await TextAsync(zip, "audit.jsonl")).ShouldSatisfyAllConditions(
            audit => audit.ShouldContain("\"ClientAdded\""), audit => audit.ShouldContain("\"Connected\""), audit => audit.Count(letter => letter == '\n').ShouldBe(manifest.GetProperty("audit").GetInt32()));
        var secrets = await _application.Sandbox.SecretsAsync(Cancelled);
        foreach (var entry in zip.Entries)
        {
            var text = await TextAsync(zip, entry.FullName);
            secrets.ShouldAllBe(secret => !text.Contains(secret, StringComparison.Ordinal));
        }
    }

    private Task<HttpResponseMessage> DeleteAsync(string client, string name) => _application.Api.PostAsJsonAsync($"clients/{client}/deletion", new { name }, Cancelled);

    private Task DoneAsync(string deletion) => Eventually.TrueAsync(
        "the deletion is done", async () => PracticeDriver.Text(await _application.Practice.GetAsync($"deletions/{deletion}", Cancelled), "state") == "done", Within, Cancelled);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));

    private static async Task<string> TextAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync(Cancelled));
        return await reader.ReadToEndAsync(Cancelled);
    }
}
