using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace DataHealth.Functions.Http.Pipeline;

/// <summary>Refuses a body that says itself that it is too large, also where no body is read. One that does not say is bounded while it is read (<see cref="RequestBody"/>).</summary>
internal sealed class BodyLimit : IFunctionsWorkerMiddleware
{
    private readonly FrozenDictionary<string, int> _larger = typeof(BodyLimit).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
        .Where(method => method.IsDefined(typeof(LargestBodyAttribute)))
        .ToFrozenDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, method => method.GetCustomAttribute<LargestBodyAttribute>()!.Bytes, StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { Request.ContentLength: > RequestBody.MaxBytes and var length }
            || _larger.TryGetValue(context.FunctionDefinition.Name, out var most) && length <= most)
            return next(context);
        context.GetInvocationResult().Value = Problems.BodyTooLarge;
        return Task.CompletedTask;
    }
}
