using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Benchmarks;

/// <summary>The functions as a fresh process: connects a client as a person does and follows its first sync.</summary>
internal sealed partial class FunctionsUnderTest : IDisposable
{
    private readonly string _vault = Path.Combine(Path.GetTempPath(), $"dh-bench-{Guid.NewGuid():N}");
    private readonly int _port = FreePorts.Take(1)[0];
    private readonly HttpClient _api;
    private readonly Dictionary<string, string> _settings;

    public FunctionsUnderTest(Azurite azurite, SandboxProcess sandbox)
    {
        _api = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{_port}/api/"), Timeout = TimeSpan.FromSeconds(60) };
        _settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["LocalRuntime__Port"] = $"{_port}",
            ["Storage__ConnectionString"] = azurite.ConnectionString,
            ["Vault__LocalFolder"] = _vault,
            ["Auth__Authority"] = sandbox.SignInAddress,
            ["Auth__Audience"] = "datahealth-api",
            ["Members__FirstSupportEmail"] = SignInDriver.SupportEmail,
            ["Connections__CallbackBaseUri"] = "http://localhost:7071/api",
            ["Xero__ClientId"] = "sandbox-client",
            ["Xero__ClientSecret"] = "sandbox-secret",
            ["Xero__LoginUri"] = sandbox.Address,
            ["Xero__IdentityUri"] = sandbox.Address,
            ["Xero__ApiUri"] = sandbox.Address,
            ["Xero__MinuteLimit"] = "100000",
            ["Xero__DayLimit"] = "1000000",
            ["Xero__AppMinuteLimit"] = "10000000",
        };
        Process = Begin();
    }

    public ChildProcess Process { get; private set; }

    public Task ReadyAsync(CancellationToken cancellationToken) => Process.AnswersAsync(_api, "health/ready", cancellationToken);

    /// <summary>Ends the process and begins another on the same data, so that what it needs from here on is measured alone.</summary>
    public async Task BeginAgainAsync(CancellationToken cancellationToken)
    {
        Process.Dispose();
        Process = Begin();
        await ReadyAsync(cancellationToken);
    }

    /// <summary>Connects an organisation and returns when its first sync has ended.</summary>
    public async Task<FirstSync> FirstSyncAsync(SandboxProcess sandbox, string tenant, CancellationToken cancellationToken)
    {
        using var people = new SignInDriver(new Uri(sandbox.SignInAddress));
        await people.FoundAsync(_api, "Bench", "bench", cancellationToken);
        var client = (await PostAsync("clients", new { name = $"Bench {tenant[..8]}" }, cancellationToken))["id"]!.GetValue<string>();
        var authorize = (await PostAsync($"clients/{client}/connections/xero", null, cancellationToken))["authorizeUrl"]!.GetValue<string>();
        var back = await sandbox.AllowAsync(authorize, tenant, cancellationToken);
        var page = await _api.GetStringAsync($"oauth/xero/callback{back.Query}", cancellationToken);
        var consent = await PostAsync("connections/confirm", new { result = Result().Match(page).Groups[1].Value }, cancellationToken);
        if (consent["outcome"]?.GetValue<string>() != "connected")
            throw new InvalidOperationException($"Not connected: {consent}");
        return await FollowAsync(client, cancellationToken);
    }

    /// <summary>Presses Sync and returns when the run has ended.</summary>
    public async Task<FirstSync> SyncAsync(string client, CancellationToken cancellationToken)
    {
        await PostAsync($"clients/{client}/sync", null, cancellationToken);
        return await FollowAsync(client, cancellationToken);
    }

    /// <summary>Presses Recalculate; how long until the new score was visible, asked for every 20 ms.</summary>
    public async Task<TimeSpan> RecalculateAsync(string client, CancellationToken cancellationToken)
    {
        var before = await CalculatedAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await PostAsync($"clients/{client}/health/recalculate", null, cancellationToken);
        while (await CalculatedAsync() == before)
            await Task.Delay(20, cancellationToken);
        return watch.Elapsed;

        async Task<string> CalculatedAsync() => (await _api.GetFromJsonAsync<JsonNode>($"clients/{client}/health", cancellationToken))!["calculatedAt"]!.GetValue<string>();
    }

    /// <summary>How long the latest recalculation took by its own word, and which datasets it read whole.</summary>
    public async Task<(TimeSpan Took, string Whole)> LatestAsync(int before, CancellationToken cancellationToken)
    {
        // It says so when all is tidied up, a little after its score is visible.
        var said = Visible().Matches(Process.Output);
        for (; said.Count <= before; said = Visible().Matches(Process.Output))
            await Task.Delay(20, cancellationToken);
        return (TimeSpan.FromMilliseconds(int.Parse(said[^1].Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)), said[^1].Groups[2].Value.Trim());
    }

    /// <summary>How many recalculations this process has told of.</summary>
    public int Told => Visible().Count(Process.Output);

    private async Task<FirstSync> FollowAsync(string client, CancellationToken cancellationToken)
    {
        List<(DateTimeOffset At, long Bytes)> peaks = [];
        while (true)
        {
            await Task.Delay(500, cancellationToken);
            peaks.Add((DateTimeOffset.UtcNow, Process.PeakBytes));
            var run = (await _api.GetFromJsonAsync<JsonNode>($"clients/{client}/runs/current", cancellationToken))!;
            if (run["state"]!.GetValue<string>() != "finished")
                continue;
            if (run["outcome"]!.GetValue<string>() is not "succeeded")
                throw new InvalidOperationException($"The run did not succeed: {run}");
            // Health is judged at the end of a run; the copy stands before.
            var copied = run["timeline"]!.AsArray().Where(line => line!["kind"]!.GetValue<string>() == "dataset-completed").Max(line => line!["at"]!.GetValue<DateTimeOffset>());
            var (took, judged) = (copied - run["requestedAt"]!.GetValue<DateTimeOffset>(), run["endedAt"]!.GetValue<DateTimeOffset>() - copied);
            run = (await _api.GetFromJsonAsync<JsonNode>($"clients/{client}/runs/{run["id"]}", cancellationToken))!;
            var receipt = run["receipt"]!;
            return new FirstSync(
                client, receipt["datasets"]!.AsArray().ToDictionary(dataset => dataset!["dataset"]!.GetValue<string>(), dataset => dataset!["new"]!.GetValue<int>()), receipt["calls"]!.GetValue<int>(),
                receipt["bytes"]!.GetValue<long>(), took, judged, peaks.First(peak => peak.At >= copied).Bytes);
        }
    }

    private ChildProcess Begin() => new("DataHealth.Functions", "DataHealth.Functions", [], _settings);

    public void Dispose()
    {
        Process.Dispose();
        _api.Dispose();
        if (Directory.Exists(_vault))
            Directory.Delete(_vault, recursive: true);
    }

    private async Task<JsonNode> PostAsync(string path, object? body, CancellationToken cancellationToken)
    {
        using var answer = await _api.PostAsJsonAsync(path, body ?? new { }, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path} answered {(int)answer.StatusCode}: {text}");
    }

    [GeneratedRegex("is done after ([0-9]+) ms; datasets read whole:(.*)")]
    private static partial Regex Visible();

    [GeneratedRegex("data-result=\"([^\"]+)\"")]
    private static partial Regex Result();
}

/// <summary>What a sync did and how long it took, by the run's own times; and the most memory that was resident up to half a second after the last dataset was complete.</summary>
internal sealed record FirstSync(string Client, IReadOnlyDictionary<string, int> New, int Calls, long Bytes, TimeSpan Took, TimeSpan Judged, long CopiedPeakBytes)
{
    public int Records => New.Values.Sum();

    public double PerSecond => Records / Took.TotalSeconds;
}
