using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Costs;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Clients.Overview;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Costs;

public sealed class CostLedgerTests : IAsyncLifetime
{
    private readonly World _world;
    private readonly Running _process;
    private ClientId _client;

    public CostLedgerTests(AzuriteFixture azurite)
    {
        _world = new World(azurite);
        _process = _world.WithOverview();
    }

    private CostLedger Ledger => _process.Get<CostLedger>();

    private CostMonth Month => CostMonth.Of(_world.Clock.GetUtcNow());

    public async ValueTask InitializeAsync() => (_client, _) = await _process.AddConnectedAsync(_world.Ann, "user1", "org1");

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_run_s_cost_told_many_times_in_many_steps_counts_once()
    {
        var run = NewRun();
        foreach (var cost in (RunCost[])[new(3, 300), new(3, 300), new(10, 1000), new(10, 1000)])
            await Ledger.RecordAsync(_client, run, cost, Running.Cancellation);
        // An older telling that comes late takes nothing back.
        await Ledger.RecordAsync(_client, run, new RunCost(3, 300), Running.Cancellation);

        (await Ledger.OfClientAsync(_world.Ann.Practice, _client, Month, Running.Cancellation)).ShouldHaveSingleItem().Cost.ShouldBe(new RunCost(10, 1000));
        (await Ledger.OfPracticeAsync(_world.Ann.Practice, Month, Running.Cancellation)).ShouldHaveSingleItem().Cost.ShouldBe(new RunCost(10, 1000));
        (await Ledger.OfAppAsync(World.Provider, Month, Running.Cancellation)).ShouldBe(new RunCost(10, 1000));
    }

    [Fact]
    public async Task A_run_that_sleeps_over_midnight_costs_each_day_its_own_part()
    {
        var run = NewRun();
        await Ledger.RecordAsync(_client, run, new RunCost(7, 700), Running.Cancellation);
        _world.Clock.Advance(TimeSpan.FromDays(1));
        await Ledger.RecordAsync(_client, run, new RunCost(12, 1100), Running.Cancellation);
        _world.Clock.Advance(TimeSpan.FromDays(1));
        await Ledger.RecordAsync(_client, run, new RunCost(12, 1100), Running.Cancellation);

        var days = await Ledger.OfClientAsync(_world.Ann.Practice, _client, Month, Running.Cancellation);

        days.Select(day => (day.Day.Day, day.Cost)).ShouldBe([(23, new RunCost(7, 700)), (24, new RunCost(5, 400))]);
        (await Ledger.OfAppAsync(World.Provider, Month, Running.Cancellation)).ShouldBe(new RunCost(12, 1100));
    }

    [Fact]
    public async Task Many_clients_told_at_once_add_up_in_the_practice_and_apart_from_another()
    {
        List<ClientId> clients = [_client];
        for (var number = 2; number <= 6; number++)
            clients.Add((await _process.AddConnectedAsync(_world.Ann, "user1", $"org{number}")).Client);
        var (other, _) = await _process.AddConnectedAsync(_world.Bob, "user2", "org9");

        await Task.WhenAll(clients.Append(other).Select(client => Ledger.RecordAsync(client, NewRun(), new RunCost(2, 20), Running.Cancellation)));

        (await Ledger.OfPracticeAsync(_world.Ann.Practice, Month, Running.Cancellation)).ShouldHaveSingleItem().Cost.ShouldBe(new RunCost(12, 120));
        (await Ledger.OfPracticeAsync(_world.Bob.Practice, Month, Running.Cancellation)).ShouldHaveSingleItem().Cost.ShouldBe(new RunCost(2, 20));
        (await Ledger.OfAppAsync(World.Provider, Month, Running.Cancellation)).ShouldBe(new RunCost(14, 140));
    }

