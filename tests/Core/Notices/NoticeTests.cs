using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Notices;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Clients.Overview;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Notices;

public sealed class NoticeTests : IAsyncLifetime
{
    private readonly World _world;
    private readonly Running _process;

    public NoticeTests(AzuriteFixture azurite)
    {
        _world = new World(azurite);
        _process = _world.WithOverview();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_dead_access_raises_one_notice_a_client_and_one_consent_resolves_them_all()
    {
        var clients = new List<ClientId>();
        foreach (var organisation in (string[])["org1", "org2", "org3"])
            clients.Add(await ConnectedAsync(organisation));
        (await KindsAsync()).ShouldBeEmpty();

        _world.Scripted.Kill("user1");
        _world.Clock.Advance(TimeSpan.FromHours(1));
        var grant = (await _process.ConnectionAsync(clients[0])).Grant!.Value;
        (await _process.TokenAsync(grant)).ShouldBeOfType<AccessTokenOutcome.Lost>();

        var raised = await ListAsync();
        raised.Select(notice => (notice.Client, notice.Kind)).ShouldBe(clients.Select(client => (client, NoticeKind.ReconnectNeeded)), ignoreOrder: true);
        raised.ShouldAllBe(notice => notice.Detail.Contains("Ann authorised it", StringComparison.Ordinal) && notice.RaisedAt == _world.Clock.GetUtcNow());
        _world.Clock.Advance(TimeSpan.FromHours(3));
        await TendAsync();
        (await ListAsync()).ShouldBe(raised, "it is raised once");

        await _process.ConfirmAsync(_world.Ann, clients[0], await _process.ConsentAsync(_world.Ann, clients[0], "user1", "org1"));

        (await KindsAsync()).ShouldBeEmpty();
        (await _process.RowsAsync("overview")).ShouldBe(3 * (1 + SummaryOrder.All.Count));
    }

    [Fact]
    public async Task An_access_that_nobody_uses_is_told_two_weeks_before_it_ends_and_use_resolves_it()
    {
        var client = await ConnectedAsync("org1");
        _world.Clock.Advance(TimeSpan.FromDays(45));
        await TendAsync();
        (await KindsAsync()).ShouldBeEmpty();

        _world.Clock.Advance(TimeSpan.FromDays(2));
        await TendAsync();
        (await KindsAsync()).ShouldBe([NoticeKind.AccessExpiring]);
        (await ListAsync())[0].Title.ShouldContain("22 January 2027");
        var standing = _process.Get<ConnectionStandings>().Of((await _process.AllAsync(_world.Ann, new ClientListQuery())).Single(), _world.Clock.GetUtcNow());
        (standing, ConnectionStandings.ActionOf(standing)).ShouldBe((Standing.Expiring, MendingAction.Reconnect));

        (await _process.KeepAliveAsync()).Refreshed.ShouldBe(1);
        await _process.Get<RefreshSummary>().ExecuteAsync(client, Running.Cancellation);
        (await KindsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_consent_that_ends_for_good_is_told_a_month_before_and_a_new_one_resolves_it()
    {
        _world.Scripted.HardExpiresAt = _world.Clock.GetUtcNow().AddDays(35);
        var client = await ConnectedAsync("org1");
        await TendAsync();
        (await KindsAsync()).ShouldBeEmpty();

        _world.Clock.Advance(TimeSpan.FromDays(6));
        await TendAsync();
        (await KindsAsync()).ShouldBe([NoticeKind.AccessExpiring]);
        (await ListAsync())[0].Title.ShouldContain("28 December 2026");

        _world.Scripted.HardExpiresAt = _world.Clock.GetUtcNow().AddDays(1826);
        await _process.ConfirmAsync(_world.Ann, client, await _process.ConsentAsync(_world.Ann, client, "user1", "org1"));
        (await KindsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pause_of_more_than_a_day_is_told_by_time_alone_and_goes_with_the_run()
    {
        var client = await ConnectedAsync("org1");
        var run = (await _process.Get<RequestSync>().ExecuteAsync(client, RunTrigger.Scheduled, Running.Cancellation)).RunId!.Value;
        await _process.Get<PlanRun>().ExecuteAsync(client, run, Running.Cancellation);
        await _process.Get<PauseRun>().ExecuteAsync(client, run, _world.Clock.GetUtcNow().AddHours(30), LimitKind.Day, true, Running.Cancellation);
        await TendAsync();
        (await KindsAsync()).ShouldBeEmpty();

        _world.Clock.Advance(TimeSpan.FromHours(25));
        await TendAsync();
        (await KindsAsync()).ShouldBe([NoticeKind.PausedForADay]);

        await _process.Get<FinishRun>().ExecuteAsync(client, run, [], null, null, Running.Cancellation);
        (await KindsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wait_is_measured_from_its_beginning_over_short_spells_of_work_and_minutes_do_not_count()
    {
        var client = await ConnectedAsync("org1");
        var run = (await _process.Get<RequestSync>().ExecuteAsync(client, RunTrigger.Scheduled, Running.Cancellation)).RunId!.Value;
        await _process.Get<PlanRun>().ExecuteAsync(client, run, Running.Cancellation);
        // Two days of work, waiting for a minute now and then.
        _world.Clock.Advance(TimeSpan.FromHours(48));
        await WaitAsync(client, run, LimitKind.Minute, TimeSpan.FromMinutes(1));
        (await KindsAsync()).ShouldBeEmpty("a run that works is not told as one that waits");

        await WaitAsync(client, run, LimitKind.Day, TimeSpan.FromHours(20));
        await WaitAsync(client, run, LimitKind.Minute, TimeSpan.FromMinutes(1));
        await WaitAsync(client, run, LimitKind.Day, TimeSpan.FromHours(3));
        (await KindsAsync()).ShouldBeEmpty();
        await WaitAsync(client, run, LimitKind.Day, TimeSpan.FromHours(2));
        var raised = (await ListAsync()).ShouldHaveSingleItem();
        raised.Kind.ShouldBe(NoticeKind.PausedForADay);
        await WaitAsync(client, run, LimitKind.Day, TimeSpan.FromHours(10));
        (await ListAsync()).ShouldHaveSingleItem().RaisedAt.ShouldBe(raised.RaisedAt, "going on for a moment is not an end of the wait");

        _world.Clock.Advance(TimeSpan.FromHours(3));
        await _process.Get<RefreshSummary>().ExecuteAsync(client, Running.Cancellation);
        (await KindsAsync()).ShouldBeEmpty("it has been at work for long");
    }

    [Fact]
    public async Task Promise_7_a_notice_is_seen_only_by_those_for_whom_its_client_exists()
    {
        var client = await _process.AddClientAsync(_world.Ann, "Another name");
        await _process.ConnectAsync(_world.Ann, client, "user1", "org1");

        (await _process.Get<ListNotices>().ExecuteAsync(_world.Ann, NoticeKind.NameMismatch, 10, null, Running.Cancellation)).Notices.ShouldHaveSingleItem().Client.ShouldBe(client);
        (await _process.Get<ListNotices>().ExecuteAsync(_world.Ann, NoticeKind.ReconnectNeeded, 10, null, Running.Cancellation)).Notices.ShouldBeEmpty();
        (await _process.Get<ListNotices>().ExecuteAsync(_world.Bob, null, 10, null, Running.Cancellation)).Notices.ShouldBeEmpty();
        (await _process.Get<ListNotices>().ExecuteAsync(_world.Ann with { Clients = ClientAccess.None }, null, 10, null, Running.Cancellation)).Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_misses_none()
    {
        for (var number = 0; number < 7; number++)
            await _process.ConnectAsync(_world.Ann, await _process.AddClientAsync(_world.Ann, $"Mismatched {number}"), "user1", $"org{number}");
        List<Notice> notices = [];
        string? continuation = null;
        do
        {
            var page = await _process.Get<ListNotices>().ExecuteAsync(_world.Ann, null, 2, continuation, Running.Cancellation);
            notices.AddRange(page.Notices);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        notices.Select(notice => notice.ClientName).Order().ShouldBe(Enumerable.Range(0, 7).Select(number => $"Mismatched {number}"));
    }

    private async Task WaitAsync(ClientId client, RunId run, LimitKind limit, TimeSpan time)
    {
        await _process.Get<PauseRun>().ExecuteAsync(client, run, _world.Clock.GetUtcNow() + time, limit, false, Running.Cancellation);
        _world.Clock.Advance(time);
        await _process.Get<RefreshSummary>().ExecuteAsync(client, Running.Cancellation);
        await _process.Get<ContinueRun>().ExecuteAsync(client, run, Running.Cancellation);
    }

    private async Task<ClientId> ConnectedAsync(string organisation)
    {
        var client = await _process.AddClientAsync(_world.Ann, $"Name of {organisation}");
        await _process.ConnectAsync(_world.Ann, client, "user1", organisation);
        return client;
    }

    private async Task<IReadOnlyList<Notice>> ListAsync() => (await _process.Get<ListNotices>().ExecuteAsync(_world.Ann, null, 100, null, Running.Cancellation)).Notices;

    private async Task<IEnumerable<NoticeKind>> KindsAsync() => (await ListAsync()).Select(notice => notice.Kind);

    private async Task TendAsync()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(61));
        await _process.Get<TendSummaries>().ExecuteAsync(500, Running.Cancellation);
    }
}
