using System.Reflection;
using DataHealth.Local.Runtime.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Local.Runtime.Invocation;

/// <inheritdoc cref="IFunctionInvoker"/>
internal sealed class FunctionInvoker(IServiceScopeFactory scopes, InvocationPipeline pipeline) : IFunctionInvoker
{
    private readonly FunctionExecutionDelegate _run = pipeline.Around(context => CallAsync((LocalFunctionContext)context));

    public async Task<object?> InvokeAsync(FunctionEntry function, object? triggerValue, CancellationToken cancellationToken, HttpContext? http = null, string traceParent = "")
    {
        // No ConfigureAwait(false) anywhere on this path: an orchestrator's continuations must stay where the engine runs them.
        await using var scope = scopes.CreateAsyncScope();
        if (http is not null)
            http.RequestServices = scope.ServiceProvider;
        var context = new LocalFunctionContext(function, triggerValue, scope.ServiceProvider, http, traceParent, cancellationToken);
        await _run(context);
        if (http is not null)
            await HttpResult.WriteAsync(context.GetInvocationResult().Value, http);
        return context.GetInvocationResult().Value;
    }

    public async Task<object?> ReplayAsync(FunctionEntry orchestrator, object context, IServiceProvider services)
    {
        var invocation = new LocalFunctionContext(orchestrator, context, services, http: null, traceParent: "", CancellationToken.None);
        await _run(invocation);
        return invocation.GetInvocationResult().Value;
    }

    private static async Task CallAsync(LocalFunctionContext context)
    {
        var method = context.Function.Method;
        var arguments = await FunctionArguments.BindAsync(context);
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, method.DeclaringType!);
        try
        {
            var returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
            context.GetInvocationResult().Value = await AwaitedAsync(returned, method.ReturnType);
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (instance as IDisposable)?.Dispose();
        }
    }

    private static async Task<object?> AwaitedAsync(object? returned, Type declared)
    {
        if (returned is ValueTask valueTask)
            await valueTask;
        else if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return await AwaitedAsync(declared.GetMethod(nameof(ValueTask.AsTask))!.Invoke(returned, null), typeof(Task<>).MakeGenericType(declared.GetGenericArguments()));
        else if (returned is Task task)
        {
            await task;
            // By the declared type: what an async method without a result returns is at run time a Task of something as well.
            return declared.IsGenericType ? declared.GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;
        }
        else
            return returned;
        return null;
    }
}
