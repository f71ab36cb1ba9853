using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests;

/// <summary>Whatever is sent to whatever address of the contract: a problem, never a fault of ours.</summary>
public sealed class BadInputTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    private const string Webhooks = "/webhooks/{provider}";

    private static readonly string[] WrongIds = ["x", "00000000000000000000000000000000", "..%2F..%2Fetc", "%27%20or%201%20eq%201", "%F0%9F%92%A3", new string('a', 1500), "current%20"];

    private static readonly byte[][] WrongBodies =
    [
        [],
        Encoding.UTF8.GetBytes("null"),
        Encoding.UTF8.GetBytes("[]"),
        Encoding.UTF8.GetBytes("{"),
        Encoding.UTF8.GetBytes("\"text\""),
        Encoding.UTF8.GetBytes("{\"name\":7,\"result\":7}"),
        Encoding.UTF8.GetBytes("{\"name\":\"a\",\"name\":\"b\"}"),
        Encoding.UTF8.GetBytes("{\"surprise\":true}"),
        Encoding.UTF8.GetBytes("{\"name\":\"\\u0000\",\"result\":\"\\u0000\"}"),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 5000))),
        Encoding.Unicode.GetBytes("{\"name\":\"utf-16\"}"),
        [0xff, 0xfe, 0xfd, 0x00],
        Encoding.UTF8.GetBytes("<html></html>"),
    ];

    public static TheoryData<string, string> Operations() => [.. ApiContract.Instance.Operations.Select(operation => (operation.Method, operation.Path))];

    private readonly TestApplication _application = fixture.Application;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_wrong_id_is_a_problem(string method, string path)
    {
        if (!path.Contains('{', StringComparison.Ordinal))
            return;
        foreach (var id in WrongIds)
            await IsRefusedAsync(method, Fill(path, id), () => null);
    }

    [Fact]
    public async Task An_address_that_is_no_HTTP_is_refused_by_the_web_server_before_it_is_a_request_of_ours()
    {
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(_application.Api.BaseAddress!, "clients/%00"), Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_client_that_is_not_there_is_a_404(string method, string path)
    {
        if (!path.Contains("{clientId}", StringComparison.Ordinal))
            return;

        using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path, new string('0', 32))) { Content = Json("{\"name\":\"x\"}"u8.ToArray()) };
        using var answer = await (await WhoMayAsync(path)).SendAsync(request, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // Our support looks for runs.
        (await TypeOf(answer)).ShouldEndWith(IsForSupport(path) ? "/run-not-found" : "/client-not-found");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_wrong_body_is_a_problem(string method, string path)
    {
        // A webhook's body is proven before it is read: WebhookTests.
        if (ApiContract.Instance.Find(method, path)!.Definition.RequestBody is null || path == Webhooks)
            return;
        var client = await _application.Practice.AddClientAsync("Bad bodies", Cancelled);
        if (path.Contains("{runId}", StringComparison.Ordinal))
            (client, path) = await WithRunAsync(path);
        foreach (var body in WrongBodies)
            await IsRefusedAsync(method, Fill(path, client), () => Json(body));
        await IsRefusedAsync(method, Fill(path, client), () => new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } }, HttpStatusCode.UnsupportedMediaType);
        await IsRefusedAsync(method, Fill(path, client), () => new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-16" } } }, HttpStatusCode.UnsupportedMediaType);
        await IsRefusedAsync(method, Fill(path, client), () => new ByteArrayContent([0x1f, 0x8b, 8, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } }, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_body_that_is_too_large_is_a_413(string method, string path)
    {
        if (method == "GET")
            return;
        var client = await _application.Practice.AddClientAsync("Large bodies", Cancelled);

        await IsRefusedAsync(method, Fill(path, client), () => Json(new byte[path == Webhooks ? 2 * 1024 * 1024 : 100 * 1024]), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_length_is_bounded_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "clients") { Content = new StreamContent(new MemoryStream(new byte[300 * 1024])), Headers = { TransferEncodingChunked = true } };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await _application.Api.SendAsync(request, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("take=0")]
    [InlineData("take=501")]
    [InlineData("take=-1")]
    [InlineData("take=1e3")]
    [InlineData("take=ten")]
    [InlineData("take=99999999999999999999")]
    [InlineData("take=1&take=2")]
    [InlineData("continuation=")]
    [InlineData("continuation=not-ours")]
    [InlineData("continuation=%00")]
    public async Task A_wrong_page_of_the_clients_is_a_400(string query) => await IsRefusedAsync("GET", $"clients?{query}", () => null, HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?state=x")]
    [InlineData("?code=a&code=b&state=c&state=d")]
    [InlineData("?error=access_denied")]
    [InlineData("?code=%00%0d%0a&state=%F0%9F%92%A3")]
    public async Task A_callback_that_nobody_began_ends_on_a_page_that_says_so(string query)
    {
        using var answer = await _application.Api.GetAsync("oauth/xero/callback" + query, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("Press Connect again");
    }

    [Fact]
    public async Task Repeated_requests_are_answered_the_same()
    {
        var client = await _application.Practice.AddClientAsync("Repeated", Cancelled);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _application.Api.DeleteAsync($"clients/{client}/connection", Cancelled)));

        answers.Select(answer => answer.StatusCode).Distinct().ShouldBe([HttpStatusCode.Conflict]);
    }

    private async Task IsRefusedAsync(string method, string path, Func<HttpContent?> content, HttpStatusCode? status = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.TrimStart('/')) { Content = content() };
        // Asked by somebody who may, so that it is the input that is refused.
        using var answer = await (await WhoMayAsync(path)).SendAsync(request, Cancelled);
        var where = $"{method} {path[..Math.Min(path.Length, 120)]}: {await answer.Content.ReadAsStringAsync(Cancelled)}";
        ((int)answer.StatusCode).ShouldBeInRange(400, 499, where);
        if (status is not null)
            answer.StatusCode.ShouldBe(status.Value, where);
        (await TypeOf(answer)).ShouldStartWith("https://datahealth.example/problems/");
    }

    private async Task<HttpClient> WhoMayAsync(string path) => IsForSupport(path) ? _application.As(await _application.SignIn.TokenAsync("sam", Cancelled)) : _application.Api;

    /// <summary>A run that is there, so that it is the body that is refused.</summary>
    private async Task<(string Client, string Path)> WithRunAsync(string path)
    {
        var organisation = $"Bad bodies {Guid.NewGuid():N}";
        await _application.Sandbox.SendAsync(HttpMethod.Post, "organisations", new { tenantId = Guid.NewGuid(), name = organisation, size = "20", seed = 1 }, Cancelled);
        var client = await _application.Practice.AddClientAsync(organisation, Cancelled);
        await _application.Practice.ConnectAsync(client, "Ada Birch", organisation, Cancelled);
        return (client, path.Replace("{runId}", PracticeDriver.Text(await _application.Practice.RunAsync(client, Cancelled), "id"), StringComparison.Ordinal));
    }

    private static bool IsForSupport(string path) => path.TrimStart('/').Split('/')[0] is "practices" or "support";

    private static async Task<string> TypeOf(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath}");
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("type").GetString()!;
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static string Fill(string path, string id) => System.Text.RegularExpressions.Regex.Replace(path.Replace("{check}", "lock-dates", StringComparison.Ordinal), "{[^}]+}", id).TrimStart('/');
}
