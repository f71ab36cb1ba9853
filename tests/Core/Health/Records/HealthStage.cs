using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Ledger;
using DataHealth.Core.Storage;
using DataHealth.Core.Tests.Clients.Overview;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health.Records;

/// <summary>A client whose books a test writes down, real tables, a fake clock.</summary>
internal sealed class HealthStage : IClientBooks, IAsyncDisposable
{
    public static readonly HealthRequest March = new() { Period = Period.MonthOf(Day), ReportingDate = Day };

    private HealthStage(AzuriteFixture azurite)
    {
        World = new World(azurite);
        Process = NewProcess();
    }

    public World World { get; }

    public Running Process { get; }

    public ClientId Client { get; private set; }

    /// <summary>What the books hold; null: never connected.</summary>
    public IReadOnlyList<LedgerRecord>? Records { get; set; } = Written();

    /// <summary>A copy to be judged in place of them.</summary>
    public ILedgerReader? Copy { get; set; }

    /// <summary>Whose they are.</summary>
    public string Organisation { get; set; } = "xero:alder";

    public Running NewProcess() => World.WithOverview(services => services.AddHealth().AddSingleton<IClientBooks>(this));

    public static async Task<HealthStage> StartAsync(AzuriteFixture azurite)
    {
        var stage = new HealthStage(azurite);
        stage.Client = await stage.Process.AddClientAsync(stage.World.Ann, "Alder Ltd");
        return stage;
    }

    /// <summary>Two contacts that are one, entries that are not reconciled, no default account for anybody.</summary>
    public static List<LedgerRecord> Written() =>
    [
        Firm, Bank, Sales, DirectCosts,
        Contact("A", "Alder Ltd"), Contact("A2", "Alder Limited"), Contact("B", "Birch"),
        Bill("1", "A", 120m), Bill("2", "B", 80m),
        .. Enumerable.Range(0, 6).Select(number => Entry($"E{number}", Day.AddDays(-number - 3), 10m + number) with { IsReconciled = number > 1 }),
    ];

    public Task<ILedgerReader?> OpenAsync(ClientId client, CancellationToken cancellationToken) => Task.FromResult(Copy ?? (Records is { } records ? new ListedBook(records) { Organisation = Organisation } : null));

    public async Task<RecalculateOutcome> RecalculateAsync(Running? process = null, Func<HealthPlace, Task>? reached = null, HealthRequest? request = null)
    {
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        var recalculate = (process ?? Process).Get<RecalculateHealth>();
        recalculate.Reached = reached;
        return await recalculate.ExecuteAsync(Client, request ?? March, Running.Cancellation);
    }

    /// <summary>Somebody has pressed Delete.</summary>
    public async Task MarkForDeletionAsync() =>
        (await Process.Get<RequestDeletion>().ExecuteAsync(World.Ann, Client, DeletionKind.Client, "Alder Ltd", Running.Cancellation)).ShouldBeOfType<DeletionOutcome.UnderWay>();

    public async Task<JudgedHealth> ReadAsync(Running? process = null) => (await (process ?? Process).Get<ReadHealth>().ExecuteAsync(Client, World.Ann.Practice, Running.Cancellation))!;

    public async Task<decimal> ScoreAsync() => (await ReadAsync()).Score()!.Exact;

    public async Task<NoteOutcome.Done> DismissAsync(params string[] ids) => (await Process.Get<DismissFindings>()
        .DismissAsync(World.Ann, Client, new FindingSelection { Ids = ids }, "As it should be.", Running.Cancellation)).ShouldBeOfType<NoteOutcome.Done>();

    public async Task<List<string>> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var row in (await Process.Get<AppStorage>().TableAsync(HealthKeys.Table, Running.Cancellation)).QueryAsync<TableEntity>(HealthKeys.Range(Client, prefix), select: ["RowKey"]))
            keys.Add(row.RowKey);
        return keys;
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
