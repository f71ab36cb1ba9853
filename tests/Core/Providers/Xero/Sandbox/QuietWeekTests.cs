using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Providers.Xero.Sandbox;

/// <summary>What books in which nothing happens cost (issue 3, must show 5): counted in the sandbox's log, over real weeks of the schedule's clock.</summary>
public sealed class QuietWeekTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Days = 21;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // One page for most datasets, and many for those that people fill.
    [Theory]
    [InlineData(400, 1000, Traits = ["Run", "Long"])]
    [InlineData(2000, 40, Traits = ["Run", "Long"])]
    public async Task A_quiet_day_takes_at_most_24_calls_on_the_average_of_its_weeks(int records, int pageSize)
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite, app => app.PageSize = pageSize, records: records);
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var services = Services(xero, clock);
        var client = ClientId.New(clock);
        var calls = new List<int>();
        for (var day = 0; day <= Days; day++)
        {
            var before = xero.Server.Calls.Find(new CallFilter(xero.Organisation.TenantId)).Count;
            await SyncAsync(services, client);
            calls.Add(xero.Server.Calls.Find(new CallFilter(xero.Organisation.TenantId)).Count - before);
            clock.Advance(TimeSpan.FromDays(1));
        }

        output.WriteLine($"{records} records, {pageSize} on a page: the first sync {calls[0]} calls, then {string.Join(' ', calls.Skip(1))}");
        // A full pass of a large dataset comes every other week or more seldom, on a day drawn by the client's id: two of them can meet in one week, but not in all.
        calls.Skip(1).Average().ShouldBeLessThanOrEqualTo(24);
        foreach (var week in Enumerable.Range(1, Days - 6))
            calls.Skip(week).Take(7).Average().ShouldBeLessThanOrEqualTo(30, $"days {week} to {week + 6}");
    }

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

    private ServiceProvider Services(SandboxXero xero, TimeProvider clock)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(clock)
            .AddSingleton<IAccountingProvider>(xero.Provider)
            .AddSingleton<ProviderCatalog>()
            .AddSingleton<IConnectedBooks>(new Connected(xero.Books))
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
