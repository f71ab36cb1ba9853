using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using DataHealth.Core.Notices;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Clients.Overview;

public sealed class SummaryTests : IAsyncLifetime
{
    private readonly World _world;
    private readonly Running _process;
    private ClientId _client;

    public SummaryTests(AzuriteFixture azurite)
    {
        _world = new World(azurite);
        _process = _world.WithOverview();
    }

    public async ValueTask InitializeAsync() => _client = await _process.AddClientAsync(_world.Ann, "Birch & Ash");

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_list_follows_a_name_a_connection_and_a_run_at_once()
    {
        (await OneAsync()).ShouldSatisfyAllConditions(
            one => one.Name.ShouldBe("Birch & Ash"), one => one.State.ShouldBe(ConnectionState.NotConnected), one => one.Run.ShouldBeNull(), one => one.Notices.ShouldBeEmpty());

        await _process.ConnectAsync(_world.Ann, _client, "user1", "org1");
        (await OneAsync()).ShouldSatisfyAllConditions(
            one => one.State.ShouldBe(ConnectionState.Connected), one => one.OrganisationName.ShouldBe("Name of org1"), one => one.AuthorisedBy.ShouldBe(_world.Ann.Member),
            one => one.AccessEndsAt.ShouldNotBeNull(), one => one.IsMismatch.ShouldBeTrue(), one => one.Notices.Select(notice => notice.Kind).ShouldBe([NoticeKind.NameMismatch]));

        ClientName.TryParse("name OF Org1, Ltd.", out var name, out _).ShouldBeTrue();
        await _process.Clients.ChangeAsync(_world.Ann, _client, new ClientChange { Name = name }, null, Running.Cancellation);
        (await OneAsync()).ShouldSatisfyAllConditions(one => one.Name.ShouldBe("name OF Org1, Ltd."), one => one.IsMismatch.ShouldBeFalse(), one => one.Notices.ShouldBeEmpty());

        var run = await StartAsync();
        (await OneAsync()).Run.ShouldBe(RunState.Running);
        var until = _world.Clock.GetUtcNow().AddHours(5);
        await _process.Get<PauseRun>().ExecuteAsync(_client, run, until, LimitKind.Day, false, Running.Cancellation);
        (await OneAsync()).ShouldSatisfyAllConditions(one => one.IsPaused.ShouldBeTrue(), one => one.PausedUntil.ShouldBe(until), one => one.PausedBy.ShouldBe(LimitKind.Day));
        await _process.Get<ContinueRun>().ExecuteAsync(_client, run, Running.Cancellation);
        await FinishAsync(run, null);
        (await OneAsync()).ShouldSatisfyAllConditions(one => one.Outcome.ShouldBe(RunOutcome.Succeeded), one => one.LastSyncAt.ShouldBe(_world.Clock.GetUtcNow()), one => one.IsPaused.ShouldBeFalse());

        await _process.DisconnectAsync(_world.Ann, _client);
        (await OneAsync()).State.ShouldBe(ConnectionState.Disconnected);
        (await _process.RowsAsync("overview")).ShouldBe(1 + SummaryOrder.All.Count, "no row of an earlier place is left");
        (await _process.RowsAsync("overviewmarks")).ShouldBe(0);
    }

    [Fact]
    public async Task A_crash_between_the_change_and_the_list_is_mended_by_the_sweep()
    {
        await _process.Get<IClientWatch>().ChangingAsync(_client, Running.Cancellation);
        await RenameBehindTheListAsync("Renamed, then crashed");
        (await OneAsync()).Name.ShouldBe("Birch & Ash");

        (await TendAsync()).Mended.ShouldBe(0, "a change takes a moment, and this one may be under way");
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        (await TendAsync()).Mended.ShouldBe(1);

        (await OneAsync()).Name.ShouldBe("Renamed, then crashed");
        (await TendAsync()).Mended.ShouldBe(0);
    }

    [Fact]
    public async Task Even_a_change_that_nobody_noted_is_seen_by_the_walk_and_a_list_that_was_lost_is_rebuilt()
    {
        await TendAsync();
        await RenameBehindTheListAsync("Nobody noted it");
        var other = await _process.AddClientAsync(_world.Bob, "Lost from the list");
        await foreach (var row in (await TableAsync("overview")).QueryAsync<TableEntity>(row => row.PartitionKey == _world.Bob.Practice.Value, cancellationToken: Running.Cancellation))
            await (await TableAsync("overview")).DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, Running.Cancellation);

