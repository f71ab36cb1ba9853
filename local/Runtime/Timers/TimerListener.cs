using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Invocation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Timers;

/// <summary>Runs every timer function of the application, each in a loop of its own.</summary>
internal sealed class TimerListener(
    IFunctionCatalog catalog,
    IFunctionInvoker invoker,
    IConfiguration configuration,
    TimerStore store,
    TimeProvider clock,
    ILogger<TimerLoop> logger) : BackgroundService
{
    private DateTime _started;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _started = clock.GetUtcNow().UtcDateTime;
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Timers.Select(timer =>
            new TimerLoop(timer, TimerSchedule.Of(timer, configuration), invoker, store, clock, logger).RunAsync(_started, stoppingToken)));

    private List<FunctionEntry> Timers => [.. catalog.Functions.Where(function => function.Kind is FunctionKind.Timer)];
}
