using System.Net;
using DataHealth.Functions.Http;
using DataHealth.Functions.Http.About;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Functions.Tests;

public sealed class ContractTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    private readonly TestApplication _application = fixture.Application;

    [Fact]
    public void The_contract_is_valid_OpenAPI() => ApiContract.Instance.Errors.ShouldBeEmpty();

    // A comma in a text without quotes ends it, in braces, and the rest becomes a key without a value.
    [Fact]
    public void No_text_of_the_contract_is_cut_at_a_comma()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "DataHealth.Functions", "openapi.yaml"));

        var cut = lines.Where(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"\{.*description: [^'""][^{}]*, (?!\$?\w+:)[^{}]*\}"));

        cut.ShouldBeEmpty();
    }

    [Fact]
    public void Every_HTTP_function_is_in_the_contract_and_the_contract_names_no_other()
    {
        var functions = new RouteTable().Entries.Select(entry => $"{entry.Method} /{entry.Route}");

        var contract = ApiContract.Instance.Operations.Select(operation => $"{operation.Method} {operation.Path}");

        contract.Order().ShouldBe(functions.Order());
    }

    [Fact]
    public void Every_problem_of_ours_is_in_the_contract()
    {
        var words = ApiContract.Instance.Document.Components!.Schemas!["Problem"].Description!;

        var missing = typeof(Problems).GetProperties(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public)
            .Select(property => ((Problem)property.GetValue(null)!).Code)
            .Concat(["invalid-json", "invalid-request", "method-not-allowed", "organisation-in-use", "not-allowed", "choose-practice", "wrong-member-state", "too-many-requests"])
            .Where(code => !words.Contains(code, StringComparison.Ordinal));

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void The_address_prefix_is_the_one_of_host_json() =>
        File.ReadAllText(Path.Combine(Repository.Root, "host.json")).ShouldContain($"\"routePrefix\": \"{ApiAddress.Prefix.Trim('/')}\"");

    [Fact]
    public async Task The_contract_is_served()
    {
        var served = await _application.Api.GetStringAsync("openapi.yaml", TestContext.Current.CancellationToken);

        served.ShouldBe(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "DataHealth.Functions", "openapi.yaml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_unknown_address_is_a_404_problem_and_a_wrong_method_a_405_with_what_is_allowed()
    {
        using var unknown = await _application.Api.GetAsync("no/such/place", TestContext.Current.CancellationToken);
        using var wrong = await _application.Api.DeleteAsync("clients", TestContext.Current.CancellationToken);

        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Type(unknown)).ShouldBe("https://datahealth.example/problems/unknown-address");
        wrong.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        wrong.Content.Headers.Allow.Order().ShouldBe(["GET", "POST"]);
        (await Type(wrong)).ShouldBe("https://datahealth.example/problems/method-not-allowed");
    }

    [Fact]
    public async Task Our_request_id_is_kept_when_sane_and_replaced_when_not()
    {
        using var sane = new HttpRequestMessage(HttpMethod.Get, "health/live") { Headers = { { "x-request-id", "support-case-0042" } } };
        using var wild = new HttpRequestMessage(HttpMethod.Get, "health/live") { Headers = { { "x-request-id", "<script>alert(1)</script>" } } };

        using var kept = await _application.Api.SendAsync(sane, TestContext.Current.CancellationToken);
        using var replaced = await _application.Api.SendAsync(wild, TestContext.Current.CancellationToken);

        kept.Headers.GetValues("x-request-id").ShouldBe(["support-case-0042"]);
        replaced.Headers.GetValues("x-request-id").Single().ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task Every_answer_forbids_keeping_sniffing_and_framing()
    {
        using var answer = await _application.Api.GetAsync("clients", TestContext.Current.CancellationToken);

        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
    }

    [Fact]
    public async Task Ready_says_what_it_looked_at()
    {
        var ready = await _application.Practice.GetAsync("health/ready", TestContext.Current.CancellationToken);

        ready.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()).ShouldBe(["storage", "vault", "provider"]);
    }

    private static async Task<string> Type(HttpResponseMessage answer) =>
        System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("type").GetString()!;
}
