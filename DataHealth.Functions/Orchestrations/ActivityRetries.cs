using Microsoft.DurableTask;

namespace DataHealth.Functions.Orchestrations;

/// <summary>How activities are tried again. Providers' faults are outcomes and not retried here; what throws is our own storage.</summary>
internal static class ActivityRetries
{
    /// <summary>Six times within about two minutes.</summary>
    public static TaskOptions OwnStorage { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 6, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(60)));
}
