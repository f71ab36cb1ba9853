using System.Collections.Concurrent;
using System.Web;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Connections.Infrastructure;

/// <summary>One world: storage, vault, provider and clock. Processes in it share everything but their memory.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Provider = "fake";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "dh-" + Guid.NewGuid().ToString("N"));
    private readonly List<ServiceProvider> _processes = [];
    private readonly string _prefix = Azurite.NewPrefix();
    private readonly Azurite _azurite;
    private readonly string _storage;

    /// <param name="azurite">Where everything is.</param>
    /// <param name="storage">How the processes reach it, where something stands between.</param>
    public World(Azurite azurite, string? storage = null)
    {
        (_azurite, _storage) = (azurite, storage ?? azurite.ConnectionString);
        Scripted = new ScriptedProvider(Clock);
        Vault = new FaultyVault(new LocalTokenVault(_folder));
        First = Process();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    public ScriptedProvider Scripted { get; }

    public FaultyVault Vault { get; }

    public ConcurrentQueue<string> Logs { get; } = new();

    /// <summary>The first process.</summary>
    public Running First { get; }

    public Actor Ann { get; } = new(new PracticeId("north"), new MemberId("ann"), "Ann", Role.PracticeAdmin, Permissions.All, ClientAccess.All, "test-of-ann");

    public Actor Bob { get; } = new(new PracticeId("south"), new MemberId("bob"), "Bob", Role.PracticeAdmin, Permissions.All, ClientAccess.All, "test-of-bob");

    public string TablePrefix => _prefix;

    public string ConnectionString => _azurite.ConnectionString;

    /// <summary>Another process on the same storage and vault.</summary>
    public Running Process(Action<IServiceCollection>? change = null)
    {
        var services = new ServiceCollection();
        services.Configure<StorageOptions>(options => (options.ConnectionString, options.TablePrefix) = (_storage, _prefix));
        services.AddSingleton<AppStorage>();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IAccountingProvider>(Scripted);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new QueueLogs(Logs)));
        services.AddConnections(new ConfigurationBuilder().AddInMemoryCollection().Build());
        services.Replace(ServiceDescriptor.Singleton<ITokenVault>(Vault));
        change?.Invoke(services);
        var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        _processes.Add(provider);
        return new Running(this, provider);
    }

    /// <summary>
    /// Lets the clock run until the task ends: what waits on it is many processes' doing, not this test's. A step takes as long as a call to the storage, so that on a
    /// slow machine no lease runs out between two calls of its holder.
    /// </summary>
    public async Task<T> RunAsync<T>(Task<T> task, TimeSpan? step = null)
    {
        var storage = new TableServiceClient(_azurite.ConnectionString);
        var end = DateTime.UtcNow.AddMinutes(3);
        while (!task.IsCompleted && DateTime.UtcNow < end)
        {
            Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await Task.WhenAll(storage.GetPropertiesAsync(TestContext.Current.CancellationToken), Task.WhenAny(task, Task.Delay(5, TestContext.Current.CancellationToken)));
        }
        return await task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private sealed class QueueLogs(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>What one process can do, in the words of the domain.</summary>
internal sealed class Running(World world, IServiceProvider services)
{
    public ClientStore Clients => Get<ClientStore>();

    public ConnectionStore Connections => Get<ConnectionStore>();

    public AccessTokens Tokens => Get<AccessTokens>();

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<ClientId> AddClientAsync(Actor actor, string name)
    {
        ClientName.TryParse(name, out var parsed, out _).ShouldBeTrue();
        return (await Clients.CreateAsync(actor, parsed!, Cancellation)).Id;
    }

    public async Task<string> StartAsync(Actor actor, ClientId client)
    {
        var redirect = (await Get<StartConnect>().ExecuteAsync(actor, client, World.Provider, Cancellation)).ShouldBeOfType<StartOutcome.Redirect>();
        return HttpUtility.ParseQueryString(redirect.AuthorizeUri.Query)["state"]!;
    }

    public Task<CallbackOutcome> CallbackAsync(string? state, string? code, string? error = null) =>
        Get<ReceiveCallback>().ExecuteAsync(World.Provider, new CallbackQuery(code, state, error), Cancellation);

    /// <summary>Starts, consents and comes back: the result code.</summary>
    public async Task<string> ConsentAsync(Actor actor, ClientId client, string user, params string[] organisations)
    {
        var state = await StartAsync(actor, client);
        return (await CallbackAsync(state, world.Scripted.Consent(user, organisations))).ShouldBeOfType<CallbackOutcome.Received>().ResultCode;
    }

    public Task<ConsentOutcome> ConfirmAsync(Actor actor, ClientId client, string? result, bool accept = false) =>
        Get<ConfirmConsent>().ExecuteAsync(actor, client, result, accept, Cancellation);

    public Task<ConsentOutcome> ChooseAsync(Actor actor, ClientId client, string result, string organisation, bool accept = false) =>
        Get<ChooseOrganisation>().ExecuteAsync(actor, client, result, organisation, accept, Cancellation);

    public async Task<Connection> ConnectAsync(Actor actor, ClientId client, string user, string organisation) =>
        (await ConfirmAsync(actor, client, await ConsentAsync(actor, client, user, organisation))).ShouldBeOfType<ConsentOutcome.Connected>().Connection;

    public async Task<(ClientId Client, Connection Connection)> AddConnectedAsync(Actor actor, string user, string organisation)
    {
        var client = await AddClientAsync(actor, $"Client of {organisation}");
        return (client, await ConnectAsync(actor, client, user, organisation));
    }

    public Task<Connection> ConnectionAsync(ClientId client) => Connections.GetAsync(client, Cancellation);

    public async Task<Connection> DisconnectAsync(Actor actor, ClientId client) =>
        (await Get<DisconnectClient>().ExecuteAsync(actor, client, Cancellation)).ShouldBeOfType<DisconnectOutcome.Disconnected>().Connection;

    public Task<SweepResult> SweepAsync() => Get<ExpirePending>().ExecuteAsync(Cancellation);

    public Task<KeepAliveResult> KeepAliveAsync() => Get<KeepAlive>().ExecuteAsync(Cancellation);

    public Task<AccessTokenOutcome> TokenAsync(GrantId grant) => Tokens.GetAsync(grant, Cancellation);
}

/// <summary>A vault that fails when told to.</summary>
internal sealed class FaultyVault(ITokenVault inner) : ITokenVault
{
    /// <summary>Called with get, set or delete, and the name; throws what the vault is to throw.</summary>
    public Action<string, string>? Before { get; set; }

    public ConcurrentDictionary<string, bool> Names { get; } = new();

    public Task<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        Before?.Invoke("get", name);
        return inner.GetAsync(name, cancellationToken);
    }

    public async Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        Before?.Invoke("set", name);
        await inner.SetAsync(name, value, cancellationToken);
        Names[name] = true;
    }

    public async Task<SecretRemoval> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Before?.Invoke("delete", name);
        Names.TryRemove(name, out _);
        return await inner.DeleteAsync(name, cancellationToken);
    }
}
