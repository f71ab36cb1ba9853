using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Ledger;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataHealth.Core.Tests.Providers.Suite;

/// <summary>The product's core over one provider: real connections, grants, vault, limits, sync and ledger; the orchestration in a few lines.</summary>
internal sealed class SuiteStage : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("datahealth-suite-").FullName;
    private readonly ServiceProvider _services;

    private SuiteStage(ProviderUnderTest provider, AzuriteFixture azurite, TimeProvider time, (string Name, string Value)[] settings)
    {
        Provider = provider;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([.. provider.Settings, new("Vault:LocalFolder", _folder)])
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton(time).AddSingleton<AppStorage>().AddSingleton<IConnectedBooks, ConnectedBooks>();
        services.Configure<StorageOptions>(storage => (storage.ConnectionString, storage.TablePrefix) = (azurite.ConnectionString, Azurite.NewPrefix()));
        services.AddConnections(configuration);
        services.AddSync();
        provider.AddTo(services, configuration);
        services.RemoveAll<IAccountingProvider>();
        services.AddSingleton<IAccountingProvider>(made => new WatchedProvider(provider.Create(made), this));
        _services = services.BuildServiceProvider();
    }

    public ProviderUnderTest Provider { get; }

    public ClientId Client { get; private set; }

    /// <summary>Runs before each read and count: edits the books, or answers in place of the provider.</summary>
    public Func<Dataset, PageOutcome?>? Before { get; set; }

    public int Reads { get; set; }

    public Actor Ann { get; } = new(new PracticeId("north"), new MemberId("ann"), "Ann", Role.PracticeAdmin, Permissions.All, ClientAccess.All, "suite");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static Task<SuiteStage> ConnectAsync(ProviderUnderTest provider, AzuriteFixture azurite, params (string Name, string Value)[] settings) =>
        ConnectAsync(provider, azurite, TimeProvider.System, settings);

    public static async Task<SuiteStage> ConnectAsync(ProviderUnderTest provider, AzuriteFixture azurite, TimeProvider time, params (string Name, string Value)[] settings)
    {
        var stage = new SuiteStage(provider, azurite, time, settings);
        stage.Client = await stage.AddClientAsync("Suite Ltd");
        (await stage.ConnectAsync(stage.Client)).ShouldBeOfType<ConsentOutcome.Connected>();
        return stage;
    }

    public async Task<ClientId> AddClientAsync(string name)
    {
        ClientName.TryParse(name, out var parsed, out _).ShouldBeTrue();
        return (await Get<ClientStore>().CreateAsync(Ann, parsed!, Stop)).Id;
    }

    public async Task<ConsentOutcome> ConnectAsync(ClientId client)
    {
        var result = (await ComeBackAsync(await AllowAsync(client))).ShouldBeOfType<CallbackOutcome.Received>();
        return await Get<ConfirmConsent>().ExecuteAsync(Ann, client, result.ResultCode, false, Stop);
    }

    public async Task<CallbackQuery> AllowAsync(ClientId client)
    {
        var start = (await Get<StartConnect>().ExecuteAsync(Ann, client, Provider.Key, Stop)).ShouldBeOfType<StartOutcome.Redirect>();
        return await Provider.AllowAsync(start.AuthorizeUri, Stop);
    }

    public Task<CallbackOutcome> ComeBackAsync(CallbackQuery query) => Get<ReceiveCallback>().ExecuteAsync(Provider.Key, query, Stop);

    public Task<Connection> ConnectionAsync() => Get<ConnectionStore>().GetAsync(Client, Stop);

    /// <summary>A whole sync. Thrown "crashes" are taken for a killed process; a pause is waited out by asking again, as its orchestration does.</summary>
    public async Task<RunRecord> SyncAsync(Func<SlicePlace, Task>? reached = null)
    {
        var run = (await Get<RequestSync>().ExecuteAsync(Client, RunTrigger.Person, Stop)).RunId!.Value;
        var plan = await Get<PlanRun>().ExecuteAsync(Client, run, Stop);
        var results = new List<SliceResult>();
        foreach (var dataset in plan.Datasets)
            results.Add(await CarryAsync(run, dataset, reached));
        await Get<FinishRun>().ExecuteAsync(Client, run, results, null, null, Stop);
        return (await Get<RunStore>().FindAsync(Client, run, Stop))!;
    }

    /// <summary>Every record of the copy is the books', nothing is missing, nothing is there twice, and what is gone there is marked here.</summary>
    public async Task<int> ShouldEqualTheBooksAsync(string when)
    {
        var records = 0;
        foreach (var (dataset, truth) in Provider.Truth())
        {
            var copy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            await foreach (var record in Get<LedgerStore>().StreamAsync(Client, dataset, Stop))
            {
                if (record.Deletion != Deletion.ByAbsence)
                    copy.TryAdd(record.Id, Provider.Canonical(dataset, record.Json)).ShouldBeTrue($"{dataset} {record.Id} twice");
            }

            copy.Keys.Select(id => id.ToUpperInvariant()).Order(StringComparer.Ordinal).ShouldBe(truth.Keys.Select(id => id.ToUpperInvariant()).Order(StringComparer.Ordinal), $"{dataset} {when}");
            foreach (var (id, json) in truth)
                copy[id].ShouldBe(json, $"{dataset} {id} {when}");
            records += truth.Count;
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<SliceResult> CarryAsync(RunId run, string dataset, Func<SlicePlace, Task>? reached)
    {
        for (var turn = 0; turn < 1_000; turn++)
        {
            try
            {
                var slice = ActivatorUtilities.CreateInstance<RunSlice>(_services);
                slice.Reached = reached;
                var outcome = await slice.ExecuteAsync(new SliceRequest(Client, run, dataset), Stop);
                switch (outcome)
                {
                    case SliceOutcome.More:
                        break;
                    case SliceOutcome.Paused paused:
                        await Task.Delay(TimeSpan.FromTicks(Math.Clamp((paused.Until - DateTimeOffset.UtcNow).Ticks, 0, TimeSpan.TicksPerSecond)), Stop);
                        break;
                    case SliceOutcome.Failed { IsTransient: true }:
                        break;
                    default:
                        return SliceResult.From(dataset, outcome);
                }
            }
            catch (CrashException)
            {
                // The process is gone; its successor executes the slice again.
            }
        }

        throw new InvalidOperationException($"{dataset} never ended.");
    }

    /// <summary>The provider, with the test in between.</summary>
    private sealed class WatchedProvider(IAccountingProvider inner, SuiteStage stage) : IAccountingProvider, IBooksReader
    {
        public string Key => inner.Key;

        public string Name => inner.Name;

        public bool IsConfigured => inner.IsConfigured;

        public IReadOnlyList<Dataset> Datasets => inner.Datasets;

        public IReadOnlySet<Capability> Capabilities => inner.Capabilities;

        public int MaxConcurrentCalls => inner.MaxConcurrentCalls;

        public IProviderAuthorization Authorization => inner.Authorization;

        public IBooksReader Books => this;

        public ILedgerMapping Ledger => inner.Ledger;

        public async Task<PageOutcome> ReadPageAsync(Books books, Dataset dataset, PageRequest request, CancellationToken cancellationToken)
        {
            stage.Reads++;
            return stage.Before?.Invoke(dataset) ?? await inner.Books.ReadPageAsync(books, dataset, request, cancellationToken);
        }

        public async Task<PageOutcome> CountAsync(Books books, Dataset dataset, CallPriority priority, CancellationToken cancellationToken) =>
            stage.Before?.Invoke(dataset) ?? await inner.Books.CountAsync(books, dataset, priority, cancellationToken);

        public Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken) => inner.Books.HeadroomAsync(organisation, cancellationToken);
    }
}
