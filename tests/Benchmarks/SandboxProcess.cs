using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using DataHealth.Testing;

namespace DataHealth.Benchmarks;

/// <summary>The sandbox as a process of its own, with limits that hold nothing back.</summary>
internal sealed class SandboxProcess : IDisposable
{
    public const string Redirect = "http://localhost:7071/api/oauth/xero/callback";

    private const string Person = "Ada Birch";
    private readonly ChildProcess _process;
    private readonly HttpClient _control;
    private int _edits;

    private SandboxProcess(int port, int signInPort)
    {
        SignInAddress = $"http://localhost:{signInPort}";
        Address = $"http://localhost:{port}";
        _process = new ChildProcess("local/Sandbox", "DataHealth.Local.Sandbox",
            ["--port", $"{port}", "--sign-in-port", $"{signInPort}", "--redirect-uri", Redirect, "--minute-limit", "1000000", "--day-limit", "1000000"]);
        _control = new HttpClient { BaseAddress = new Uri($"{Address}/sandbox/"), Timeout = TimeSpan.FromMinutes(10) };
    }

    public string Address { get; }

    /// <summary>The sign-in provider, in the same process.</summary>
    public string SignInAddress { get; }

    public TimeSpan ProcessorTime => _process.ProcessorTime;

    public static async Task<SandboxProcess> StartAsync(CancellationToken cancellationToken)
    {
        var sandbox = FreePorts.Take(2) is [var port, var signInPort] ? new SandboxProcess(port, signInPort) : throw new InvalidOperationException("No free ports.");
        await sandbox._process.AnswersAsync(sandbox._control, "limits", cancellationToken);
        using var lifted = await sandbox._control.PatchAsJsonAsync("limits", new { enforced = false, appMinute = 10_000_000 }, cancellationToken);
        lifted.EnsureSuccessStatusCode();
        return sandbox;
    }

    /// <summary>A new organisation; its tenant id.</summary>
    public async Task<string> AddOrganisationAsync(int records, CancellationToken cancellationToken)
    {
        using var answer = await _control.PostAsJsonAsync("organisations", new { name = $"Bench {records} Ltd", size = $"{records}", seed = 11 }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["tenantId"]!.GetValue<string>();
    }

    /// <summary>Changes records at random.</summary>
    public async Task ChangeAsync(string tenant, int count, CancellationToken cancellationToken)
    {
        _edits++;
        using var answer = await _control.PostAsJsonAsync($"organisations/{tenant}/edits/random", new { seed = 4 + _edits, count }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The address to which a person who allows everything is sent back.</summary>
    public async Task<Uri> AllowAsync(string authorizeUrl, string tenant, CancellationToken cancellationToken)
    {
        using var answer = await _control.PostAsJsonAsync("authorize", new { authorizeUrl, person = Person, organisations = new[] { tenant } }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return new Uri((await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["location"]!.GetValue<string>());
    }

    /// <summary>Every address that was read from an organisation's books since the log was last cleared.</summary>
    public async Task<IReadOnlyList<string>> AddressesReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var calls = await _control.GetFromJsonAsync<JsonArray>($"calls?tenant={tenant}&status=200", cancellationToken);
        return [.. calls!.Select(call => $"{Address}{call!["path"]}?{call["query"]}")];
    }

    public async Task ForgetCallsAsync(CancellationToken cancellationToken)
    {
        using var answer = await _control.DeleteAsync("calls", cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A plain client with a token of its own: gzip, no limits, no parsing.</summary>
    public async Task<HttpClient> PlainClientAsync(string tenant, CancellationToken cancellationToken)
    {
        const string Scopes = "accounting.invoices.read accounting.payments.read accounting.banktransactions.read accounting.manualjournals.read accounting.settings.read accounting.contacts.read "
            + "accounting.reports.trialbalance.read accounting.reports.balancesheet.read accounting.reports.profitandloss.read accounting.reports.banksummary.read assets.read";
        var back = await AllowAsync(
            $"{Address}/identity/connect/authorize?response_type=code&client_id=sandbox-client&redirect_uri={Uri.EscapeDataString(Redirect)}&scope={Uri.EscapeDataString(Scopes)}&state=bench", tenant, cancellationToken);
        var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.GZip }) { Timeout = TimeSpan.FromMinutes(10) };
        using var ask = new HttpRequestMessage(HttpMethod.Post, $"{Address}/connect/token");
        ask.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("sandbox-client:sandbox-secret")));
        ask.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = HttpUtility.ParseQueryString(back.Query)["code"]!,
            ["redirect_uri"] = Redirect,
        });
        using var tokens = await http.SendAsync(ask, cancellationToken);
        tokens.EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await tokens.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["access_token"]!.GetValue<string>());
        http.DefaultRequestHeaders.Add("xero-tenant-id", tenant);
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        return http;
    }

    public void Dispose()
    {
        _control.Dispose();
        _process.Dispose();
    }
}
