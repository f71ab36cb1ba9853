using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.World;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Sandbox.Tests.Server;

/// <summary>A sandbox of its own with a fake clock, and a client that talks to it over HTTP as an app would.</summary>
internal sealed class XeroVisitor : IAsyncDisposable
{
    public const string Redirect = "http://localhost:7071/api/oauth/xero/callback";
    public const string Scopes = "openid profile email offline_access accounting.invoices.read accounting.contacts.read accounting.payments.read "
        + "accounting.banktransactions.read accounting.manualjournals.read accounting.settings.read accounting.reports.trialbalance.read assets.read";

    public static readonly Guid Birch = new("0c0c0000-0001-4000-8000-000000000001");
    public static readonly Guid Harbour = new("0c0c0000-0002-4000-8000-000000000002");
    public static readonly Guid Kauri = new("0c0c0000-0004-4000-8000-000000000004");
    public static readonly Guid Demo = new("0c0c0000-0006-4000-8000-000000000006");

    private XeroVisitor(SandboxServer server, FakeTimeProvider time)
    {
        Server = server;
        Time = time;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = server.BaseAddress };
    }

    public SandboxServer Server { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Http { get; }

    public string AccessToken { get; set; } = "";

    public string RefreshToken { get; set; } = "";

    public static async Task<XeroVisitor> StartAsync(SandboxOptions? options = null)
    {
        // A whole minute, so that no window turns during a test unless the test turns the clock.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));
        return new XeroVisitor(await SandboxServer.StartAsync((options ?? new SandboxOptions()) with { TimeProvider = time }), time);
    }

    /// <summary>A visitor who is connected to one organisation already.</summary>
    public static async Task<XeroVisitor> ConnectedAsync(Guid? tenant = null, Guid? person = null, string scopes = Scopes, SandboxOptions? options = null)
    {
        var visitor = await StartAsync(options);
        await visitor.ConnectAsync(tenant ?? Birch, person, scopes);
        return visitor;
    }

    public static string AuthorizeUrl(string scopes = Scopes, string more = "", string redirect = Redirect, string client = "sandbox-client") =>
        $"/identity/connect/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(redirect)}&scope={Uri.EscapeDataString(scopes)}&state=the-state{more}";

    public async Task<string> ConsentAsync(Guid? tenant, Guid? person = null, string scopes = Scopes, string more = "")
    {
        var answer = await ControlAsync(HttpMethod.Post, "authorize", new
        {
            authorizeUrl = new Uri(Http.BaseAddress!, AuthorizeUrl(scopes, more)).AbsoluteUri,
            person = (person ?? DefaultWorld.Ada).ToString(),
            organisations = tenant is null ? [] : new[] { tenant.ToString() },
        });
        return Parameter((string)answer!["location"]!, "code")!;
    }

    public async Task ConnectAsync(Guid tenant, Guid? person = null, string scopes = Scopes)
    {
        using var answer = await ExchangeAsync(await ConsentAsync(tenant, person, scopes));
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        await TakeAsync(answer);
    }

    public Task<HttpResponseMessage> ExchangeAsync(string code, string redirect = Redirect, string? verifier = null) => TokenAsync(
        verifier is null
            ? [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect)]
            : [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier)]);

    public Task<HttpResponseMessage> RefreshAsync(string token) => TokenAsync([("grant_type", "refresh_token"), ("refresh_token", token)]);

    public async Task<HttpResponseMessage> TokenAsync((string Key, string Value)[] form, string path = "/connect/token", string credentials = "sandbox-client:sandbox-secret")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return await Http.SendAsync(request);
    }

    public async Task<JsonNode> TakeAsync(HttpResponseMessage tokens)
    {
        var json = (await tokens.Content.ReadFromJsonAsync<JsonNode>())!;
        AccessToken = (string)json["access_token"]!;
        RefreshToken = (string?)json["refresh_token"] ?? "";
        return json;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, Guid? tenant = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        request.Headers.Add("xero-tenant-id", (tenant ?? Birch).ToString());
        request.Headers.Accept.ParseAdd("application/json");
        change?.Invoke(request);
        return await Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> ListAsync(string list, Guid? tenant = null, Action<HttpRequestMessage>? change = null) => GetAsync("/api.xro/2.0/" + list, tenant, change);

    public async Task<JsonNode> JsonAsync(string list, Guid? tenant = null, Action<HttpRequestMessage>? change = null)
    {
        using var answer = await ListAsync(list, tenant, change);
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public async Task<JsonNode?> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/sandbox/" + path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public static string? Parameter(string location, string name) =>
        QueryHelpers.ParseQuery(new Uri(location).Query).TryGetValue(name, out var value) ? value.ToString() : null;

    public static async Task<string> ErrorAsync(HttpResponseMessage answer) => (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
