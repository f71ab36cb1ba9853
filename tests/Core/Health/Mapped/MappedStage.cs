using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Health.Mapped;

/// <summary>A scripted provider's books, copied by real syncs, and what is kept of them.</summary>
internal sealed class MappedStage : ILedgerMapping
{
    /// <summary>Books as small as these would be read whole whatever changed: here what changed is always looked up.</summary>
    public static readonly MappedLimits Looks = new() { FewRecords = 0, RecordsPerLook = 0 };

    public MappedStage(AzuriteFixture azurite, int contacts = 30, int changeRowsKept = 1000, string? reached = null)
    {
        Sync = new SyncStage(azurite, options => (options.PageSize, options.RecordsPerBucket, options.ChangeRowsKept) = (100, 100, changeRowsKept), reached);
        Sync.Provider.PageSize = 100;
        Sync.Provider.Mapping = this;
        Sync.Provider.With("organisation", dataset => dataset with { Parts = [LedgerPart.Organisation] });
        Sync.Provider.With("contacts", dataset => dataset with { Parts = [LedgerPart.Contacts] });
        Sync.Provider.With("bills", dataset => dataset with { Parts = [LedgerPart.Documents] });
        Sync.Provider.Put("organisation", "firm", """{"name":"Firm"}""");
        for (var number = 0; number < contacts; number++)
        {
            Sync.Provider.Put("contacts", $"c{number}", $$"""{"name":"Contact {{number}}"}""");
            Sync.Provider.Put("bills", $"b{number}", $$"""{"name":"Contact {{number}}","gross":{{number}}.50}""");
        }
        Sync.Clock.Advance(TimeSpan.FromMinutes(30));
        Store = NewStore(Looks);
    }

    public SyncStage Sync { get; }

    public MappedBooks Store { get; set; }

    public MappedBooks NewStore(MappedLimits limits) => new(Sync.Get<AppStorage>(), Sync.Get<IOptions<SyncOptions>>(), NullLogger<MappedBooks>.Instance) { Limits = limits };

    public LedgerStoreReader Rows => new(Sync.Ledger, Sync.Provider, Sync.Client);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task SyncAsync()
    {
        Sync.Clock.Advance(TimeSpan.FromHours(1));
        (await Sync.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
    }

    /// <summary>One pass, which must give what the rows hold.</summary>
    /// <returns>The datasets that it read whole.</returns>
    public async Task<IReadOnlyList<string>> PassAsync(Func<HealthPlace, Task>? reached = null, Func<Task>? meanwhile = null)
    {
        var pass = (await Store.BeginAsync(Rows, reached, Stop))!;
        await pass.OpenAsync(Stop);
        var truth = await TextAsync(Rows);
        if (meanwhile is not null)
            await meanwhile();
        pass.Keep();
        var read = await TextAsync(pass.Books);
        if (meanwhile is null)
            read.ShouldBe(truth);
        await pass.SaveAsync(Stop);
        return [.. pass.ReadWhole];
    }

    /// <summary>Every record of all parts, as text and in order.</summary>
    public static async Task<List<string>> TextAsync(LedgerStoreReader books) =>
        [.. (await books.ReadAsync(Enum.GetValues<LedgerPart>().ToHashSet(), Stop).ToListAsync(Stop)).Select(record => $"{record.GetType().Name} {JsonSerializer.Serialize(record, record.GetType())}").Order(StringComparer.Ordinal)];

    public async Task<List<TableEntity>> KeptAsync(string prefix = "") =>
        await (await TableAsync()).QueryAsync<TableEntity>(HealthKeys.Range(Sync.Client, prefix)).Where(row => row.RowKey != FencedPartition.FenceKey).ToListAsync(Stop);

    public async Task<MappedIndex> IndexAsync()
    {
        await foreach (var (_, json) in PackedJson.ReadAsync(await TableAsync(), Sync.Client, MappedBooks.IndexKey, Stop))
            return JsonSerializer.Deserialize<MappedIndex>(json.Span)!;
        throw new InvalidOperationException("Nothing is kept.");
    }

    public Task<TableClient> TableAsync() => Sync.Get<AppStorage>().TableAsync(MappedBooks.Table, Stop);

    public IReadOnlyList<LedgerRecord> Map(Dataset dataset, string id, ReadOnlySpan<byte> json)
    {
        var body = JsonNode.Parse(json)!;
        var name = (string?)body["name"];
        return dataset.Name switch
        {
            "organisation" => [new Organisation { Id = id, Name = name, BaseCurrency = "GBP" }],
            "contacts" => [new LedgerContact { Id = id, Name = name, Activity = LedgerActivity.Active }],
            // Two records of one, as some providers' datasets give.
            _ =>
            [
                SmallBooks.Bill(id, name ?? "", body["gross"]?.GetValue<decimal>() ?? 0m),
                SmallBooks.Entry($"{id}-entry", SmallBooks.Day, body["gross"]?.GetValue<decimal>() ?? 0m),
            ],
        };
    }
}
