using DataHealth.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Runtime.Tests.Durable;

/// <summary>What the durable specifications share: a hub of their own, functions to fill in, and bounded waiting.</summary>
public abstract class DurableSpec(AzuriteFixture azurite) : IAsyncDisposable
{
    private readonly List<DurableHost> _hosts = [];

    private protected TestFunctions Functions { get; } = new();

    protected string Hub { get; } = Azurite.NewPrefix();

    protected string Connection => azurite.ConnectionString;

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    protected static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    /// <summary>A host whose clock stands still until the test moves it.</summary>
    private protected async Task<DurableHost> StartAsync(
        double leaseSeconds = 30, Azure.Core.Pipeline.HttpPipelinePolicy? observer = null, TestFunctions? functions = null)
    {
        var host = await DurableHost.StartAsync(Connection, Hub, functions ?? Functions, Clock, leaseSeconds, observer);
        _hosts.Add(host);
        return host;
    }

    private protected async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
    {
        var host = await StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, Patience);
        return await host.Client.WaitForInstanceCompletionAsync(id, true, Patience);
    }

    protected static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var patience = Patience;
        while (!await condition())
        {
            patience.IsCancellationRequested.ShouldBeFalse($"Waited in vain until {what}.");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    protected static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }
}
