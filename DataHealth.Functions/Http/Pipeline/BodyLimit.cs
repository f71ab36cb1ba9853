using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace DataHealth.Functions.Http.Pipeline;

/// <summary>Refuses a body that says itself that it is too large, also where no body is read. One that does not say is bounded while it is read (<see cref="RequestBody"/>).</summary>
internal sealed class BodyLimit : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { Request.ContentLength: > RequestBody.MaxBytes })
            return next(context);
        context.GetInvocationResult().Value = Problems.BodyTooLarge;
        return Task.CompletedTask;
    }
}
