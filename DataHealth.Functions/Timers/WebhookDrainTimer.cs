using DataHealth.Core.Webhooks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Timers;

/// <summary>Every few minutes, a little before the due clients are started: lets what providers told by webhook make syncs due sooner.</summary>
public sealed partial class WebhookDrainTimer(DrainHints drain, ILogger<WebhookDrainTimer> logger)
{
    [Function("DrainWebhooks")]
    public async Task RunAsync([TimerTrigger("%WebhookDrainSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var result = await drain.ExecuteAsync(cancellationToken);
        if (result is not { Hastened: 0, Settled: 0, Waiting: 0, Unknown: 0 })
            Log.Drained(logger, result.Hastened, result.Settled, result.Waiting, result.Unknown);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1250, Level = LogLevel.Information, Message = "Hints drained, by organisation: {Hastened} syncs sooner, {Settled} settled, {Waiting} waiting, {Unknown} unknown.")]
        public static partial void Drained(ILogger logger, int hastened, int settled, int waiting, int unknown);
    }
}
