using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;
using static DataHealth.Testing.Drivers.PracticeDriver;

namespace DataHealth.Functions.Tests.Health;

/// <summary>What people press for a client's health is done, one after another: recalculations, and history recomputed because somebody asked for it.</summary>
public sealed class RecomputationStoryTests(AzuriteFixture azurite)
{
    private const string Books = "Birch & Ash Ltd";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task History_is_recomputed_when_asked_beside_what_was_recorded_and_a_press_of_Recalculate_comes_between_two_months_never_beside_one()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await SyncedAsync(application);
        var recorded = (await HistoryAsync(application, client)).ToList();
        var work = new Overlaps(application);
        var months = Enumerable.Range(1, 3).Select(back => DateTime.UtcNow.AddMonths(-back).ToString("yyyy-MM", CultureInfo.InvariantCulture)).Reverse().ToArray();
        (await application.Practice.GetAsync("audit?take=1", Cancelled)).GetRawText().ShouldNotContain("historyRecomputed");
        work.HoldMonth();

        var asked = await AskAsync(application, client, months, HttpStatusCode.Accepted);
        await work.MonthHeld.WaitAsync(Soon, Cancelled);
        var running = await application.Practice.GetAsync($"clients/{client}/health/history/recomputation", Cancelled);
        (await AskAsync(application, client, months, HttpStatusCode.Accepted)).GetProperty("id").GetString().ShouldBe(Text(asked, "id"), "pressed twice it is one");
        Text(await AskAsync(application, client, months[..1], HttpStatusCode.Conflict), "type").ShouldEndWith("/recomputing-already");
        using (var pressed = await application.Api.PostAsync($"clients/{client}/health/recalculate", null, Cancelled))
            Text(JsonElement.Parse(await pressed.Content.ReadAsStringAsync(Cancelled)), "outcome").ShouldBe("joined");
        (await application.Practice.GetAsync("audit?take=1", Cancelled)).GetRawText().ShouldContain("healthRecalculated", customMessage: "a press that joins is one, too");
        Text(await application.Practice.GetAsync($"clients/{client}/health", Cancelled), "recalculation").ShouldBe("running", "it is promised");
        work.Release();
        var done = await DoneAsync(application, client);

        (Text(running, "state"), Text(done, "state")).ShouldBe(("running", "done"), done.GetRawText());
        done.GetProperty("months").EnumerateArray().Select(month => (Text(month, "month"), month.GetProperty("isDone").GetBoolean())).ShouldBe(months.Select(month => (month, true)));
        await Eventually.TrueAsync("the press is done", async () => Text(await application.Practice.GetAsync($"clients/{client}/health", Cancelled), "recalculation") == "none", Soon, Cancelled);
        work.Log.ShouldBe(["month", "recalculation", "month", "month"]);
        work.WereBeside.ShouldBeFalse();

        var history = (await HistoryAsync(application, client)).ToList();
        var recomputed = history.Where(point => Text(point, "kind") == "recomputed").ToList();
        // Of a day the last recalculation shows, here the one that was pressed: on the same books the same score.
        history.Where(point => Text(point, "kind") == "recorded").Select(Judged).ShouldBe(recorded.Select(Judged));
        recomputed.Select(point => Text(point, "reportingDate")[..7]).ShouldBe(months);
        foreach (var point in recomputed)
        {
            Text(point.GetProperty("recomputedBy"), "memberName").ShouldBe(Text(done.GetProperty("requestedBy"), "memberName"));
            Text(point, "booksAsOf").ShouldNotBeNullOrEmpty();
            // The overview of a preview by the same day says the same.
            using var preview = await application.Api.PostAsJsonAsync($"clients/{client}/health/preview", new { reportingDate = Text(point, "reportingDate") }, Cancelled);
            JsonElement.Parse(await preview.Content.ReadAsStringAsync(Cancelled)).GetProperty("score").GetRawText().ShouldBe(point.GetProperty("score").GetRawText());
        }
        var csv = (await application.Api.GetStringAsync($"clients/{client}/health/history/export?from={months[0]}-01", Cancelled)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        csv[0].ShouldStartWith("start,calculatedAt,reportingDate,percent,exact,colour,isPartial,rulesVersion,kind,recomputedBy,booksAsOf,");
        csv.Count(line => line.Contains(",recomputed,", StringComparison.Ordinal)).ShouldBe(3);
        csv.Count(line => line.Contains(",recorded,", StringComparison.Ordinal)).ShouldBe(history.Count - 3);
        (await application.Practice.GetAsync("audit?take=20", Cancelled)).GetRawText().ShouldContain("historyRecomputed");

        // As after a restore: the request came back, what would carry it out did not.
        var store = application.Services.GetRequiredService<RecomputationStore>();
        var last = (await store.FindAsync(new Core.ClientId(client), Cancelled))!;
        (await store.AskAsync(new Core.ClientId(client), last with { Id = Guid.NewGuid().ToString("N"), Done = 0, EndedAt = null }, Cancelled)).ShouldBeTrue();
        Text(await application.Practice.GetAsync($"clients/{client}/health/history/recomputation", Cancelled), "state").ShouldBe("failed", "and nobody waits for it");

        static string Judged(JsonElement point) => $"{Text(point, "start")} {Text(point, "reportingDate")} {point.GetProperty("score").GetRawText()}";
    }

