using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.History;
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

    private HealthStage(AzuriteFixture azurite, string? storage)
    {
        World = new World(azurite, storage);
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

    /// <param name="azurite">Where everything is.</param>
    /// <param name="storage">How the processes reach it, where something stands between.</param>
    public static async Task<HealthStage> StartAsync(AzuriteFixture azurite, string? storage = null)
    {
        var stage = new HealthStage(azurite, storage);
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

    public async Task<Recomputation> AskForHistoryAsync(IReadOnlyList<DateOnly> days) =>
        (await Process.Get<RequestRecomputation>().ExecuteAsync(World.Ann, Client, days, Running.Cancellation)).ShouldBeOfType<RecomputationOutcome.Accepted>().Asked;

    public async Task FinishHistoryAsync(Running? process = null)
    {
        var recompute = (process ?? Process).Get<RecomputeHistory>();
        for (var step = 0; await recompute.NextAsync(Client, Running.Cancellation) is not RecomputationStep.Over; step++)
            step.ShouldBeLessThan(100, "it comes to an end");
    }

    public Task<List<RecomputedPoint>> RecomputedAsync() =>
        Process.Get<RecomputationStore>().PointsAsync(Client, DateOnly.MinValue, DateOnly.MaxValue, Running.Cancellation).ToListAsync(Running.Cancellation).AsTask();

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
