using System.Diagnostics;
using Azure.Data.Tables;
using DataHealth.Core;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Tests;

/// <summary>A practice of 5,000 clients (issue 4, must show 2).</summary>
[TakesLong]
public sealed class LargePracticeTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Clients = 5_000;

    // No timer asks storage for anything meanwhile.
    private static readonly string[] Schedules =
        ["TendSchedule", "DueSyncSchedule", "SweepSchedule", "KeepAliveSchedule", "DigestSchedule", "WebhookDrainSchedule", "RetentionSchedule"];

    // Who asks is remembered for some seconds, for all pages alike; the hub is the durable engine's.
    private static readonly string[] NotOfThePage = ["hub", "people", "practices", "supportaccess"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static MemberId Manager(int number) => new($"{number:x32}");

    [Fact]
    public async Task A_page_of_5000_clients_takes_at_most_six_storage_requests_whatever_is_asked()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, [.. Schedules.Select(schedule => (schedule, "0 0 0 1 1 *"))]);
        var storage = StorageOf(application);
        await SeedAsync(storage, new ClientId(await application.Practice.AddClientAsync("The first of many", Cancelled)));
        using var requests = new StorageRequests(application.Prefix);
        (string What, string Path)[] lists =
        [
            ("by name", "clients?take=50"), ("stalest first", "clients?take=50&sort=stalest"), ("failed", "clients?take=50&syncFailed=true"),
            ("reconnect needed, freshest first", "clients?take=50&connection=reconnectNeeded&sort=freshest"), ("a manager's", $"clients?take=50&manager={Manager(3)}"),
            ("old syncs", "clients?take=50&lastSyncBefore=2026-11-20T00:00:00Z"), ("search, many found", "clients?take=50&q=trad"), ("search, one found", "clients?take=50&q=4711"),
            ("search, none found", "clients?take=50&q=nobody"), ("favourites, none", "clients?take=50&favourites=true"), ("connections", "connections?take=50&standing=mismatch"),
        ];
        List<(string What, double Milliseconds, int Requests)> seen = [];
        bool IsOfThePage(string sent) => !NotOfThePage.Any(table => sent.Contains(application.Prefix + table, StringComparison.Ordinal));
        foreach (var (what, path) in lists)
        {
            for (var round = 0; round < 4; round++)
            {
                requests.Take();
                var watch = Stopwatch.StartNew();
                await application.Practice.GetAsync(path, Cancelled);
                seen.Add((what, watch.Elapsed.TotalMilliseconds, requests.Take().Count(IsOfThePage)));
            }
        }

        foreach (var list in seen.GroupBy(one => one.What))
            output.WriteLine($"{list.Key}: {list.Max(one => one.Requests)} storage requests, p95 {P95([.. list.Select(one => one.Milliseconds)]):0} ms");
        output.WriteLine($"All {seen.Count} pages of {Clients} clients: p95 {P95([.. seen.Select(one => one.Milliseconds)]):0} ms");
        seen.ShouldAllBe(one => one.Requests >= 1 && one.Requests <= 6);
        seen.Where(one => one.What is "by name" or "stalest first" or "failed" or "a manager's").ShouldAllBe(one => one.Requests == 2);

        var all = 0;
        for (string? continuation = ""; continuation is not null;)
        {
            var page = await application.Practice.GetAsync("clients?take=500" + (continuation.Length > 0 ? $"&continuation={continuation}" : ""), Cancelled);
            all += page.GetProperty("items").GetArrayLength();
            continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
        }
        all.ShouldBe(Clients + 1);
        (await application.Practice.GetAsync("connections/counts", Cancelled)).GetProperty("clients").EnumerateObject().Sum(count => count.Value.GetInt32()).ShouldBe(Clients + 1);
    }

    [Fact]
    public async Task The_due_index_picks_the_next_500_of_5000_without_a_scan()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("DueSyncSchedule", "0 0 0 1 1 *"));
        var storage = StorageOf(application);
        var due = new DueClients(storage, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var expected = await SeedDueAsync(storage, now);
        using var requests = new StorageRequests(application.Prefix);
        List<double> times = [];
        for (var round = 0; round < 10; round++)
        {
            requests.Take();
            var watch = Stopwatch.StartNew();
            var taken = await due.TakeAsync(500, Cancelled);
            times.Add(watch.Elapsed.TotalMilliseconds);

            taken.Select(one => one.Client).ShouldBe(expected);
            requests.Take().Count(sent => sent.Contains("due", StringComparison.Ordinal)).ShouldBe(1);
        }
        output.WriteLine($"The next 500 of {Clients} due clients: 1 storage request, p95 {P95(times):0} ms");
    }

    private static double P95(List<double> values) => values.Order().ElementAt((int)Math.Ceiling(values.Count * 0.95) - 1);

    private AppStorage StorageOf(TestApplication application) =>
        new(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = application.Prefix }));

    private static async Task SeedAsync(AppStorage storage, ClientId first)
    {
        var rows = new SummaryRows(storage);
        var table = await rows.TableAsync(Cancelled);
        var practice = default(PracticeId);
        await foreach (var row in table.QueryAsync<TableEntity>($"RowKey eq '{SummaryRows.OwnPrefix}{first}'", cancellationToken: Cancelled))
            practice = new PracticeId(row.PartitionKey);
        var random = new Random(5);
        var now = new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
        var summaries = Enumerable.Range(1, Clients).Select(number => new ClientSummary
        {
            Client = ClientId.New(TimeProvider.System),
            Practice = practice,
            Name = $"{(number % 3 == 0 ? "Trading" : "Holdings")} {(char)('A' + (number % 26))}{number:x} number {number}",
            CreatedAt = now,
            Manager = Manager(number % 12),
            State = (ConnectionState)((int[])[0, 2, 2, 2, 2, 2, 2, 3, 5])[random.Next(9)],
            Organisation = new OrganisationId("xero", Guid.NewGuid().ToString()),
            OrganisationName = $"Organisation {number}",
            AuthorisedBy = new MemberId("m1"),
            AuthorisedByName = "Mara Lindt",
            IsMismatch = random.Next(50) == 0,
            LastSyncAt = now.AddMinutes(-random.Next(40_000)),
            Run = RunState.Finished,
            Outcome = random.Next(20) == 0 ? RunOutcome.Failed : RunOutcome.Succeeded,
        });
        await Parallel.ForEachAsync(summaries.SelectMany(SummaryRows.New).Chunk(100), Cancelled, async (batch, cancellationToken) =>
            await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken));
    }

    private static async Task<IReadOnlyList<ClientId>> SeedDueAsync(AppStorage storage, DateTimeOffset now)
    {
        var table = await storage.TableAsync("due", Cancelled);
        var places = Enumerable.Range(0, Clients).Select(number => (Client: ClientId.New(TimeProvider.System), Due: now.AddSeconds((number * 7 % Clients) - 3_000))).ToList();
        var rows = places.SelectMany(place => (TableEntity[])
        [
            new("due", $"{place.Due.UtcTicks:D19}|{place.Client}"),
            new("due", $"~client|{place.Client}") { ["Place"] = $"{place.Due.UtcTicks:D19}|{place.Client}" },
        ]);
        await Parallel.ForEachAsync(rows.Chunk(100), Cancelled, async (batch, cancellationToken) =>
            await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken));
        return [.. places.OrderBy(place => place.Due).Take(500).Select(place => place.Client)];
    }
}
