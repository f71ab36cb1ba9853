using Azure.Data.Tables;
using Azure.Storage.Blobs;
using DataHealth.EndToEnd.Tests.Deletion;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Backup;

/// <summary>Backup, wipe, restore, by the command line as a process, on a running product (issue 7, must show 4).</summary>
public sealed class BackupStoryTests(AzuriteFixture azurite, ITestOutputHelper output) : IDisposable
{
    private const int DaySeconds = 60;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    // Indexes that are made anew, what is left out on purpose, what the deletion changes, and where a lease was.
    private static readonly string[] Different = ["openruns", "due", "grantsdue", "limits", "retention", "overviewmarks", "healthshares", "healthwishes", "supportaccess", "mappedbooks", "deletions"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("datahealth-backup-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task After_a_backup_a_wipe_and_a_restore_everything_is_equal_who_was_deleted_stays_deleted_and_a_run_goes_on_from_its_checkpoints()
    {
        await using var product = await RunningProduct.StartAsync(
            new ProductOptions
            {
                Azurite = azurite,
                Sandbox = new SandboxOptions { Limits = ProductOptions.NoLimits with { DaySeconds = DaySeconds } },
                Settings = new Dictionary<string, string>
                {
                    ["Xero__DayWindow"] = $"{TimeSpan.FromSeconds(DaySeconds):c}",
                    ["Xero__DayReserve"] = "0",
                    ["Xero__LongestWait"] = "00:00:01",
                    ["Sync__AbandonedAfter"] = "00:00:05",
                    ["SweepSchedule"] = "*/3 * * * * *",
                },
            },
            Cancelled);
        var operations = new OperationsProcess(azurite, product.Prefix);
        var (quiet, leaving, paused) = (await product.NewOrganisationAsync("300", 71, Cancelled), await product.NewOrganisationAsync("100", 72, Cancelled), await product.NewOrganisationAsync("4000", 73, Cancelled));
        product.Limit(paused, new TenantLimits { Day = 3 });
        var (quietClient, leavingClient) = (await product.ConnectedClientAsync(quiet, Cancelled), await product.ConnectedClientAsync(leaving, Cancelled));
        foreach (var client in (string[])[quietClient, leavingClient])
        {
            (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
            await RunningProduct.SettledAsync(product.Practice, client, Within, Cancelled);
        }
        var score = await product.Practice.GetAsync($"clients/{quietClient}/health", Cancelled);
        var pausedClient = await product.ConnectedClientAsync(paused, Cancelled);
        await product.Practice.WaitForRunAsync(pausedClient, "the run has paused", run => new Run(run).State == "paused", Within, Cancelled);

        // While the product runs. The first one is killed in the middle.
        var full = Path.Combine(_folder.FullName, "full");
        var container = new BlobContainerClient(azurite.ConnectionString, Azurite.NewPrefix());
        await container.CreateAsync(cancellationToken: Cancelled);
        var later = $"container:{container.Name}/deletions";
        (await operations.RunAsync("ledger", Cancelled, "backup", full)).Code.ShouldNotBe(0);
        var half = await operations.RunAsync(Cancelled, "verify", full);
        (half.Code, half.Error).ShouldBe((1, half.Error), half.Error);
        half.Error.ShouldContain("broken off");
        var before = await RowsAsync(product);
        var made = await operations.RunAsync(Cancelled, "backup", full);
        made.Code.ShouldBe(0, made.Error);
        var after = await RowsAsync(product);
        (await operations.RunAsync(Cancelled, "verify", full)).Code.ShouldBe(0);
        output.WriteLine(made.Output);

        var deletion = await DeletionKillTests.DeleteAsync(product, leavingClient, leaving);
        await Eventually.TrueAsync("the deletion is done", async () => await DeletionKillTests.StateAsync(product, deletion) == "done", Within, Cancelled);
        (await operations.RunAsync(Cancelled, "backup-deletions", later)).Code.ShouldBe(0);
        product.Functions[0].Kill();
        var refused = await operations.RunAsync(Cancelled, "restore", full, "--deleted", later);
        (refused.Code, refused.Output).ShouldBe((1, ""));
        refused.Error.ShouldContain("not empty");
        await WipeAsync(product);

        // Killed in the middle, and run again.
        (await operations.RunAsync("ledger", Cancelled, "restore", full, "--deleted", later)).Code.ShouldNotBe(0);
        var restored = await operations.RunAsync(Cancelled, "restore", full, "--deleted", later);
        restored.Code.ShouldBe(0, restored.Error);
        output.WriteLine(restored.Output);
        restored.Output.ShouldContain("1 deletions are carried out again");

        // What stood still while it was copied is there as it was, row by row.
        var now = await RowsAsync(product);
        var still = before.Where(row => after.TryGetValue(row.Key, out var same) && same == row.Value && !Different.Contains(row.Key.Table)).ToDictionary();
        foreach (var (key, row) in still.Where(row => row.Key.Row is not ("lease" or "~fence") && !(row.Key.Table == "clients" && row.Key.Row == leavingClient)))
            now.GetValueOrDefault(key).ShouldBe(row, key.ToString());
        foreach (var table in (string[])["ledger", "runs", "runevents", "connections", "health", "healthpractices", "syncstate", "clients", "practices", "people", "audit", "grants", "overview", "costs"])
            still.Keys.ShouldContain(key => key.Table == table, table);
        now.Keys.ShouldNotContain(key => key.Row == "lease" || key.Row == "~fence");
        output.WriteLine($"{still.Count} rows equal");

        // The day at the provider has room again; the task hub is an empty one.
        product.Limit(paused, new TenantLimits { Day = 100_000 });
        await product.Functions[0].StartAsync(Cancelled);
        await Eventually.TrueAsync("the deletion is done again", async () => await DeletionKillTests.StateAsync(product, deletion) == "done", Within, Cancelled);
        (await ClientTracks.OfAsync(product, [leavingClient, leaving.TenantId, leaving.Name], Cancelled)).ShouldBeEmpty();
        var run = (await product.EndAsync(pausedClient, Within, Cancelled)).ShouldHaveSucceeded();
        output.WriteLine(string.Join(' ', run.Timeline));
        (await new BooksComparison(product).CompareAsync(pausedClient, paused, afterFullPass: true, Cancelled)).ShouldBeEqual();
        (await new BooksComparison(product).CompareAsync(quietClient, quiet, afterFullPass: true, Cancelled)).ShouldBeEqual();
        (await product.Practice.GetAsync($"clients/{quietClient}/health", Cancelled)).GetRawText().ShouldBe(score.GetRawText());
        (await product.SyncAsync(quietClient, Within, Cancelled)).ShouldHaveSucceeded();
    }

    private static async Task<Dictionary<(string Table, string Partition, string Row), string>> RowsAsync(RunningProduct product)
    {
        Dictionary<(string, string, string), string> rows = [];
        await foreach (var (service, table) in TablesAsync(product, withHub: false))
        {
            await foreach (var row in service.GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: Cancelled))
            {
                rows[(table[product.Prefix.Length..], row.PartitionKey, row.RowKey)] = string.Join('\n', row.Where(pair => pair.Key is not ("odata.etag" or "Timestamp")).OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => $"{pair.Key}={pair.Value?.GetType().Name} {(pair.Value is byte[] bytes ? Convert.ToBase64String(bytes) : pair.Value)}"));
            }
        }
        return rows;
    }

    private static async Task WipeAsync(RunningProduct product)
    {
        List<(TableServiceClient Service, string Table)> tables = [];
        await foreach (var table in TablesAsync(product, withHub: true))
            tables.Add(table);
        tables.Count.ShouldBeGreaterThan(30);
        foreach (var (service, table) in tables)
            await service.DeleteTableAsync(table, Cancelled);
    }

    private static async IAsyncEnumerable<(TableServiceClient Service, string Table)> TablesAsync(RunningProduct product, bool withHub)
    {
        var service = new TableServiceClient(product.Azurite.ConnectionString);
        await foreach (var table in service.QueryAsync(cancellationToken: Cancelled))
        {
            var isHub = table.Name.StartsWith(product.Prefix + "hub", StringComparison.OrdinalIgnoreCase);
            if (table.Name.StartsWith(product.Prefix, StringComparison.OrdinalIgnoreCase) && (withHub || !isHub))
                yield return (service, table.Name);
        }
    }
}