        (await TendAsync()).Walked.ShouldBe(0, "a round has just been made");
        _world.Clock.Advance(TimeSpan.FromHours(2));
        // One client at a time: the walk goes on where it stopped.
        for (var step = 0; step < 4; step++)
            await TendAsync(1);

        (await OneAsync()).Name.ShouldBe("Nobody noted it");
        (await _process.AllAsync(_world.Bob, new ClientListQuery())).Select(one => one.Client).ShouldBe([other]);
    }

    [Fact]
    public async Task A_client_that_is_gone_leaves_the_list()
    {
        await (await TableAsync("clients")).DeleteEntityAsync(_world.Ann.Practice.Value, _client.Value, ETag.All, Running.Cancellation);

        (await _process.Get<RefreshSummary>().ExecuteAsync(_client, Running.Cancellation)).ShouldBeNull();

        (await _process.RowsAsync("overview")).ShouldBe(0);
    }

    [Fact]
    public async Task Many_changes_at_once_leave_the_list_as_the_last_one_left_the_client()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            ClientName.TryParse($"Name {number}", out var name, out _).ShouldBeTrue();
            await _process.Clients.ChangeAsync(_world.Ann, _client, new ClientChange { Name = name, TaxNumber = $"{number}" }, null, Running.Cancellation);
        }));

        var client = (await _process.Clients.FindAsync(_world.Ann, _client, Running.Cancellation))!;
        (await OneAsync()).ShouldSatisfyAllConditions(one => one.Name.ShouldBe(client.Name), one => one.TaxNumber.ShouldBe(client.TaxNumber));
        (await _process.RowsAsync("overview")).ShouldBe(1 + SummaryOrder.All.Count);
    }

    [Fact]
    public async Task Failures_are_counted_by_day_and_told_on_the_third_and_a_good_sync_ends_it()
    {
        await _process.ConnectAsync(_world.Ann, _client, "user1", "org1");
        for (var day = 1; day <= 3; day++)
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                await FinishAsync(await StartAsync(), new ProviderFault(FaultKind.ProviderUnavailable, "503"));
                _world.Clock.Advance(TimeSpan.FromHours(3));
            }
            (await OneAsync()).ShouldSatisfyAllConditions(
                one => one.FailedDays.ShouldBe(day), one => one.IsFailed.ShouldBeTrue(), one => one.Notices.Any(notice => notice.Kind is NoticeKind.FailedThreeNights).ShouldBe(day == 3));
            _world.Clock.Advance(TimeSpan.FromHours(18));
        }
        var raised = (await OneAsync()).Notices.Single(notice => notice.Kind is NoticeKind.FailedThreeNights);
        await FinishAsync(await StartAsync(), new ProviderFault(FaultKind.ProviderUnavailable, "503"));
        (await OneAsync()).Notices.ShouldContain(raised, "it is raised once");

        await FinishAsync(await StartAsync(), null);

        (await OneAsync()).ShouldSatisfyAllConditions(one => one.FailedDays.ShouldBe(0), one => one.FailingSince.ShouldBeNull(), one => one.Notices.ShouldNotContain(raised));
    }

    private async Task<RunId> StartAsync()
    {
        var run = (await _process.Get<RequestSync>().ExecuteAsync(_client, RunTrigger.Scheduled, Running.Cancellation)).RunId!.Value;
        await _process.Get<PlanRun>().ExecuteAsync(_client, run, Running.Cancellation);
        return run;
    }

    private Task<FinishResult> FinishAsync(RunId run, ProviderFault? fault) => _process.Get<FinishRun>().ExecuteAsync(_client, run, [], fault, null, Running.Cancellation);

    private async Task<ClientSummary> OneAsync() => (await _process.AllAsync(_world.Ann, new ClientListQuery())).ShouldHaveSingleItem();

    private Task<TendResult> TendAsync(int most = 500) => _process.Get<TendSummaries>().ExecuteAsync(most, Running.Cancellation);

    private async Task RenameBehindTheListAsync(string name) =>
        await (await TableAsync("clients")).UpdateEntityAsync(new TableEntity(_world.Ann.Practice.Value, _client.Value) { ["Name"] = name }, ETag.All, TableUpdateMode.Merge, Running.Cancellation);

    private Task<TableClient> TableAsync(string name) => _process.Get<AppStorage>().TableAsync(name, Running.Cancellation);
}
