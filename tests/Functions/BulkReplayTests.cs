using System.Net;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using static DataHealth.Testing.Drivers.PracticeDriver;

namespace DataHealth.Functions.Tests;

/// <summary>Support replays many runs of one cause, over HTTP only.</summary>
public sealed class BulkReplayTests(SupportStage stage) : IClassFixture<SupportStage>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_of_one_cause_are_counted_by_a_dry_run_then_replayed_once_each_though_it_was_pressed_twice()
    {
        var mine = new[] { await stage.FailAsync("First of the cause", "wrongTypes"), await stage.FailAsync("Second of the cause", "wrongTypes"), await stage.FailAsync("Third of the cause", "wrongTypes") };
        var other = await stage.FailAsync("Another cause", "highVolume");
        await stage.MendAsync();
        object wanted(bool isDry) => new { reason = "Case 88: the provider mended it", filter = new { code = "bad-answer", practiceId = stage.Application.PracticeId }, perMinute = 600, dryRun = isDry };

        var dry = await stage.PostAsync("support/replays", wanted(true));
        dry.Status.ShouldBe(HttpStatusCode.OK);
        dry.Body.GetProperty("runs").GetInt32().ShouldBe(mine.Length);
        dry.Body.GetProperty("forecast").GetProperty("calls").GetInt32().ShouldBeGreaterThan(mine.Length);
        dry.Body.GetProperty("forecast").GetProperty("byCode").GetProperty("bad-answer").GetInt32().ShouldBe(mine.Length);
        foreach (var run in mine)
            (await stage.RunsAsync(run.Client)).ShouldBe([run.Id], "a dry run begins nothing");

        var pressed = await Task.WhenAll(stage.PostAsync("support/replays", wanted(false)), stage.PostAsync("support/replays", wanted(false)));

        pressed.ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted);
        var batch = pressed.Select(answer => Text(answer.Body, "id")).Distinct().ShouldHaveSingleItem();
        await Eventually.TrueAsync(
            "the batch is done", async () => (await stage.GetAsync($"support/replays/{batch}")).GetProperty("progress").TryGetProperty("finishedAt", out _), SupportStage.Within, Cancelled);
        var progress = (await stage.GetAsync($"support/replays/{batch}")).GetProperty("progress");
        (progress.GetProperty("started").GetInt32(), progress.GetProperty("pending").GetInt32()).ShouldBe((mine.Length, 0));
        foreach (var run in mine)
        {
            var runs = await stage.RunsAsync(run.Client);
            runs.Count.ShouldBe(2);
            var replay = await stage.EndAsync(run.Client, runs[0]);
            (Text(replay, "outcome"), Text(replay, "replayOf")).ShouldBe(("succeeded", run.Id));
            var entry = (await stage.AuditAsync(run.Client, "runReplayed")).ShouldHaveSingleItem("the practice sees what support did to its client");
            (Text(entry, "memberName"), Text(entry, "role")).ShouldBe(("Sam Keene", "support"));
            Text(entry, "after").ShouldContain("Case 88");
        }
        (await stage.RunsAsync(other.Client)).ShouldBe([other.Id]);
    }

    [Fact]
    public async Task A_bulk_replay_needs_a_filter_a_reason_and_a_sane_pace()
    {
        foreach (var (body, field) in ((object, string)[])
        [
            (new { reason = "everything" }, "filter"),
            (new { reason = "everything", filter = new { } }, "filter"),
            (new { filter = new { code = "bad-answer" } }, "reason"),
            (new { reason = "why", filter = new { code = "bad answer" } }, "filter.code"),
            (new { reason = "why", filter = new { olderThanMinutes = 0 } }, "filter.olderThanMinutes"),
            (new { reason = "why", filter = new { code = "no-such-cause" }, perMinute = 0 }, "perMinute"),
            (new { reason = "why", filter = new { code = "no-such-cause" }, perMinute = 601 }, "perMinute"),
        ])
        {
            var answer = await stage.PostAsync("support/replays", body);
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, field);
            answer.Body.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(answer.Body.GetRawText());
        }
        (await stage.Support.GetAsync($"support/replays/{new string('a', 32)}", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
