using System.Collections.Concurrent;
using Azure.Data.Tables;
using DataHealth.Local.Runtime.Discovery;
using DataHealth.Runtime.Tests.Infrastructure;
using DataHealth.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Runtime.Tests.Timers;

public sealed class TimerTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WatchedClock _clock = new(Noon);
    private readonly string _hub = Azurite.NewPrefix();
    private readonly Ticks _ticks = new();

    public sealed class Ticks
    {
        public ConcurrentQueue<(DateTimeOffset At, TimerInfo Info)> Seen { get; } = [];

        public Func<CancellationToken, Task> Work { get; set; } = _ => Task.CompletedTask;
    }

    public abstract class Timed(Ticks ticks, TimeProvider clock)
    {
        protected Task NoteAsync(TimerInfo info, CancellationToken token)
        {
            ticks.Seen.Enqueue((clock.GetUtcNow(), info));
            return ticks.Work(token);
        }
    }

    public sealed class EveryFiveMinutes(Ticks ticks, TimeProvider clock) : Timed(ticks, clock)
    {
        [Function("five")]
        public Task Run([TimerTrigger("%Schedule%")] TimerInfo timer, FunctionContext context, CancellationToken token)
        {
            context.GetHttpContext().ShouldBeNull();
            return NoteAsync(timer, token);
        }
    }

    public sealed class Unmonitored(Ticks ticks, TimeProvider clock) : Timed(ticks, clock)
    {
        [Function("unmonitored")]
        public Task Run([TimerTrigger("0 */5 * * * *", UseMonitor = false)] TimerInfo timer, CancellationToken token) => NoteAsync(timer, token);
    }

    public sealed class AtStart(Ticks ticks, TimeProvider clock) : Timed(ticks, clock)
    {
        [Function("atStart")]
        public Task Run([TimerTrigger("0 */5 * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken token) => NoteAsync(timer, token);
    }

    [Fact]
    public async Task A_timer_ticks_by_its_schedule_in_UTC()
    {
        await using var app = await StartAsync<EveryFiveMinutes>();

        await AdvanceToAsync(Noon.AddMinutes(5), ticks: 1);
        await AdvanceToAsync(Noon.AddMinutes(10), ticks: 2);

        _ticks.Seen.Select(tick => tick.At).ShouldBe([Noon.AddMinutes(5), Noon.AddMinutes(10)]);
        _ticks.Seen.ShouldAllBe(tick => !tick.Info.IsPastDue);
        _ticks.Seen.Last().Info.ScheduleStatus.ShouldNotBeNull().Last.ShouldBe(Noon.AddMinutes(5).UtcDateTime);
    }

    [Fact]
    public async Task Ticks_missed_while_down_run_once_at_start_and_are_past_due()
    {
        await using (await StartAsync<EveryFiveMinutes>())
            await AdvanceToAsync(Noon.AddMinutes(5), ticks: 1);
        _clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(2));

        await using var again = await StartAsync<EveryFiveMinutes>();
        await TickedAsync(2);

        _ticks.Seen.Last().ShouldSatisfyAllConditions(
            tick => tick.At.ShouldBe(Noon.AddMinutes(67)),
            tick => tick.Info.IsPastDue.ShouldBeTrue());
        await AdvanceToAsync(Noon.AddMinutes(70), ticks: 3);
        _ticks.Seen.Last().Info.IsPastDue.ShouldBeFalse();
    }

    [Fact]
    public async Task A_tick_missed_before_the_timer_ever_ran_is_made_up_for_too()
    {
        await using (await StartAsync<EveryFiveMinutes>())
            await UntilAsync("the timer is noted", async () => await RowAsync("five") is not null);
        _clock.Advance(TimeSpan.FromMinutes(7));

        await using var again = await StartAsync<EveryFiveMinutes>();

        await TickedAsync(1);
        _ticks.Seen.Single().Info.IsPastDue.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_the_monitor_missed_ticks_are_gone()
    {
        await using (await StartAsync<Unmonitored>())
            await AdvanceToAsync(Noon.AddMinutes(5), ticks: 1, timer: "unmonitored");
        _clock.Advance(TimeSpan.FromMinutes(7));

        await using var again = await StartAsync<Unmonitored>();
        await AdvanceToAsync(Noon.AddMinutes(15), ticks: 2, timer: "unmonitored");

        _ticks.Seen.Last().ShouldSatisfyAllConditions(
            tick => tick.At.ShouldBe(Noon.AddMinutes(15)),
            tick => tick.Info.ScheduleStatus.ShouldBeNull(),
            tick => tick.Info.IsPastDue.ShouldBeFalse());
    }

    [Fact]
    public async Task RunOnStartup_runs_at_once_and_then_by_schedule()
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        await using var app = await StartAsync<AtStart>();

        await TickedAsync(1);
        await UntilAsync("the run is noted", async () => (await RowAsync("atStart"))?.GetString("Owner") == "");
        await AdvanceToAsync(Noon.AddMinutes(5), ticks: 2, timer: "atStart");

        _ticks.Seen.Select(tick => tick.At).ShouldBe([Noon.AddMinutes(1), Noon.AddMinutes(5)]);
    }

    [Fact]
    public async Task A_timer_never_overlaps_itself_and_skips_what_passed_meanwhile()
    {
        var release = new TaskCompletionSource();
        _ticks.Work = _ => release.Task;
        await using var app = await StartAsync<EveryFiveMinutes>();
        _clock.Advance(TimeSpan.FromMinutes(5));
        await TickedAsync(1);

        _clock.Advance(TimeSpan.FromMinutes(12));
        _ticks.Work = _ => Task.CompletedTask;
        release.SetResult();
        await UntilAsync("the long run is noted", async () => (await RowAsync("five"))?.GetString("Owner") == "");
        await AdvanceToAsync(Noon.AddMinutes(20), ticks: 2);

        _ticks.Seen.Select(tick => tick.At).ShouldBe([Noon.AddMinutes(5), Noon.AddMinutes(20)]);
    }

    [Fact]
    public async Task A_tick_that_fails_is_logged_and_the_next_one_comes()
    {
        _ticks.Work = _ => throw new InvalidTimeZoneException("the reason");
        await using var app = await StartAsync<EveryFiveMinutes>();

        await AdvanceToAsync(Noon.AddMinutes(5), ticks: 1);
        await AdvanceToAsync(Noon.AddMinutes(10), ticks: 2);

        app.Log.Lines.ShouldContain(line => line.Contains("'five'") && line.Contains("the reason"));
    }

    [Fact]
    public async Task Two_processes_run_each_tick_once()
    {
        await using var one = await StartAsync<EveryFiveMinutes>();
        await using var other = await StartAsync<EveryFiveMinutes>();

        for (var tick = 1; tick <= 5; tick++)
            await AdvanceToAsync(Noon.AddMinutes(5 * tick), ticks: tick);

        _ticks.Seen.Select(tick => tick.At).ShouldBe(Enumerable.Range(1, 5).Select(tick => Noon.AddMinutes(5 * tick)));
    }

    [Fact]
    public async Task A_run_that_the_stop_of_the_host_cut_short_is_owed_at_the_next_start()
    {
        _ticks.Work = token => Task.Delay(Timeout.Infinite, token);
        await using (await StartAsync<EveryFiveMinutes>())
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            await TickedAsync(1);
        }
        _ticks.Work = _ => Task.CompletedTask;

        await using var again = await StartAsync<EveryFiveMinutes>();

        await TickedAsync(2);
        _ticks.Seen.Last().Info.IsPastDue.ShouldBeTrue();
    }

    [Fact]
    public async Task Timers_without_storage_keep_the_application_from_starting()
    {
        var refusal = await Should.ThrowAsync<FunctionAppStartException>(() => FunctionApp.StartAsync<Unmonitored>(builder =>
        {
            builder.Services.AddSingleton(_ticks);
            builder.Configuration["AzureWebJobsStorage"] = "";
        }));

        refusal.Message.ShouldContain("'unmonitored'");
        refusal.Message.ShouldContain("Set AzureWebJobsStorage");
    }

    private Task<FunctionApp> StartAsync<T>() => FunctionApp.StartAsync<T>(builder =>
    {
        builder.Configuration["AzureWebJobsStorage"] = azurite.ConnectionString;
        builder.Configuration["AzureFunctionsJobHost:extensions:durableTask:hubName"] = _hub;
        builder.Configuration["Schedule"] = "0 */5 * * * *";
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)).AddSingleton(_ticks);
    });

    /// <summary>Moves the clock and waits until so many ticks have run and the last one is noted.</summary>
    private async Task AdvanceToAsync(DateTimeOffset moment, int ticks, string timer = "five")
    {
        // A clock that moves between the reckoning of a wait and its beginning would leave the wait as long as before.
        await UntilAsync($"the timer waits for {moment}", () => Task.FromResult(_clock.AwaitedMoments.Contains(moment)));
        _clock.Advance(moment - _clock.GetUtcNow());
        await TickedAsync(ticks);
        await UntilAsync($"the tick of {moment} is noted", async () => (await RowAsync(timer))?.GetDateTimeOffset("Last") == moment);
    }

    private async Task TickedAsync(int ticks)
    {
        await UntilAsync($"{ticks} ticks have run", () => Task.FromResult(_ticks.Seen.Count >= ticks));
        _ticks.Seen.Count.ShouldBe(ticks);
    }

    private static Task UntilAsync(string what, Func<Task<bool>> condition) =>
        Eventually.TrueAsync(what, condition, TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

    private async Task<TableEntity?> RowAsync(string timer)
    {
        var table = new TableClient(azurite.ConnectionString, _hub + "Timers");
        try
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>("timer", timer, cancellationToken: TestContext.Current.CancellationToken);
            return row.HasValue ? row.Value : null;
        }
        catch (Azure.RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>A fake clock that says what is waited for.</summary>
    private sealed class WatchedClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public System.Collections.Concurrent.ConcurrentBag<DateTimeOffset> AwaitedMoments { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var moment = GetUtcNow() + dueTime;
            var timer = base.CreateTimer(callback, state, dueTime, period);
            AwaitedMoments.Add(moment);
            return timer;
        }
    }
}
