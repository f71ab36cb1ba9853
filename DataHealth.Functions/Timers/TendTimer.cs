using DataHealth.Core.Clients.Overview;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Timers;

/// <summary>Every few minutes: looks again at clients whose change was not seen to end, and at some of all the others in turn.</summary>
public sealed partial class TendTimer(TendSummaries tend, ILogger<TendTimer> logger)
{
    private const int Most = 500;

    [Function("TendSummaries")]
    public async Task RunAsync([TimerTrigger("%TendSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var tended = await tend.ExecuteAsync(Most, cancellationToken);
        if (tended.Mended > 0)
            Log.Mended(logger, tended.Mended);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1230, Level = LogLevel.Information, Message = "The summaries of {Clients} clients were behind and have followed.")]
        public static partial void Mended(ILogger logger, int clients);
    }
}
