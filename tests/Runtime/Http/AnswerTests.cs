using System.Net;
using DataHealth.Runtime.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Runtime.Tests.Http;

public sealed class AnswerTests
{
    public sealed class Answers
    {
        [Function("action")]
        public IActionResult Action([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new ObjectResult(new { someName = 1 }) { StatusCode = 201 };

        [Function("task")]
        public async Task<IActionResult> Later([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            await Task.Yield();
            return new NoContentResult();
        }

        [Function("valuetask")]
        public async ValueTask<IResult> LaterValue([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            await Task.Yield();
            return Results.Accepted("/there");
        }

        [Function("static")]
        public static OkObjectResult Shared([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new("static");

        [Function("nothing")]
        public async Task Nothing([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => await Task.Yield();

        [Function("writes")]
        public async Task Writes([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            request.HttpContext.Response.StatusCode = 418;
            await request.HttpContext.Response.WriteAsync("short and stout");
        }

        [Function("fails")]
        public IResult Fails([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => throw new InvalidTimeZoneException("the reason");

        [Function("reads")]
        public async Task<IResult> Reads([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            using var reader = new StreamReader(request.Body);
            return Results.Text((await reader.ReadToEndAsync()).Length.ToString());
        }
    }

    public sealed class Waiting(Signal signal)
    {
        [Function("waits")]
        public async Task<IResult> Wait([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken token)
        {
            signal.Entered.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                signal.Cancelled.TrySetResult();
            }
            return Results.Ok();
        }
    }

    public sealed class Signal
    {
        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Cancelled { get; } = new();
    }

    public sealed class Guarded
    {
        [Function("open")]
        public IResult Open([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text("open");

        [Function("function")]
        public IResult Function([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => Results.Text("function");

        [Function("default")]
        public IResult Default([HttpTrigger] HttpRequest request) => Results.Text("default");

        [Function("administration")]
        public IResult Admin([HttpTrigger(AuthorizationLevel.Admin)] HttpRequest request) => Results.Text("admin");
    }

    [Theory]
    [InlineData("action", 201, """{"someName":1}""")]
    [InlineData("task", 204, "")]
    [InlineData("valuetask", 202, "")]
    [InlineData("static", 200, "static")]
    [InlineData("nothing", 200, "")]
    [InlineData("writes", 418, "short and stout")]
    public async Task A_function_answers_by_its_result_or_by_writing(string function, int status, string body)
    {
        await using var app = await FunctionApp.StartAsync<Answers>();

        (await app.SendAsync(HttpMethod.Get, "api/" + function)).ShouldBe((status, body));
    }

    [Fact]
    public async Task An_exception_that_escapes_is_an_empty_500_and_is_logged_with_the_functions_name()
    {
        await using var app = await FunctionApp.StartAsync<Answers>();

        (await app.SendAsync(HttpMethod.Get, "api/fails?code=secret")).ShouldBe((500, ""));
        app.Log.Lines.ShouldContain(line => line.Contains("'fails'") && line.Contains("the reason"));
        app.Log.Lines.ShouldNotContain(line => line.Contains("code=secret"));
    }

    [Fact]
    public async Task A_body_over_100_MB_is_refused()
    {
        await using var app = await FunctionApp.StartAsync<Answers>();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/reads") { Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentLength = 100 * 1024 * 1024 + 1;
        request.Headers.ExpectContinue = true;

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await app.SendAsync(HttpMethod.Post, "api/reads", new ByteArrayContent(new byte[40_000_000]))).ShouldBe((200, "40000000"));
    }

    [Fact]
    public async Task A_function_is_cancelled_when_its_caller_goes_away()
    {
        await using var app = await FunctionApp.StartAsync<Waiting>(builder => builder.Services.AddSingleton<Signal>());
        using var caller = new CancellationTokenSource();
        var call = app.Client.GetAsync("api/waits", caller.Token);
        await app.Get<Signal>().Entered.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await app.Get<Signal>().Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_function_is_cancelled_when_the_host_stops()
    {
        await using var app = await FunctionApp.StartAsync<Waiting>(builder => builder.Services.AddSingleton<Signal>());
        var call = app.SendAsync(HttpMethod.Get, "api/waits");
        await app.Get<Signal>().Entered.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        await app.StopAsync();

        app.Get<Signal>().Cancelled.Task.IsCompleted.ShouldBeTrue();
        (await call).ShouldBe((500, ""));
    }

    [Theory]
    [InlineData("open", "", 200)]
    [InlineData("function", "", 401)]
    [InlineData("default", "", 401)]
    [InlineData("administration", "", 401)]
    [InlineData("function", "?code=wrong", 401)]
    [InlineData("function", "?code=the-key", 200)]
    [InlineData("administration", "?code=the-key", 200)]
    public async Task A_function_above_anonymous_asks_for_the_configured_key(string function, string query, int status)
    {
        await using var app = await FunctionApp.StartAsync<Guarded>(builder => builder.Configuration["LocalRuntime:FunctionKey"] = "the-key");

        var answer = await app.SendAsync(HttpMethod.Get, $"api/{function}{query}");

        answer.Status.ShouldBe(status);
        if (status == 401)
            answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_key_may_come_in_a_header_and_is_not_asked_for_when_none_is_configured()
    {
        await using var guarded = await FunctionApp.StartAsync<Guarded>(builder => builder.Configuration["LocalRuntime:FunctionKey"] = "the-key");
        await using var open = await FunctionApp.StartAsync<Guarded>();
        guarded.Client.DefaultRequestHeaders.Add("x-functions-key", "the-key");

        (await guarded.GetAsync("api/function")).ShouldBe("function");
        (await open.GetAsync("api/administration")).ShouldBe("admin");
    }
}
