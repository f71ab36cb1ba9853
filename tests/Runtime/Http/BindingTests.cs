using System.Text;
using DataHealth.Runtime.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DataHealth.Runtime.Tests.Http;

public sealed class BindingTests
{
    public sealed record Rename(string Name, int Count);

    public sealed class Echo
    {
        [Function("guid")]
        public IResult Id([HttpTrigger(AuthorizationLevel.Anonymous, Route = "guid/{value}")] HttpRequest request, Guid value) => Results.Text($"{value}");

        [Function("long")]
        public IResult Long([HttpTrigger(AuthorizationLevel.Anonymous, Route = "long/{value}")] HttpRequest request, long value) => Results.Text($"{value}");

        [Function("bool")]
        public IResult Bool([HttpTrigger(AuthorizationLevel.Anonymous, Route = "bool/{value}")] HttpRequest request, bool value) => Results.Text($"{value}");

        [Function("date")]
        public IResult Date([HttpTrigger(AuthorizationLevel.Anonymous, Route = "date/{value}")] HttpRequest request, DateTime value) =>
            Results.Text($"{value:O}");

        [Function("enum")]
        public IResult Enum([HttpTrigger(AuthorizationLevel.Anonymous, Route = "enum/{value}")] HttpRequest request, DayOfWeek value) => Results.Text($"{value}");

        [Function("query")]
        public IResult Query([HttpTrigger(AuthorizationLevel.Anonymous, Route = "query")] HttpRequest request, string? text, int? number, int page = 1) =>
            Results.Text($"{text ?? "none"} {number?.ToString() ?? "none"} {page}");

        [Function("needed")]
        public IResult Needed([HttpTrigger(AuthorizationLevel.Anonymous, Route = "needed")] HttpRequest request, int number) => Results.Text($"{number}");

        [Function("body")]
        public IResult Body([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "body")] HttpRequest request, [FromBody] Rename rename) =>
            Results.Text($"{rename.Name} {rename.Count}");

        [Function("client")]
        public async Task<IResult> Client([HttpTrigger(AuthorizationLevel.Anonymous, Route = "client/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client) =>
            Results.Text(await client.GetInstanceAsync(id) is null ? "no such instance" : "there");

        [Function("context")]
        public IResult Context([HttpTrigger(AuthorizationLevel.Anonymous, Route = "context/{word}")] HttpRequest request, FunctionContext context, CancellationToken token) =>
            Results.Text($"{context.FunctionDefinition.Name} {context.BindingContext.BindingData["word"]} {ReferenceEquals(context.GetHttpContext(), request.HttpContext)} "
                + $"{token == context.CancellationToken} {Guid.TryParse(context.InvocationId, out _)}");
    }

    [Theory]
    [InlineData("api/guid/5a1f9b1c-0f43-4a06-9a3e-6f7a3b2d1c00", "5a1f9b1c-0f43-4a06-9a3e-6f7a3b2d1c00")]
    [InlineData("api/long/9000000000", "9000000000")]
    [InlineData("api/bool/true", "True")]
    [InlineData("api/date/2026-08-01", "2026-08-01T00:00:00.0000000")]
    [InlineData("api/date/2026-08-01T10:00:00Z", "2026-08-01T10:00:00.0000000Z")]
    [InlineData("api/enum/3", "Wednesday")]
    [InlineData("api/query", "none none 1")]
    [InlineData("api/query?text=a%20b&number=4&page=2", "a b 4 2")]
    [InlineData("api/query?TEXT=x", "x none 1")]
    [InlineData("api/client/nothing", "no such instance")]
    [InlineData("api/context/hello", "context hello True True True")]
    public async Task Parameters_take_route_and_query_values_by_name(string address, string answer)
    {
        await using var app = await FunctionApp.StartAsync<Echo>();

        (await app.GetAsync(address)).ShouldBe(answer);
    }

    [Theory]
    [InlineData("api/guid/nonsense")]
    [InlineData("api/long/1.5")]
    [InlineData("api/bool/True")]
    [InlineData("api/enum/Wednesday")]
    [InlineData("api/date/yesterday")]
    [InlineData("api/needed")]
    public async Task A_value_that_does_not_fit_is_an_empty_500_as_on_the_real_worker(string address)
    {
        await using var app = await FunctionApp.StartAsync<Echo>();

        (await app.SendAsync(HttpMethod.Get, address)).ShouldBe((500, ""));
        app.Log.Lines.ShouldContain(line => line.Contains(nameof(FunctionInputConverterException)));
    }

    [Fact]
    public async Task Middleware_can_turn_a_value_that_does_not_fit_into_an_answer_of_its_own()
    {
        await using var app = await FunctionApp.StartAsync<Echo>(builder => builder.UseMiddleware(async (context, next) =>
        {
            try
            {
                await next();
            }
            catch (FunctionInputConverterException)
            {
                context.GetInvocationResult().Value = Results.Text("give a Guid", statusCode: 400);
            }
        }));

        (await app.SendAsync(HttpMethod.Get, "api/guid/nonsense")).ShouldBe((400, "give a Guid"));
    }

    [Theory]
    [InlineData("""{"name":"Blue","count":2}""")]
    [InlineData("""{"NAME":"Blue","Count":2,"unknown":[]}""")]
    public async Task FromBody_reads_json_whatever_the_case_of_its_names(string json)
    {
        await using var app = await FunctionApp.StartAsync<Echo>();

        (await app.SendAsync(HttpMethod.Post, "api/body", Json(json))).ShouldBe((200, "Blue 2"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"name":"Blue","count":"many"}""")]
    public async Task A_body_that_does_not_fit_is_an_exception_that_middleware_sees(string json)
    {
        Exception? seen = null;
        await using var app = await FunctionApp.StartAsync<Echo>(builder => builder.UseMiddleware(async (_, next) =>
        {
            try
            {
                await next();
            }
            catch (Exception failure)
            {
                seen = failure;
                throw;
            }
        }));

        (await app.SendAsync(HttpMethod.Post, "api/body", Json(json))).ShouldBe((500, ""));
        seen.ShouldBeOfType<InvalidOperationException>().Message.ShouldNotBeEmpty();
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
