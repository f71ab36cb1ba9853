using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Providers.Suite;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Providers.QuickBooks.Sandbox;

/// <summary>What a first sync and books in which nothing happens cost (issue 5, must show 2): counted in the sandbox's log, over weeks of the schedule's clock. We send no batches, so a request is a read.</summary>
public sealed class QuietWeekTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Days = 21;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500, Traits = ["Run", "Long"])]
    [InlineData(6_000, Traits = ["Run", "Long"])]
    public async Task A_first_sync_takes_its_pages_and_twenty_calls_and_a_quiet_day_eight_on_the_average_of_every_week(int records)
    {
        await using var company = await QuickBooksUnderTest.StartAsync(new(), records);
        await using var stage = await SuiteStage.ConnectAsync(company, azurite, ("QuickBooks:PageSize", "1000"));
        var books = (await stage.ConnectionAsync()).Books!;
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var services = Services(stage.Get<ProviderCatalog>().Get(company.Key), books, clock);
        var client = ClientId.New(clock);
        List<int> calls = [];
        for (var day = 0; day <= Days; day++)
        {
            var before = day == 0 ? 0 : Calls(company);
            await SyncAsync(services, client);
            calls.Add(Calls(company) - before);
            clock.Advance(TimeSpan.FromDays(1));
        }

        var truth = company.Truth();
        var pages = truth.Values.Sum(dataset => (dataset.Count + 999) / 1000);
        output.WriteLine($"{truth.Values.Sum(dataset => dataset.Count)} records, {pages} pages: connecting and the first sync {calls[0]} calls, then {string.Join(' ', calls.Skip(1))}");
        calls[0].ShouldBeLessThanOrEqualTo(pages + 20);
        foreach (var week in Enumerable.Range(1, Days - 6))
            calls.Skip(week).Take(7).Average().ShouldBeLessThanOrEqualTo(8, $"days {week} to {week + 6}");
    }

    private static int Calls(QuickBooksUnderTest company) => company.Server.Calls.Find(new CallFilter()).Count(call => call.Path.Contains("/v3/company/", StringComparison.Ordinal));

    private static async Task SyncAsync(ServiceProvider services, ClientId client)
    {
        var run = (await services.GetRequiredService<RequestSync>().ExecuteAsync(client, RunTrigger.Scheduled, Cancelled)).RunId!.Value;
        var plan = await services.GetRequiredService<PlanRun>().ExecuteAsync(client, run, Cancelled);
        var results = new List<SliceResult>();
        foreach (var dataset in plan.Datasets)
        {
            SliceOutcome outcome;
            do
                outcome = await services.GetRequiredService<RunSlice>().ExecuteAsync(new SliceRequest(client, run, dataset), Cancelled);
            while (outcome is SliceOutcome.More);
            results.Add(SliceResult.From(dataset, outcome));
        }
        (await services.GetRequiredService<FinishRun>().ExecuteAsync(client, run, results, null, null, Cancelled)).Outcome.ShouldBe(RunOutcome.Succeeded);
    }

    private ServiceProvider Services(IAccountingProvider provider, Books books, TimeProvider clock)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(clock)
            .AddSingleton(provider)
            .AddSingleton<ProviderCatalog>()
            .AddSingleton<IConnectedBooks>(new Connected(books))
            .AddSingleton<AppStorage>()
            .AddSync();
        services.Configure<StorageOptions>(storage => (storage.ConnectionString, storage.TablePrefix) = (azurite.ConnectionString, Azurite.NewPrefix()));
        return services.BuildServiceProvider();
    }

    private sealed class Connected(Books books) : IConnectedBooks
    {
        public Task<ConnectedClient?> FindAsync(ClientId client, CancellationToken cancellationToken) =>
            Task.FromResult<ConnectedClient?>(new ConnectedClient(client, new PracticeId("practice"), books, default));

        public Task LostAsync(ClientId client, Books books, ProviderFault fault, CancellationToken cancellationToken) => throw new InvalidOperationException(fault.Technical);
    }
}
