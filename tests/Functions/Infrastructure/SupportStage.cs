using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests.Infrastructure;

/// <summary>A run of a client, and the organisation whose books it reads.</summary>
public sealed record StagedRun(string Client, string Id, string Organisation);

/// <summary>A practice whose syncs fail, hang and pause as they are told, and somebody of our support.</summary>
public sealed class SupportStage(AzuriteFixture azurite) : IAsyncLifetime
{
    /// <summary>A generous bound for whatever is awaited.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    // Three syncs within a minute, which no test is about, would meet Xero's own and wait for the next one.
    private const int MinuteLimit = 6_000;

    /// <summary>Signs what the provider tells.</summary>
    public const string WebhookKey = "the-key-of-the-webhooks-of-this-stage";

    private TestApplication? _application;
    private HttpClient? _support;

    public TestApplication Application => _application ?? throw new InvalidOperationException("Not started.");

    /// <summary>The API as Sam Keene sees it.</summary>
    public HttpClient Support => _support ?? throw new InvalidOperationException("Not started.");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _application = await TestApplication.StartAsync(azurite, CancellationToken.None, ("Sync:SliceRetryDelay", "00:00:00.1"), ("Xero:RetryDelay", "00:00:00.05"),
            ("Xero:WebhookKey", WebhookKey), ("WebhookDrainSchedule", "0 0 0 1 1 *"), ("SweepSchedule", "0 0 0 1 1 *"), ("Auth:MemberCache", "00:00:01"), ("Xero:MinuteLimit", $"{MinuteLimit}"));
        await _application.Sandbox.SendAsync(HttpMethod.Patch, "limits", new { minute = MinuteLimit }, CancellationToken.None);
        _support = _application.As(await _application.SignIn.TokenAsync("sam", CancellationToken.None));
    }

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A client whose first sync failed at its invoices by that fault.</summary>
    public async Task<StagedRun> FailAsync(string name, string fault)
    {
        var (client, organisation) = await ConnectAsync(name, new { kind = fault, endpoint = "Invoices" });
        var run = await Application.Practice.WaitForEndAsync(client, Within, Cancelled);
        PracticeDriver.Text(run, "outcome").ShouldBe("failed", run.GetRawText());
        return new StagedRun(client, PracticeDriver.Text(run, "id"), organisation);
    }

    /// <summary>A client whose first sync hangs in a call.</summary>
    public async Task<StagedRun> HoldAsync(string name)
    {
        var (client, organisation) = await ConnectAsync(name, new { kind = "hold", endpoint = "Invoices" });
        await Eventually.TrueAsync("the call is on its way", () => Task.FromResult(
            Application.Server.Calls.Find(new Local.Sandbox.Calls.CallFilter(Tenant: Guid.Parse(organisation), Endpoint: "Contacts")).Count > 0), Within, Cancelled);
        return new StagedRun(client, PracticeDriver.Text(await Application.Practice.RunAsync(client, Cancelled), "id"), organisation);
    }

    /// <summary>A client whose first sync waits for a limit of the provider.</summary>
    public async Task<StagedRun> PauseAsync(string name)
    {
        var (client, organisation) = await ConnectAsync(name, new { kind = "rateLimited", problem = "minute", retryAfter = 3600, endpoint = "Invoices" });
        var run = await Application.Practice.WaitForRunAsync(client, "it has paused", one => PracticeDriver.Text(one, "state") == "paused", Within, Cancelled);
        return new StagedRun(client, PracticeDriver.Text(run, "id"), organisation);
    }

    /// <summary>A client whose first sync met one invoice that cannot be read, beside one that can.</summary>
    public async Task<StagedRun> PoisonAsync(string name, string poisoned)
    {
        var (client, organisation) = await ConnectAsync(name, InvoicesOf(poisoned, "7"));
        var run = await Application.Practice.WaitForEndAsync(client, Within, Cancelled);
        PracticeDriver.Text(run, "outcome").ShouldBe("failed", run.GetRawText());
        return new StagedRun(client, PracticeDriver.Text(run, "id"), organisation);
    }

    /// <summary>The provider sends the poisoned invoice as it should be.</summary>
    public async Task MendRecordAsync(StagedRun run, string poisoned)
    {
        await MendAsync();
        await Application.Sandbox.SendAsync(HttpMethod.Post, "faults", JsonSerializer.SerializeToNode(InvoicesOf(poisoned, "\"PAID\""))!.AsObject().With("tenantId", run.Organisation), Cancelled);
    }

    private static object InvoicesOf(string poisoned, string status) => new
    {
        kind = "status",
        status = 200,
        contentType = "application/json",
        endpoint = "Invoices",
        body = $$$"""{"Invoices":[{"InvoiceID":"6f1d54c4-0f5d-4a6f-9f3b-000000000001","Status":"PAID"},{"InvoiceID":"{{{poisoned}}}","Status":{{{status}}}}],"pagination":{"page":1,"pageCount":1,"itemCount":2}}""",
    };

    /// <summary>The provider works again.</summary>
    public Task MendAsync() => Application.Sandbox.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);

    /// <summary>Waits for the end of that run of the client.</summary>
    public Task<JsonElement> EndAsync(string client, string run) => Application.Practice.WaitForRunAsync(
        client, "that run has ended", one => PracticeDriver.Text(one, "id") == run && PracticeDriver.Text(one, "state") == "finished", Within, Cancelled);

    /// <summary>The client's runs, newest first.</summary>
    public async Task<List<string>> RunsAsync(string client) =>
        [.. (await Application.Practice.GetAsync($"clients/{client}/runs", Cancelled)).GetProperty("items").EnumerateArray().Select(run => PracticeDriver.Text(run, "id"))];

    /// <summary>What stands in the client's audit whose action begins like that, newest first, as the practice's admin reads it.</summary>
    public async Task<List<JsonElement>> AuditAsync(string client, string action) =>
        [.. (await Application.Practice.GetAsync($"clients/{client}/audit", Cancelled)).GetProperty("items").EnumerateArray()
            .Where(entry => PracticeDriver.Text(entry, "action").StartsWith(action, StringComparison.Ordinal))];

    /// <summary>True when support's list holds that run.</summary>
    public async Task<bool> IsListedAsync(StagedRun run, string filter) =>
        (await GetAsync($"support/runs?take=500&{filter}")).GetProperty("items").EnumerateArray().Any(item => PracticeDriver.Text(item, "runId") == run.Id);

    /// <summary>GET by support that is answered with 200.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Support.GetAsync(path, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    /// <summary>Support presses something on a run.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(StagedRun run, string action, object body) => PostAsync($"support/runs/{run.Client}/{run.Id}/{action}", body);

    /// <summary>POST by support.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body)
    {
        using var answer = await Support.PostAsJsonAsync(path, body, Cancelled);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)));
    }

    private async Task<(string Client, string Organisation)> ConnectAsync(string name, object fault)
    {
        var organisation = Guid.NewGuid().ToString();
        await Application.Sandbox.SendAsync(HttpMethod.Post, "organisations", new { tenantId = organisation, name, size = "40", seed = 7 }, Cancelled);
        await Application.Sandbox.SendAsync(HttpMethod.Post, "faults", JsonSerializer.SerializeToNode(fault)!.AsObject().With("tenantId", organisation), Cancelled);
        var client = await Application.Practice.AddClientAsync(name, Cancelled);
        await Application.Practice.ConnectAsync(client, "Ada Birch", name, Cancelled);
        return (client, organisation);
    }
}

file static class JsonFields
{
    public static System.Text.Json.Nodes.JsonObject With(this System.Text.Json.Nodes.JsonObject body, string name, string value)
    {
        body[name] = value;
        return body;
    }
}
