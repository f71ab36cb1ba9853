using System.Security.Cryptography;
using System.Text;
using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Hosting;
using DataHealth.Local.Runtime.Invocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Http;

/// <summary>Puts HTTP functions on ASP.NET Core's endpoint routing, and answers around them as the real host does: empty 404, 401 and 500.</summary>
internal sealed partial class FunctionEndpoints(
    HostSettings settings,
    IFunctionInvoker invoker,
    IHostApplicationLifetime lifetime,
    ILogger<FunctionEndpoints> logger)
{
    public void Map(WebApplication web, IEnumerable<FunctionEntry> functions)
    {
        web.UseRouting();
        web.Use((http, next) => http.GetEndpoint()?.Metadata.GetMetadata<FunctionEntry>() is null ? Empty(http, StatusCodes.Status404NotFound) : next(http));
        foreach (var function in functions.Where(function => function.Kind is FunctionKind.Http))
        {
            var endpoint = web.Map(RoutePatternFactory.Parse(HttpRoutes.Template(function, settings.RoutePrefix)), http => AnswerAsync(function, http))
                .WithMetadata(function)
                .WithDisplayName(function.Name);
            if (HttpRoutes.Methods(function) is { Count: > 0 } methods)
                endpoint.WithMetadata(new HttpMethodMetadata(methods));
        }
    }

    private async Task AnswerAsync(FunctionEntry function, HttpContext http)
    {
        if (!IsAllowed((HttpTriggerAttribute)function.Trigger, http.Request))
        {
            await Empty(http, StatusCodes.Status401Unauthorized);
            return;
        }
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await invoker.InvokeAsync(function, triggerValue: null, cancellation.Token, http, http.Request.Headers.TraceParent.ToString());
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure, function.Name);
            if (http.Response.HasStarted)
                http.Abort();
            else
                await Empty(http, failure is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError);
        }
    }

    private static Task Empty(HttpContext http, int status)
    {
        http.Response.Clear();
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private bool IsAllowed(HttpTriggerAttribute trigger, HttpRequest request)
    {
        if (trigger.AuthLevel is AuthorizationLevel.Anonymous || settings.FunctionKey is not { } key)
            return true;
        var given = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault() ?? "";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Function '{Function}' failed.")]
        public static partial void Failed(ILogger logger, Exception failure, string function);
    }
}
