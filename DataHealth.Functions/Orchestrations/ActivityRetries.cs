using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>How activities are tried again. Providers' faults are outcomes and not retried here; what throws is our own storage.</summary>
internal static class ActivityRetries
{
    /// <summary>Six times within about two minutes.</summary>
    public static TaskOptions OwnStorage { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 6, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(60)));

    /// <summary>Three times within about half a minute, its own work apart: the result of before stays, and the end of a sync waits for it.</summary>
    public static TaskOptions Recalculation { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 3, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 4));
}