    [Fact]
    public async Task When_the_tier_s_reads_are_used_up_syncs_wait_for_the_next_month()
    {
        var process = _world.WithOverview(services => services.Configure<CostOptions>(costs => costs.Providers[World.Provider] = new ProviderTier { MeteredReads = 100 }));
        var reads = process.Get<MonthlyReads>();
        (await reads.WaitUntilAsync(World.Provider, Running.Cancellation)).ShouldBeNull();
        (await reads.WaitUntilAsync("another", Running.Cancellation)).ShouldBeNull();

        await Ledger.RecordAsync(_client, NewRun(), new RunCost(100, 1), Running.Cancellation);
        _world.Clock.Advance(TimeSpan.FromMinutes(6));
        (await reads.WaitUntilAsync(World.Provider, Running.Cancellation)).ShouldBe(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

        _world.Clock.Advance(TimeSpan.FromDays(10));
        (await reads.WaitUntilAsync(World.Provider, Running.Cancellation)).ShouldBeNull("the month is over");
    }

    [Fact]
    public async Task While_the_tier_s_reads_are_used_up_no_door_begins_a_sync_the_list_says_who_waits_and_a_raised_tier_is_noticed_within_the_hour()
    {
        var tier = new ProviderTier { MeteredReads = 100 };
        var process = _world.WithOverview(services => services.Configure<CostOptions>(costs => costs.Providers[World.Provider] = tier));
        var requests = process.Get<RequestSync>();
        var failed = (await requests.ExecuteAsync(_client, RunTrigger.Scheduled, Running.Cancellation)).RunId!.Value;
        await process.Get<PlanRun>().ExecuteAsync(_client, failed, Running.Cancellation);
        await process.Get<FinishRun>().ExecuteAsync(_client, failed, [], new ProviderFault(FaultKind.BadAnswer, "broken"), null, Running.Cancellation);
        await Ledger.RecordAsync(_client, NewRun(), new RunCost(100, 1), Running.Cancellation);
        _world.Clock.Advance(TimeSpan.FromMinutes(6));
        var until = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
        var refused = new SyncTicket(TicketState.ReadsUsedUp, null, until);

        (await process.Get<ReplayRun>().ExecuteAsync(_client, failed, ReplayFrom.Checkpoint, Running.Cancellation)).ShouldBe(refused);
        foreach (var trigger in (RunTrigger[])[RunTrigger.Person, RunTrigger.Connected, RunTrigger.Scheduled])
            (await requests.ExecuteAsync(_client, trigger, Running.Cancellation)).ShouldBe(refused, trigger.ToString());

        (await process.Get<RunStore>().CurrentAsync(_client, Running.Cancellation))!.RunId.ShouldBe(failed, "nothing was begun");
        (await process.AllAsync(_world.Ann, new ClientListQuery { IsPaused = true })).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(client => client.PausedBy.ShouldBe(LimitKind.Month), client => client.PausedUntil.ShouldBe(until));
        ((await process.Get<DueClients>().FindAsync(_client, Running.Cancellation))! - _world.Clock.GetUtcNow())!.Value.ShouldBeInRange(TimeSpan.FromHours(1), TimeSpan.FromMinutes(76));

        tier.MeteredReads = 1000;
        _world.Clock.Advance(TimeSpan.FromMinutes(80));
        (await process.Get<DueClients>().TakeAsync(10, Running.Cancellation)).Select(due => due.Client).ShouldContain(_client);
        (await requests.ExecuteAsync(_client, RunTrigger.Scheduled, Running.Cancellation)).State.ShouldBe(TicketState.Started);
        (await process.AllAsync(_world.Ann, new ClientListQuery { IsPaused = true })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-11", true)]
    [InlineData("2026-13", false)]
    [InlineData("1999-01", false)]
    [InlineData("2026-1", false)]
    [InlineData("' or 1", false)]
    public void A_month_is_read_as_it_is_written(string text, bool isMonth)
    {
        CostMonth.TryParse(text, out var month).ShouldBe(isMonth);
        if (isMonth)
            month.ToString().ShouldBe(text);
    }

    private RunRecord NewRun() => new()
    {
        ClientId = _client,
        RunId = RunId.New(_world.Clock),
        Fence = 1,
        Priority = CallPriority.Person,
        RequestedAt = _world.Clock.GetUtcNow(),
    };
}
