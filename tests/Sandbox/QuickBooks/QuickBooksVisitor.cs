using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Local.Sandbox.World;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Sandbox.Tests.QuickBooks;

/// <summary>A QuickBooks sandbox of its own with a fake clock, and a client that talks to it over HTTP as an app would.</summary>
internal sealed class QuickBooksVisitor : IAsyncDisposable
{
    public const string Redirect = "http://localhost:7071/api/oauth/quickbooks/callback";
    public const string Scopes = "com.intuit.quickbooks.accounting openid profile email";
    public const string Birch = "9130357700000001";
    public const string American = "9130357700000004";
    public const string OneCurrency = "9130357700000005";

    private QuickBooksVisitor(QuickBooksServer server, FakeTimeProvider time)
    {
        (Server, Time) = (server, time);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.BaseAddress };
    }

    public QuickBooksServer Server { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Http { get; }

    public string AccessToken { get; set; } = "";

    public string RefreshToken { get; set; } = "";

    public static async Task<QuickBooksVisitor> StartAsync(QuickBooksOptions? options = null)
    {
        // A whole minute, so that no window turns during a test unless the test turns the clock.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));
        options ??= new QuickBooksOptions { Limits = new() { Enforced = false } };
        return new QuickBooksVisitor(await QuickBooksServer.StartAsync(options with { TimeProvider = time }), time);
    }

    /// <summary>A visitor who is connected to one company already.</summary>
    public static async Task<QuickBooksVisitor> ConnectedAsync(string realm = Birch, QuickBooksOptions? options = null, Guid? person = null, string scopes = Scopes)
    {
        var visitor = await StartAsync(options);
        await visitor.ConnectAsync(realm, person, scopes);
        return visitor;
    }

    public static string AuthorizeUrl(string scopes = Scopes, string redirect = Redirect, string client = "sandbox-client") =>
        $"/connect/oauth2?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(redirect)}&scope={Uri.EscapeDataString(scopes)}&state=the-state";

    public async Task<string> LocationAsync(string realm = Birch, Guid? person = null, string scopes = Scopes, string decision = "allow") =>
        (string)(await ControlAsync(HttpMethod.Post, "authorize", new
        {
            authorizeUrl = new Uri(Http.BaseAddress!, AuthorizeUrl(scopes)).AbsoluteUri,
            person = (person ?? DefaultPerson(realm)).ToString(),
            organisations = new[] { realm },
            decision,
        }))!["location"]!;

    public async Task<string> ConsentAsync(string realm = Birch, Guid? person = null, string scopes = Scopes) => Parameter(await LocationAsync(realm, person, scopes), "code")!;

    public async Task ConnectAsync(string realm, Guid? person = null, string scopes = Scopes)
    {
        using var answer = await ExchangeAsync(await ConsentAsync(realm, person, scopes));
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        await TakeAsync(answer);
    }

    public Task<HttpResponseMessage> ExchangeAsync(string code, string redirect = Redirect) =>
        TokenAsync([("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect)]);

    public Task<HttpResponseMessage> RefreshAsync(string? token = null, bool hardEnd = false) =>
        TokenAsync([("grant_type", "refresh_token"), ("refresh_token", token ?? RefreshToken)], hardEnd: hardEnd);

    public async Task<HttpResponseMessage> TokenAsync((string Key, string Value)[] form, string credentials = "sandbox-client:sandbox-secret", bool hardEnd = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth2/v1/tokens/bearer") { Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        if (hardEnd)
            request.Headers.Add("x-include-refresh-token-hard-expires-in", "true");
        return await Http.SendAsync(request);
    }

    public async Task<JsonNode> TakeAsync(HttpResponseMessage tokens)
    {
        var json = (await tokens.Content.ReadFromJsonAsync<JsonNode>())!;
        AccessToken = (string)json["access_token"]!;
        RefreshToken = (string)json["refresh_token"]!;
        return json;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string realm = Birch, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v3/company/{realm}/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        request.Headers.Accept.ParseAdd("application/json");
        change?.Invoke(request);
        return await Http.SendAsync(request);
    }

    public async Task<JsonNode> JsonAsync(string path, string realm = Birch)
    {
        using var answer = await GetAsync(path, realm);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(200, text);
        return JsonNode.Parse(text)!;
    }

    public Task<HttpResponseMessage> AskAsync(string query, string realm = Birch) => GetAsync("query?minorversion=75&query=" + Uri.EscapeDataString(query), realm);

    /// <summary>The object inside QueryResponse.</summary>
    public async Task<JsonObject> QueryAsync(string query, string realm = Birch) =>
        (await JsonAsync("query?minorversion=75&query=" + Uri.EscapeDataString(query), realm))["QueryResponse"]!.AsObject();

    public async Task<List<JsonObject>> ListAsync(string entity, string clauses = "", string realm = Birch) =>
        [.. ((await QueryAsync($"select * from {entity} {clauses} MAXRESULTS 1000", realm))[entity]?.AsArray() ?? []).Select(node => node!.AsObject())];

    public async Task<int> CountAsync(string entity, string where = "", string realm = Birch) => (int)(await QueryAsync($"select count(*) from {entity} {where}", realm))["totalCount"]!;

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

    public Task<JsonNode?> EditAsync(object edit, string realm = Birch) => ControlAsync(HttpMethod.Post, $"organisations/{realm}/edits", edit);

    public static string? Parameter(string location, string name) =>
        QueryHelpers.ParseQuery(new Uri(location).Query).TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Status, and the code of the first error in either envelope.</summary>
    public static async Task<(int Status, string? Code)> FaultAsync(HttpResponseMessage answer)
    {
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var error = json["Fault"]?["Error"]?[0] ?? json["fault"]?["error"]?[0];
        return ((int)answer.StatusCode, (string?)error?["code"]);
    }

    public static async Task<string> ErrorAsync(HttpResponseMessage answer)
    {
        ((int)answer.StatusCode).ShouldBeInRange(400, 401);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
    }

    private static Guid DefaultPerson(string realm) => realm is American or OneCurrency ? DefaultWorld.Ben : DefaultWorld.Ada;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
