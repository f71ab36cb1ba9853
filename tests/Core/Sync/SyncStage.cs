using DataHealth.Core.Ledger;
using DataHealth.Core.Operations;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Sync;

/// <summary>One client, one scripted provider, real tables, and an orchestration in a few lines.</summary>
internal sealed class SyncStage : IConnectedBooks
{
    /// <param name="azurite">Where everything is.</param>
    /// <param name="options">What is set otherwise.</param>
    /// <param name="reached">How it is reached, where something stands between.</param>
    public SyncStage(AzuriteFixture azurite, Action<SyncOptions>? options = null, string? reached = null)
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        Provider = new ScriptedBooks(Clock);
        Client = ClientId.New(Clock);
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IAccountingProvider>(Provider)
            .AddSingleton<ProviderCatalog>()
            .AddSingleton<IConnectedBooks>(this)
            .AddSingleton<AppStorage>()
            .AddSync()
            .AddOperations();
        services.Configure<StorageOptions>(storage =>
        {
            storage.ConnectionString = reached ?? azurite.ConnectionString;
            storage.TablePrefix = Azurite.NewPrefix();
        });
        services.Configure<SyncOptions>(sync =>
        {
            sync.PageSize = 10;
            sync.RecordsPerBucket = 100;
            options?.Invoke(sync);
        });
        Services = services.BuildServiceProvider();
    }

    /// <summary>A stage whose provider has so many invoices, made half an hour ago; their ids are their numbers, four digits long.</summary>
    public static SyncStage WithInvoices(AzuriteFixture azurite, int records)
    {
        var stage = new SyncStage(azurite);
        stage.Provider.With("invoices");
        for (var n = 0; n < records; n++)
            stage.Provider.Put("invoices", $"{n:D4}", $$"""{"v":1,"n":{{n}}}""");
        stage.Clock.Advance(TimeSpan.FromMinutes(30));
        return stage;
    }

    public FakeTimeProvider Clock { get; }

    public ScriptedBooks Provider { get; }

    public ClientId Client { get; }

    public ServiceProvider Services { get; }

    public bool IsConnected { get; set; } = true;

    public List<ProviderFault> Lost { get; } = [];

    public LedgerStore Ledger => Get<LedgerStore>();

    /// <summary>Which organisation the client is connected to.</summary>
    public OrganisationId Organisation { get; set; } = new("scripted", "org");

    public RunStore Runs => Get<RunStore>();

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task<ConnectedClient?> FindAsync(ClientId client, CancellationToken cancellationToken) =>
        Task.FromResult(IsConnected ? new ConnectedClient(client, new PracticeId("practice"), new Books(Organisation, new GrantId("scripted-1")), default) : null);

    public Task LostAsync(ClientId client, Books books, ProviderFault fault, CancellationToken cancellationToken)
    {
        Lost.Add(fault);
        IsConnected = false;
        return Task.CompletedTask;
    }

    /// <summary>A new executor of slices, as another process would have.</summary>
    public RunSlice NewSlice(Func<SlicePlace, Task>? reached = null)
    {
        var slice = ActivatorUtilities.CreateInstance<RunSlice>(Services);
        slice.Reached = reached;
        return slice;
    }

    public async Task<RunId> StartAsync(RunTrigger trigger = RunTrigger.Person)
    {
        var ticket = await Get<RequestSync>().ExecuteAsync(Client, trigger, Stop);
        ticket.MustStart.ShouldBeTrue();
        await Get<PlanRun>().ExecuteAsync(Client, ticket.RunId!.Value, Stop);
        return ticket.RunId!.Value;
    }

    /// <summary>A whole sync; thrown "crashes" are taken for a killed process, and the slice is executed again.</summary>
    public async Task<RunRecord> SyncAsync(RunTrigger trigger = RunTrigger.Person, Func<SlicePlace, Task>? reached = null, int? maxCalls = null, bool finishOnly = true)
    {
        var ticket = await Get<RequestSync>().ExecuteAsync(Client, trigger, Stop);
        return await CarryOnAsync(ticket.RunId!.Value, reached, maxCalls);
    }

    /// <summary>Does what the orchestration of a claimed run does, to its end.</summary>
    public async Task<RunRecord> CarryOnAsync(RunId run, Func<SlicePlace, Task>? reached = null, int? maxCalls = null)
    {
        for (var round = 0; round < 5; round++)
        {
            var plan = await Get<PlanRun>().ExecuteAsync(Client, run, Stop);
            var results = new List<SliceResult>();
            foreach (var dataset in plan.Datasets)
                results.Add(await CarryAsync(run, dataset, reached, maxCalls));
            if ((await Get<FinishRun>().ExecuteAsync(Client, run, results, null, null, Stop)).State != FinishState.OneMorePass)
                break;
        }
        return (await Runs.FindAsync(Client, run, Stop))!;
    }

    public async Task<SliceResult> CarryAsync(RunId run, string dataset, Func<SlicePlace, Task>? reached = null, int? maxCalls = null)
    {
        for (var turn = 0; turn < 500; turn++)
        {
            try
            {
                var outcome = await NewSlice(reached).ExecuteAsync(new SliceRequest(Client, run, dataset, MaxCalls: maxCalls), Stop);
                if (outcome is not SliceOutcome.More)
                    return SliceResult.From(dataset, outcome);
            }
            catch (CrashException)
            {
                // The process is gone; its successor executes the slice again.
            }
        }
        throw new InvalidOperationException($"{dataset} never ended.");
    }

    public async Task<Dictionary<string, StoredRecord>> CopyAsync(string dataset)
    {
        var copy = new Dictionary<string, StoredRecord>(StringComparer.Ordinal);
        await foreach (var record in Ledger.StreamAsync(Client, dataset, Stop))
            copy.Add(record.Id, record);
        return copy;
    }

    /// <summary>The copy holds what the provider holds, byte for byte, nothing twice, and counts it rightly; what is gone there is marked here.</summary>
    public async Task ShouldEqualTheProviderAsync(string dataset)
    {
        var copy = await CopyAsync(dataset);
        var truth = Provider.Truth(dataset);
        string Line(string id, string content, bool isDeleted) => $"{id} {(isDeleted ? "deleted " : "")}{content}";
        copy.Values.Where(record => record.Deletion != Deletion.ByAbsence).Select(record => Line(record.Id, System.Text.Encoding.UTF8.GetString(record.Json.Span), record.IsDeleted)).Order(StringComparer.Ordinal)
            .ShouldBe(truth.Select(item => Line(item.Key, item.Value.Content, item.Value.IsDeleted)).Order(StringComparer.Ordinal));
        var count = (await Ledger.CountsAsync(Client, Stop)).Single(one => one.Dataset == dataset);
        count.Listed.ShouldBe(truth.Count);
        count.Held.ShouldBe(truth.Count(item => !item.Value.IsDeleted));
    }
}

/// <summary>Stands for a killed process.</summary>
internal sealed class CrashException : Exception;
