using DataHealth.Core.Notices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Timers;

/// <summary>Every hour: tells people by mail what needs them, each at most once a day and only when something is new.</summary>
public sealed partial class DigestTimer(SendDigests digests, ILogger<DigestTimer> logger)
{
    [Function("SendDigests")]
    public async Task RunAsync([TimerTrigger("%DigestSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var result = await digests.ExecuteAsync(cancellationToken);
        if (result != default)
            Log.Told(logger, result.Sent, result.Failed);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1260, Level = LogLevel.Information, Message = "Digests: {Sent} sent, {Failed} to be tried again.")]
        public static partial void Told(ILogger logger, int sent, int failed);
    }
}
