using DataHealth.Core.Connections.Grants;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Timers;

/// <summary>Every few minutes, since the grace for a refresh whose answer was lost is short: settles what a crash left, and refreshes grants that nobody used for long.</summary>
public sealed partial class KeepAliveTimer(KeepAlive keepAlive, ILogger<KeepAliveTimer> logger)
{
    [Function("KeepGrantsAlive")]
    public async Task RunAsync([TimerTrigger("%KeepAliveSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var result = await keepAlive.ExecuteAsync(cancellationToken);
        if (result is not { Refreshed: 0, Lost: 0, Failed: 0 })
            Log.Done(logger, result.Refreshed, result.Lost, result.Failed);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1210, Level = LogLevel.Information, Message = "Idle grants: {Refreshed} refreshed, {Lost} lost, {Failed} to be tried again.")]
        public static partial void Done(ILogger logger, int refreshed, int lost, int failed);
    }
}
