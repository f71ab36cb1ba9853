using DataHealth.Local.Runtime.Discovery;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Local.Runtime.Invocation;

/// <summary>
/// Runs one invocation of a function: middleware around it, a dependency scope of its own, an instance of its class.
/// Nothing here leaves the caller's thread or synchronization context by itself, so an orchestrator is replayed synchronously
/// up to the first task that is not complete, and its continuations run where the engine completes that task.
/// </summary>
internal interface IFunctionInvoker
{
    /// <summary>Runs a function and returns what it returned, awaited.</summary>
    /// <param name="function">Which.</param>
    /// <param name="triggerValue">The value of the trigger's parameter: the activity's input, already of its type; the orchestration's context; the timer's info.</param>
    /// <param name="cancellationToken">What the function sees as its cancellation.</param>
    /// <param name="http">The request, for an HTTP function.</param>
    /// <param name="traceParent">The span that it belongs to, as the function's trace context tells it; empty where there is none.</param>
    Task<object?> InvokeAsync(FunctionEntry function, object? triggerValue, CancellationToken cancellationToken, HttpContext? http = null, string traceParent = "");

    /// <summary>Runs an orchestrator, whose scope is the caller's: an orchestrator that waits is abandoned at its await, so nothing behind that runs.</summary>
    /// <param name="orchestrator">Which.</param>
    /// <param name="context">What it sees of its instance.</param>
    /// <param name="services">Its dependencies, for one replay.</param>
    Task<object?> ReplayAsync(FunctionEntry orchestrator, object context, IServiceProvider services);
}
