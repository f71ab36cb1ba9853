using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>A product whose functions reach their storage through a <see cref="StorageProxy"/>, and whose waits are short enough for a test.</summary>
public sealed class Stage : IAsyncDisposable
{
    private Stage(RunningProduct product, StorageProxy proxy) => (Product, Proxy) = (product, proxy);

    /// <summary>The product.</summary>
    public RunningProduct Product { get; }

    /// <summary>Between the functions and their storage.</summary>
    public StorageProxy Proxy { get; }

    /// <summary>The first functions process.</summary>
    public FunctionsProcess Functions => Product.Functions[0];

    /// <summary>Starts it.</summary>
    /// <param name="azurite">The storage.</param>
    /// <param name="processes">How many functions processes of the one practice.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="switches">The sandbox's.</param>
    /// <param name="settings">More settings of the functions.</param>
    public static Task<Stage> StartAsync(
        Azurite azurite, int processes, CancellationToken cancellationToken, Switches? switches = null, params (string Name, string Value)[] settings) =>
        StartAsync(ProviderUnderTest.Xero, azurite, processes, cancellationToken, switches, settings);

    /// <summary>Starts it for a provider.</summary>
    public static async Task<Stage> StartAsync(
        ProviderUnderTest provider, Azurite azurite, int processes, CancellationToken cancellationToken, Switches? switches = null, params (string Name, string Value)[] settings)
    {
        // All names of one Azurite begin alike, so that the proxy can be there before the product has its prefix.
        var proxy = await StorageProxy.StartAsync(azurite, cancellationToken);
        Dictionary<string, string> own = new()
        {
            ["AzureWebJobsStorage"] = proxy.ConnectionString,
            ["Storage__ConnectionString"] = proxy.ConnectionString,
            // A call that died with its process keeps its place in the limits for about as long as a call may take.
            ["Provider__CallTimeout"] = "00:00:08",
            // The grant's lease of a process that died is sat out.
            ["Connections__GrantLease"] = "00:00:15",
            ["Connections__TokenCallLimit"] = "00:00:10",
            ["Provider__TokenTimeout"] = "00:00:10",
            ["Sync__SliceRetryDelay"] = "00:00:03",
        };
        foreach (var (name, value) in settings)
            own[name] = value;
        try
        {
            var product = await RunningProduct.StartAsync(
                new ProductOptions
                {
                    Provider = provider,
                    Azurite = azurite,
                    Practices = [.. Enumerable.Repeat("birch", processes)],
                    Settings = own,
                    Sandbox = new SandboxOptions { Limits = ProductOptions.NoLimits, Switches = switches ?? new Switches() },
                },
                cancellationToken);
            return new Stage(product, proxy);
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>The client's run if the functions answer and it has ended.</summary>
    public async Task<Run?> EndedAsync(string client, CancellationToken cancellationToken)
    {
        try
        {
            var run = new Run(await Product.Practice.RunAsync(client, cancellationToken));
            return run.State == "finished" ? run : null;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Killed in this moment.
            return null;
        }
    }

    /// <summary>Refreshes of tokens that the provider carried out or at least received.</summary>
    public IReadOnlyList<CallEntry> Refreshes() => [.. Product.Simulation.Calls.Find(new CallFilter(Endpoint: "token")).Where(call => call.GrantType == "refresh_token")];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
