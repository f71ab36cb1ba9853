using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Http.Pipeline;

/// <summary>Every request has an id: the caller's when it is sane, else a new one. It is in the answer, in every problem and in every log line of the request.</summary>
internal sealed class RequestIdentity(ILogger<RequestIdentity> logger) : IFunctionsWorkerMiddleware
{
    public const string Header = "x-request-id";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }
        var given = http.Request.Headers[Header];
        var id = given.Count == 1 && IsSane(given[0]) ? given[0]! : Guid.NewGuid().ToString("N");
        http.TraceIdentifier = id;
        http.Response.Headers[Header] = id;
        using (logger.BeginScope(new Dictionary<string, object> { ["requestId"] = id, ["function"] = context.FunctionDefinition.Name }))
            await next(context);
    }

    private static bool IsSane(string? id) =>
        id is { Length: >= 8 and <= 64 } && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
