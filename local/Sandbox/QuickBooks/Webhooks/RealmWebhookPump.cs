namespace DataHealth.Local.Sandbox.QuickBooks.Webhooks;

/// <summary>Delivers events by itself. Looks often by the wall clock, decides by the sandbox's.</summary>
internal sealed partial class RealmWebhookPump(RealmWebhooks webhooks, ILogger<RealmWebhookPump> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await Task.WhenAll(webhooks.Apps.Select(app => webhooks.DeliverAsync(app, early: false, stoppingToken)));
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    Log.Failed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The sandbox stops.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks could not be delivered.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
