using DataHealth.Runtime.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Runtime.Tests.Http;

public sealed class RoutingTests
{
    public sealed class Clients
    {
        [Function("list")]
        public IActionResult List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients")] HttpRequest request) => new OkObjectResult("list");

        [Function("create")]
        public IActionResult Create([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients")] HttpRequest request) => new OkObjectResult("create");

        [Function("sync")]
        public IResult Sync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clients/{clientId}/sync")] HttpRequest request, string clientId) =>
            Results.Text("sync " + clientId);

        [Function("mine")]
        public IResult Mine([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/mine")] HttpRequest request) => Results.Text("mine");

        [Function("number")]
        public IResult Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{number:int}")] HttpRequest request, int number) =>
            Results.Text("number " + number);

        [Function("one")]
        public IResult One([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}")] HttpRequest request, string clientId) =>
            Results.Text("one " + clientId);

        [Function("Unrouted")]
        public IResult Unrouted([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Method);
    }

    public sealed class CatchAll
    {
        [Function("otherwise")]
        public IResult Otherwise([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, string? path) =>
            Results.Text($"nothing at {path}", statusCode: 404);
    }

    [Theory]
    [InlineData("api/clients", "list")]
    [InlineData("api/CLIENTS", "list")]
    [InlineData("api/clients/mine", "mine")]
    [InlineData("api/clients/7", "number 7")]
    [InlineData("api/clients/abc", "one abc")]
    [InlineData("api/clients/a%20b", "one a b")]
    [InlineData("api/Unrouted", "GET")]
    public async Task A_request_reaches_the_function_whose_route_fits_best(string address, string answer)
    {
        await using var app = await FunctionApp.StartAsync<Clients>();

        (await app.GetAsync(address)).ShouldBe(answer);
    }

    [Fact]
    public async Task Two_functions_share_a_route_by_method()
    {
        await using var app = await FunctionApp.StartAsync<Clients>();

        (await app.SendAsync(HttpMethod.Post, "api/clients")).ShouldBe((200, "create"));
        (await app.SendAsync(HttpMethod.Post, "api/clients/x/sync")).ShouldBe((200, "sync x"));
    }

    [Fact]
    public async Task A_function_without_methods_answers_all_of_them()
    {
        await using var app = await FunctionApp.StartAsync<Clients>();

        (await app.SendAsync(HttpMethod.Delete, "api/Unrouted")).ShouldBe((200, "DELETE"));
        (await app.SendAsync(HttpMethod.Patch, "api/Unrouted")).ShouldBe((200, "PATCH"));
    }

    [Theory]
    [InlineData("GET", "api/nothing")]
    [InlineData("GET", "clients")]
    [InlineData("DELETE", "api/clients")]
    [InlineData("GET", "api/clients/x/sync")]
    public async Task An_unknown_route_or_a_wrong_method_is_an_empty_404(string method, string address)
    {
        await using var app = await FunctionApp.StartAsync<Clients>();

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), address), TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(404);
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        response.Content.Headers.Allow.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "api/nothing/here", "nothing at nothing/here")]
    [InlineData("DELETE", "api/clients", "nothing at clients")]
    [InlineData("PUT", "api/clients/7", "nothing at clients/7")]
    public async Task A_catch_all_function_gets_unknown_routes_and_wrong_methods(string method, string address, string answer)
    {
        await using var app = await FunctionApp.StartAsync([typeof(Clients), typeof(CatchAll)]);

        (await app.SendAsync(new HttpMethod(method), address)).ShouldBe((404, answer));
        (await app.GetAsync("api/clients")).ShouldBe("list");
    }

    [Theory]
    [InlineData("", "clients")]
    [InlineData("v1/books", "v1/books/clients")]
    public async Task The_route_prefix_is_the_hosts_setting(string prefix, string address)
    {
        await using var app = await FunctionApp.StartAsync<Clients>(
            builder => builder.Configuration["AzureFunctionsJobHost:extensions:http:routePrefix"] = prefix);

        (await app.GetAsync(address)).ShouldBe("list");
    }
}
