using DataHealth.Runtime.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataHealth.Runtime.Tests.Http;

public sealed class MiddlewareTests
{
    public sealed class PerInvocation : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    public sealed class Trace
    {
        public List<string> Steps { get; } = [];

        public List<PerInvocation> Scoped { get; } = [];

        public int Constructed { get; set; }
    }

    public sealed class Sample(Trace trace, PerInvocation scoped) : IDisposable
    {
        [Function("sample")]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context)
        {
            trace.Steps.Add("function");
            trace.Scoped.Add(scoped);
            trace.Scoped.Add(context.InstanceServices.GetRequiredService<PerInvocation>());
            trace.Scoped.Add(request.HttpContext.RequestServices.GetRequiredService<PerInvocation>());
            return Results.Text(context.Items.TryGetValue("member", out var member) ? $"{member}" : "nobody");
        }

        [Function("other")]
        public IResult Other([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text("other");

        public void Dispose() => trace.Steps.Add("disposed");
    }

    public sealed class Member : IFunctionsWorkerMiddleware
    {
        private readonly Trace _trace;

        public Member(Trace trace)
        {
            _trace = trace;
            trace.Constructed++;
        }

        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            _trace.Steps.Add("member in");
            context.Items["member"] = context.GetHttpContext()!.Request.Headers["x-member"].ToString();
            await next(context);
            _trace.Steps.Add("member out");
        }
    }

    private static void AddServices(IServiceCollection services) => services.AddSingleton<Trace>().AddScoped<PerInvocation>();

    [Fact]
    public async Task Middleware_runs_around_the_function_in_the_order_it_was_added()
    {
        await using var app = await FunctionApp.StartAsync<Sample>(builder =>
        {
            AddServices(builder.Services);
            builder.UseMiddleware(async (context, next) =>
            {
                var trace = context.InstanceServices.GetRequiredService<Trace>();
                trace.Steps.Add("outer in");
                await next();
                trace.Steps.Add("outer out");
            });
            builder.UseMiddleware<Member>();
        });
        app.Client.DefaultRequestHeaders.Add("x-member", "Ann");

        (await app.GetAsync("api/sample")).ShouldBe("Ann");
        app.Get<Trace>().Steps.ShouldBe(["outer in", "member in", "function", "disposed", "member out", "outer out"]);
    }

    [Fact]
    public async Task A_middleware_class_is_made_once_and_each_invocation_has_a_scope_of_its_own()
    {
        await using var app = await FunctionApp.StartAsync<Sample>(builder =>
        {
            AddServices(builder.Services);
            builder.UseMiddleware<Member>();
        });

        await app.GetAsync("api/sample");
        await app.GetAsync("api/sample");

        var trace = app.Get<Trace>();
        trace.Constructed.ShouldBe(1);
        trace.Scoped.Distinct().Count().ShouldBe(2);
        trace.Scoped[..3].Distinct().Count().ShouldBe(1);
        trace.Scoped.ShouldAllBe(scoped => scoped.IsDisposed);
    }

    [Fact]
    public async Task UseWhen_applies_to_the_invocations_that_its_predicate_names()
    {
        await using var app = await FunctionApp.StartAsync<Sample>(builder =>
        {
            AddServices(builder.Services);
            builder.UseWhen<Member>(context => context.FunctionDefinition.Name == "sample");
            builder.UseWhen(context => context.FunctionDefinition.Name == "other", async (context, next) =>
            {
                await next();
                context.GetInvocationResult().Value = Results.Text("replaced");
            });
        });

        (await app.GetAsync("api/other")).ShouldBe("replaced");
        app.Get<Trace>().Steps.ShouldBe(["disposed"]);
        await app.GetAsync("api/sample");
        app.Get<Trace>().Steps.ShouldContain("member in");
    }

    [Fact]
    public async Task Middleware_that_does_not_go_on_answers_in_the_functions_place()
    {
        await using var app = await FunctionApp.StartAsync<Sample>(builder =>
        {
            AddServices(builder.Services);
            builder.UseMiddleware((context, _) =>
            {
                context.GetInvocationResult().Value = Results.StatusCode(403);
                return Task.CompletedTask;
            });
        });

        (await app.SendAsync(HttpMethod.Get, "api/sample")).ShouldBe((403, ""));
        app.Get<Trace>().Steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_context_describes_the_function()
    {
        FunctionContext? seen = null;
        await using var app = await FunctionApp.StartAsync<Sample>(builder =>
        {
            AddServices(builder.Services);
            builder.UseMiddleware((context, next) =>
            {
                seen = context;
                context.GetLogger("sample").LogInformation("logged by the context");
                return next();
            });
        });

        await app.GetAsync("api/sample");

        var definition = seen.ShouldNotBeNull().FunctionDefinition;
        definition.Parameters.Select(parameter => parameter.Name).ShouldBe(["request", "context"]);
        definition.InputBindings["request"].Type.ShouldBe("httpTrigger");
        definition.EntryPoint.ShouldEndWith("Sample.Run");
        seen.RetryContext.MaxRetryCount.ShouldBe(0);
        app.Log.Lines.ShouldContain(line => line.Contains("logged by the context"));
    }
}
