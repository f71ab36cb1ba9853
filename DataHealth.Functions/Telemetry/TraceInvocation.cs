using System.Diagnostics;
using DataHealth.Core.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace DataHealth.Functions.Telemetry;

/// <summary>
/// Begins a span for each invocation of an HTTP, timer or activity function, below what the host says that it belongs to: the caller's trace, or the orchestration that called the activity.
/// Named for the function and never for the address.
/// </summary>
internal sealed class TraceInvocation(InvocationMetrics metrics) : IFunctionsWorkerMiddleware
{
    private const string Timer = "timer";

    // An orchestrator is replayed again and again, and nothing in it may depend on what is traced: the host shows it, once.
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => TriggerOf(context) switch
    {
        "orchestration" => next(context),
        var trigger => TraceAsync(context, trigger, next),
    };

    private async Task TraceAsync(FunctionContext context, string trigger, FunctionExecutionDelegate next)
    {
        var name = context.FunctionDefinition.Name;
        using var span = Start(context, name, trigger);
        try
        {
            await next(context);
            Answered(span, context);
            if (trigger == Timer)
                metrics.TimerRan(name, "succeeded");
        }
        catch (Exception problem)
        {
            span.Fail(problem.GetType().FullName ?? "exception");
            if (trigger == Timer)
                metrics.TimerRan(name, problem is OperationCanceledException && context.CancellationToken.IsCancellationRequested ? "cutShort" : "failed");
            throw;
        }
    }

    private static Activity? Start(FunctionContext context, string name, string trigger)
    {
        // What the worker or the server began and nobody keeps would be a parent that no one finds.
        if (Activity.Current is { Recorded: false })
            Activity.Current = null;
        var parent = Activity.Current?.Context ?? (ActivityContext.TryParse(context.TraceContext.TraceParent, context.TraceContext.TraceState, isRemote: true, out var host) ? host : default);
        var span = Tracing.Source.StartActivity(name, trigger == "http" ? ActivityKind.Server : ActivityKind.Internal, parent);
        return span?.SetTag("faas.trigger", trigger).SetTag("faas.invocation_id", context.InvocationId);
    }

    // The result is carried out after all middleware: it says its status itself.
    private static void Answered(Activity? span, FunctionContext context)
    {
        if (span is null || context.GetHttpContext() is not { } http)
            return;
        var status = context.GetInvocationResult().Value switch
        {
            IStatusCodeActionResult { StatusCode: { } code } => code,
            IStatusCodeHttpResult { StatusCode: { } code } => code,
            _ => http.Response.StatusCode,
        };
        span.SetTag("http.request.method", http.Request.Method).SetTag("http.response.status_code", status);
        if (status >= 500)
            span.Fail(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string TriggerOf(FunctionContext context)
    {
        foreach (var binding in context.FunctionDefinition.InputBindings.Values)
        {
            if (binding.Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase))
                return binding.Type[..^"Trigger".Length].ToLowerInvariant();
        }
        return "other";
    }
}
