using System.Text.Json;
using Azure.Core.Pipeline;
using DataHealth.Local.Runtime.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataHealth.Runtime.Tests.Durable;

/// <summary>Orchestrators and activities given as lambdas.</summary>
internal sealed class TestFunctions : IDurableFunctions
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<string, string?, CancellationToken, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    public TestFunctions Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> run)
    {
        _orchestrators[name] = async context => await run(context);
        return this;
    }

    public TestFunctions Activity<TIn, TOut>(string name, Func<TIn, CancellationToken, Task<TOut>> run)
    {
        _activities[name] = async (_, input, stop) => await run(input is null ? default! : JsonSerializer.Deserialize<TIn>(input)!, stop);
        return this;
    }

    public TestFunctions Activity<TIn, TOut>(string name, Func<TIn, TOut> run) => Activity<TIn, TOut>(name, (input, _) => Task.FromResult(run(input)));

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, ICollection<IAsyncDisposable> episode) =>
        await _orchestrators[name](context) is { } result ? JsonSerializer.Serialize(result) : null;

    public async Task<string?> RunActivityAsync(string name, string instanceId, string? input, string traceParent, CancellationToken cancellation) =>
        await _activities[name](instanceId, input, cancellation) is { } result ? JsonSerializer.Serialize(result) : null;
}

/// <summary>One process's engine on a task hub.</summary>
internal sealed class DurableHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private bool _running;

    private DurableHost(ServiceProvider services) => _services = services;

    public DurableTaskClient Client => _services.GetRequiredService<DurableTaskClient>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<DurableHost> StartAsync(
        string connection, string hub, TestFunctions functions, TimeProvider? clock = null, double leaseSeconds = 30,
        HttpPipelinePolicy? observer = null, bool onlyClient = false)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = connection,
            ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = hub,
            ["LocalRuntime:LeaseSeconds"] = leaseSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
        }).Build());
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddSingleton<IDurableFunctions>(functions);
        if (observer is not null)
            services.AddSingleton(observer);
        services.AddLocalDurableTask();
        var host = new DurableHost(services.BuildServiceProvider());
        if (!onlyClient)
            await host.StartAsync();
        return host;
    }

    public async Task StopAsync()
    {
        if (!_running)
            return;
        _running = false;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StopAsync(patience.Token);
    }

    /// <summary>Forgets the host as a crash does: nothing is stopped and nothing released.</summary>
    public void Abandon() => _running = false;

    public async ValueTask DisposeAsync()
    {
        if (!_running)
            return;
        await StopAsync();
        await _services.DisposeAsync();
    }

    private async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        _running = true;
    }
}
