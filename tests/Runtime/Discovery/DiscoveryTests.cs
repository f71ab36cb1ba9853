using DataHealth.Local.Runtime.Discovery;
using DataHealth.Runtime.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataHealth.Runtime.Tests.Discovery;

public sealed class DiscoveryTests
{
    private const AuthorizationLevel Open = AuthorizationLevel.Anonymous;

    public sealed class NoTrigger
    {
        [Function("bad")]
        public void Run(string text) { }
    }

    public sealed class TwoTriggers
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request, [TimerTrigger("0 0 * * * *")] TimerInfo timer) => Results.Ok();
    }

    public sealed class IllegalName
    {
        [Function("bad name!")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request) => Results.Ok();
    }

    public sealed class NameOfTheHost
    {
        [Function("Host")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request) => Results.Ok();
    }

    public sealed class SameName
    {
        [Function("bad")]
        public IResult One([HttpTrigger(Open, Route = "one")] HttpRequest request) => Results.Ok();

        [Function("BAD")]
        public IResult Two([HttpTrigger(Open, Route = "two")] HttpRequest request) => Results.Ok();
    }

    public sealed class HttpReturnsText
    {
        [Function("bad")]
        public Task<string> Run([HttpTrigger(Open)] HttpRequest request) => Task.FromResult("");
    }

    public sealed class AsyncVoid
    {
        [Function("bad")]
        public async void Run([HttpTrigger(Open)] HttpRequest request) => await Task.Yield();
    }

    public sealed class TimerReturns
    {
        [Function("bad")]
        public int Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => 1;
    }

    public sealed class TakesAService
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request, IServiceProvider services) => Results.Ok();
    }

    public sealed class TakesHttpContext
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request, HttpContext http) => Results.Ok();
    }

    public sealed class TakesAnMvcBody
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request, [FromBody] Uri body) => Results.Ok();
    }

    public sealed class WrongTrigger
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open)] string request) => Results.Ok();
    }

    public sealed class OrchestratorWithoutContext
    {
        [Function("bad")]
        public Task Run([OrchestrationTrigger] string context) => Task.CompletedTask;
    }

    public sealed class OrchestratorWithClient
    {
        [Function("bad")]
        public Task Run([OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client) => Task.CompletedTask;
    }

    public sealed class UnmarkedClient
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request, DurableTaskClient client) => Results.Ok();
    }

    public sealed class ClientOfAnotherType
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open)] HttpRequest request, [DurableClient] string client) => Results.Ok();
    }

    public sealed class BadCron
    {
        [Function("bad")]
        public void Run([TimerTrigger("0 99 * * * *")] TimerInfo timer) { }
    }

    public sealed class FiveFields
    {
        [Function("bad")]
        public void Run([TimerTrigger("0 * * * *")] TimerInfo timer) { }
    }

    public sealed class MissingSetting
    {
        [Function("bad")]
        public void Run([TimerTrigger("%Nightly%")] TimerInfo timer) { }
    }

    public sealed class BadTemplate
    {
        [Function("bad")]
        public IResult Run([HttpTrigger(Open, Route = "clients/{id")] HttpRequest request) => Results.Ok();
    }

    public sealed class SameRoute
    {
        [Function("bad")]
        public IResult One([HttpTrigger(Open, "get", "post", Route = "clients/{id}")] HttpRequest request) => Results.Ok();

        [Function("worse")]
        public IResult Two([HttpTrigger(Open, "GET", Route = "Clients/{clientId}")] HttpRequest request) => Results.Ok();
    }

    public sealed class NotPublic
    {
        [Function("bad")]
        internal IResult Run([HttpTrigger(Open)] HttpRequest request) => Results.Ok();
    }

    [Theory]
    [InlineData(typeof(NoTrigger), "no parameter has a trigger")]
    [InlineData(typeof(TwoTriggers), "has one trigger, this one has 2 (request, timer)")]
    [InlineData(typeof(IllegalName), "the name is not allowed")]
    [InlineData(typeof(NameOfTheHost), "the name is not allowed")]
    [InlineData(typeof(SameName), "used by SameName.One and SameName.Two")]
    [InlineData(typeof(HttpReturnsText), "returns an IActionResult or an IResult, not a String")]
    [InlineData(typeof(AsyncVoid), "async void")]
    [InlineData(typeof(TimerReturns), "returns nothing, not a Int32")]
    [InlineData(typeof(TakesAService), "nothing can be bound to the parameter 'services'")]
    [InlineData(typeof(TakesHttpContext), "FunctionContext.GetHttpContext()")]
    [InlineData(typeof(TakesAnMvcBody), "nothing can be bound to the parameter 'body'")]
    [InlineData(typeof(WrongTrigger), "must be a HttpRequest, not a String")]
    [InlineData(typeof(OrchestratorWithoutContext), "must be a TaskOrchestrationContext, not a String")]
    [InlineData(typeof(OrchestratorWithClient), "an orchestrator cannot take a durable client")]
    [InlineData(typeof(UnmarkedClient), "needs [DurableClient]")]
    [InlineData(typeof(ClientOfAnotherType), "must be a DurableTaskClient, not a String")]
    [InlineData(typeof(BadCron), "'0 99 * * * *' is not an NCRONTAB expression")]
    [InlineData(typeof(FiveFields), "six fields")]
    [InlineData(typeof(MissingSetting), "the setting 'Nightly', which is not set")]
    [InlineData(typeof(BadTemplate), "'api/clients/{id' is not a route template")]
    [InlineData(typeof(SameRoute), "already answered, for the same method, by 'bad'")]
    [InlineData(typeof(NotPublic), "must be public")]
    public async Task A_function_that_the_real_host_would_refuse_keeps_the_application_from_starting(Type functions, string reason)
    {
        var refusal = await Should.ThrowAsync<FunctionAppStartException>(() => FunctionApp.StartAsync([functions]));

        refusal.Message.ShouldContain(reason);
        refusal.Message.ShouldContain("Function '");
        refusal.Message.ShouldContain(functions.Name);
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var refusal = await Should.ThrowAsync<FunctionAppStartException>(() => FunctionApp.StartAsync([typeof(NoTrigger), typeof(BadCron)]));

        refusal.Message.ShouldContain("NoTrigger.Run");
        refusal.Message.ShouldContain("BadCron.Run");
    }

    [Fact]
    public async Task A_route_under_the_hosts_own_paths_is_refused_when_there_is_no_prefix()
    {
        var refusal = await Should.ThrowAsync<FunctionAppStartException>(() => FunctionApp.StartAsync(
            [typeof(AdminRoute)], builder => builder.Configuration["AzureFunctionsJobHost:extensions:http:routePrefix"] = ""));

        refusal.Message.ShouldContain("the host's own");
        await using var prefixed = await FunctionApp.StartAsync<AdminRoute>();
    }

    public sealed class AdminRoute
    {
        [Function("fine")]
        public IResult Run([HttpTrigger(Open, Route = "admin/{*path}")] HttpRequest request) => Results.Ok();
    }
}