    [Fact]
    public async Task Months_that_cannot_be_judged_are_refused_in_words_that_say_which_can()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await application.Practice.AddClientAsync(Books, Cancelled);
        var now = DateTime.UtcNow;
        string[][] wrong = [[], ["2026-13"], ["soon"], ["2026-1"], ["9999-12"], ["2026-01", "2026-01"], [now.AddMonths(1).ToString("yyyy-MM", CultureInfo.InvariantCulture)], ["2011-01"], [.. Enumerable.Range(1, 25).Select(back => now.AddMonths(-back).ToString("yyyy-MM", CultureInfo.InvariantCulture))]];

        foreach (var months in wrong)
            (await AskAsync(application, client, months, HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("months").GetString().ShouldStartWith("1 to 24 different months");
        Text(await AskAsync(application, client, ["2026-01"], HttpStatusCode.Conflict), "type").ShouldEndWith("/not-connected");

        // Words of which only some are known are answered with those, in whatever body they stand.
        using var severity = await application.Api.PostAsJsonAsync($"clients/{client}/health/findings/dismiss", new { filter = new { severity = "grave" }, reason = "All known." }, Cancelled);
        Text(JsonElement.Parse(await severity.Content.ReadAsStringAsync(Cancelled)), "detail").ShouldBe("See $.filter.severity: one of info, warning, error.");
        using var age = await application.Api.PutAsJsonAsync($"clients/{client}/insights/settings", new { ageFrom = "birth" }, Cancelled);
        Text(JsonElement.Parse(await age.Content.ReadAsStringAsync(Cancelled)), "detail").ShouldBe("See $.ageFrom: one of date, dueDate.");

        // A filter that says nothing is not everything.
        foreach (var (path, reason) in ((string, string?)[])[("dismiss", "All known."), ("restore", null)])
        {
            foreach (var filter in (object[])[new { }, new { text = "  " }])
            {
                var body = new Dictionary<string, object> { ["filter"] = filter };
                if (reason is not null)
                    body["reason"] = reason;
                using var answer = await application.Api.PostAsJsonAsync($"clients/{client}/health/findings/{path}", body, Cancelled);
                answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
                JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("errors").GetProperty("filter").GetString()!.ShouldContain("all: true");
            }
        }
        using var both = await application.Api.PostAsJsonAsync($"clients/{client}/health/findings/restore", new { all = true, filter = new { check = "suspense" } }, Cancelled);
        both.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        var about = (await application.Practice.GetAsync($"clients/{client}/health/checks/lock-dates", Cancelled)).GetProperty("about").EnumerateArray().ToDictionary(setting => Text(setting, "key"));
        about.Keys.ShouldBe(["graceWeeks", "monthsToFile", "lastFiledYearEnd"]);
        var grace = about["graceWeeks"];
        (Text(grace, "type"), Text(grace, "unit"), grace.GetProperty("default").GetInt32(), grace.GetProperty("minimum").GetInt32(), grace.GetProperty("maximum").GetInt32(), grace.GetProperty("isOptional").GetBoolean()).ShouldBe(("wholeNumber", "weeks", 4, 0, 26, false));
        grace.GetProperty("providers").EnumerateArray().Select(provider => provider.GetString()).ShouldBe(["xero"], "QuickBooks has one closing date");
        (about["lastFiledYearEnd"].GetProperty("isOptional").GetBoolean(), about["lastFiledYearEnd"].TryGetProperty("default", out _)).ShouldBe((true, false));
        var names = (await application.Practice.GetAsync($"clients/{client}/health/checks/duplicate-contacts", Cancelled)).GetProperty("about")[0];
        names.GetProperty("values").EnumerateArray().Select(value => value.GetString()).ShouldBe(["strict", "close", "similar", "rough"]);
        var cleared = (await application.Practice.GetAsync($"clients/{client}/health/checks/bank-reconciliation", Cancelled)).GetProperty("about")[0];
        cleared.GetProperty("providers").EnumerateArray().Select(provider => provider.GetString()).ShouldBe(["quickbooks"]);
    }

    [Fact]
    public async Task Promise_6_a_deletion_ends_what_is_recomputed_and_leaves_nothing_of_it()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled);
        var client = await SyncedAsync(application);
        var work = new Overlaps(application);
        work.HoldMonth();
        await AskAsync(application, client, ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"], HttpStatusCode.Accepted);
        await work.MonthHeld.WaitAsync(Soon, Cancelled);

        using var pressed = await application.Api.PostAsJsonAsync($"clients/{client}/deletion", new { name = Books }, Cancelled);
        pressed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var deletion = Text(JsonElement.Parse(await pressed.Content.ReadAsStringAsync(Cancelled)), "id");
        work.Release();
        await Eventually.TrueAsync("the client is deleted", async () => Text(await application.Practice.GetAsync($"deletions/{deletion}", Cancelled), "state") == "done", Soon, Cancelled);

        work.Log.Count.ShouldBe(1, "no other month was begun");
        (await StorageText.ReadAsync(azurite, application.Prefix, Cancelled))
            .Where(text => text.Contains(client, StringComparison.Ordinal) && !text.StartsWith($"{application.Prefix}audit:", StringComparison.OrdinalIgnoreCase) && !text.StartsWith($"{application.Prefix}deletions:", StringComparison.OrdinalIgnoreCase))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Recalculate_pressed_between_the_last_look_of_the_one_at_work_and_its_end_is_not_lost()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("SweepSchedule", "*/2 * * * * *"));
        var client = await SyncedAsync(application);
        var work = new Overlaps(application);
        var (inTheGap, held) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var wishes = application.Services.GetRequiredService<HealthWishes>();
        // Its last look has seen that nobody has pressed again, and the run does not know it yet.
        wishes.Looked = wish => work.Log.Count == 1 && wish is null && inTheGap.TrySetResult() ? held.Task : Task.CompletedTask;

