using Microsoft.DurableTask;

namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>Makes a failed call again, as its options say. Delays are durable timers.</summary>
internal static class Retrying
{
    public static Task<T> CallAsync<T>(TaskOrchestrationContext context, TaskRetryOptions? options, Func<Task<T>> call) => options switch
    {
        { Policy: { } policy } => ByPolicyAsync(context, policy, call),
        { Handler: { } handler } => ByHandlerAsync(context, handler, call),
        _ => call(),
    };

    private static async Task<T> ByPolicyAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> call)
    {
        var started = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (
                attempt < policy.MaxNumberOfAttempts
                && failed is { Data: var data } && !data.Contains(FailedCall.Final)
                && policy.Handles(failed.FailureDetails)
                && (policy.RetryTimeout == Timeout.InfiniteTimeSpan || context.CurrentUtcDateTime < started + policy.RetryTimeout))
            {
                // Again, after the delay.
            }
            var delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
            await context.CreateTimer(
                TimeSpan.FromMilliseconds(Math.Min(delay, policy.MaxRetryInterval.TotalMilliseconds)), CancellationToken.None);
        }
    }

    private static async Task<T> ByHandlerAsync<T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<T>> call)
    {
        var started = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            TaskFailedException failure;
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (!failed.Data.Contains(FailedCall.Final))
            {
                failure = failed;
            }
            if (!await handler(new(context, attempt, failure.FailureDetails, context.CurrentUtcDateTime - started, CancellationToken.None)))
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}

/// <summary>The exception that a failed action throws in the orchestrator.</summary>
internal static class FailedCall
{
    /// <summary>Marks, in the exception's data, a failure that no retry can mend.</summary>
    public const string Final = "DataHealth.Local.Runtime.Final";

    public static TaskFailedException Exception(ActionEvent action, ActionFailed failed)
    {
        var name = action switch
        {
            ActivityScheduled activity => activity.Name,
            SubOrchestrationScheduled sub => sub.Name,
            _ => action.Words,
        };
        var exception = new TaskFailedException(name, action.Id, failed.Failure);
        if (failed.Final)
            exception.Data[Final] = true;
        return exception;
    }
}
