using Azure;
using Azure.Identity;
using DataHealth.Core.Connections.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Http.Pipeline;

/// <summary>What no code expected ends as a problem without internals; the log has the rest under the same request id.</summary>
internal sealed partial class UnexpectedFaults(ILogger<UnexpectedFaults> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (BadHttpRequestException exception)
        {
            Answer(context, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.BodyTooLarge : Problems.BadJson("The request could not be read."));
        }
        catch (Exception exception) when (IsStorageAway(exception))
        {
            Log.StorageFailed(logger, exception, context.FunctionDefinition.Name);
            Answer(context, Problems.Busy);
        }
        catch (OperationCanceledException exception)
        {
            // Not by who asked: a wait reached its bound, or this process is being stopped.
            Log.CutShort(logger, exception, context.FunctionDefinition.Name);
            Answer(context, Problems.CutShort);
        }
        catch (Exception exception)
        {
            Log.Unexpected(logger, exception, context.FunctionDefinition.Name);
            Answer(context, Problems.Unexpected);
        }
    }

    // The SDK gives what its tries ended with together: refusals, and tries that nobody answered.
    private static bool IsStorageAway(Exception exception) => exception is RequestFailedException or VaultException or AuthenticationFailedException or TimeoutException
        || (exception is AggregateException { InnerExceptions: { Count: > 0 } tries } && tries.All(one => one is RequestFailedException or OperationCanceledException));

    // The worker's HTTP integration carries out whatever result stands here when the middleware is done.
    private static void Answer(FunctionContext context, Problem problem) => context.GetInvocationResult().Value = problem;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "{Function} failed unexpectedly.")]
        public static partial void Unexpected(ILogger logger, Exception exception, string function);

        [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "{Function} was cut short: a wait reached its bound, or this process is being stopped.")]
        public static partial void CutShort(ILogger logger, Exception exception, string function);

        [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "{Function} failed: our storage or vault did not answer.")]
        public static partial void StorageFailed(ILogger logger, Exception exception, string function);
    }
}
