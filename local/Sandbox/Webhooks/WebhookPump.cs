namespace DataHealth.Local.Sandbox.Webhooks;

/// <summary>Delivers events by itself. Looks often by the wall clock, decides by the sandbox's.</summary>
internal sealed partial class WebhookPump(WebhookDesk desk, ILogger<WebhookPump> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace);
        while (await WaitAsync(timer, stoppingToken))
        {
            try
            {
                await Task.WhenAll(desk.Apps.Select(app => desk.DeliverAsync(app, early: false, stoppingToken)));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks could not be delivered.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