        (await PressAsync()).ShouldBe("started");
        await inTheGap.Task.WaitAsync(Soon, Cancelled);
        (await PressAsync()).ShouldBe("joined");
        var promised = await application.Practice.GetAsync($"clients/{client}/health", Cancelled);
        held.SetResult();
        await Eventually.TrueAsync("what was pressed is done", () => Task.FromResult(work.Log.Count == 2), Soon, Cancelled);
        await Eventually.TrueAsync("nothing is open", async () => (await wishes.AllAsync(Cancelled)).Count == 0 && Text(await application.Practice.GetAsync($"clients/{client}/health", Cancelled), "recalculation") == "none", Soon, Cancelled);

        Text(promised, "recalculation").ShouldBe("running");
        Text(await application.Practice.GetAsync($"clients/{client}/health", Cancelled), "version").ShouldNotBe(Text(promised, "version"));
        work.Log.ShouldBe(["recalculation", "recalculation"], "and once, not again and again");

        async Task<string> PressAsync()
        {
            using var answer = await application.Api.PostAsync($"clients/{client}/health/recalculate", null, Cancelled);
            return Text(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)), "outcome");
        }
    }

    private static async Task<string> SyncedAsync(TestApplication application)
    {
        var client = await application.Practice.AddClientAsync(Books, Cancelled);
        await application.Practice.ConnectAsync(client, "Ada Birch", Books, Cancelled);
        await application.Practice.WaitForEndAsync(client, Soon, Cancelled);
        return client;
    }

    private static async Task<JsonElement> AskAsync(TestApplication application, string client, string[] months, HttpStatusCode status)
    {
        using var answer = await application.Api.PostAsJsonAsync($"clients/{client}/health/history/recomputation", new { months }, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBe(status, text);
        if (status is HttpStatusCode.Accepted)
            answer.Headers.Location!.OriginalString.ShouldEndWith($"clients/{client}/health/history/recomputation");
        return JsonElement.Parse(text);
    }

    private static async Task<JsonElement> DoneAsync(TestApplication application, string client)
    {
        JsonElement now = default;
        await Eventually.TrueAsync(
            "history is recomputed", async () => Text(now = await application.Practice.GetAsync($"clients/{client}/health/history/recomputation", Cancelled), "state") is "done" or "failed", Soon, Cancelled);
        return now;
    }

    private static async Task<IEnumerable<JsonElement>> HistoryAsync(TestApplication application, string client) =>
        (await application.Practice.GetAsync($"clients/{client}/health/history?from={DateTime.UtcNow.AddYears(-1):yyyy-MM-dd}", Cancelled)).GetProperty("items").EnumerateArray();

    /// <summary>Watches which passes over a client's books are at work, and holds the first month.</summary>
    private sealed class Overlaps
    {
        private readonly Lock _lock = new();
        private readonly List<string> _log = [];
        private readonly TaskCompletionSource _monthHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inside;
        private bool _holds;

        public Overlaps(TestApplication application)
        {
            application.Services.GetRequiredService<RecomputeHistory>().Reached = async place =>
            {
                if (place == RecomputationPlace.Begun)
                    Begin("month");
                if (place == RecomputationPlace.Begun && Volatile.Read(ref _holds) && _monthHeld.TrySetResult())
                    await _released.Task;
                if (place == RecomputationPlace.Judged)
                    Interlocked.Decrement(ref _inside);
            };
            application.Services.GetRequiredService<RecalculateHealth>().Reached = place =>
            {
                if (place == HealthPlace.Claimed)
                    Begin("recalculation");
                if (place == HealthPlace.Published)
                    Interlocked.Decrement(ref _inside);
                return Task.CompletedTask;
            };
        }

        public bool WereBeside { get; private set; }

        public Task MonthHeld => _monthHeld.Task;

        public IReadOnlyList<string> Log
        {
            get
            {
                lock (_lock)
                    return [.. _log];
            }
        }

        public void HoldMonth() => Volatile.Write(ref _holds, true);

        public void Release() => _released.SetResult();

        private void Begin(string what)
        {
            lock (_lock)
                _log.Add(what);
            if (Interlocked.Increment(ref _inside) > 1)
                WereBeside = true;
        }
    }
}
