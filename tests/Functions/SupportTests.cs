using System.Net;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using static DataHealth.Testing.Drivers.PracticeDriver;

namespace DataHealth.Functions.Tests;

/// <summary>Our support finds, reads and mends runs of all practices, over HTTP only.</summary>
[TakesLong]
public sealed class SupportTests(SupportStage stage) : IClassFixture<SupportStage>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_runs_are_found_by_state_cause_provider_practice_and_age_and_name_nobody()
    {
        var run = await stage.FailAsync("Findable", "wrongTypes");

        foreach (var found in (string[])["", "state=failed", "code=bad-answer", "provider=xero", $"practice={stage.Application.PracticeId}", "state=failed&code=bad-answer&provider=xero"])
            (await stage.IsListedAsync(run, found)).ShouldBeTrue(found);
        foreach (var missed in (string[])["state=running", "state=paused", "state=stuck", "state=connectionLost", "code=scope-missing", "provider=quickbooks", "practice=somewhere-else", "olderThanMinutes=5"])
            (await stage.IsListedAsync(run, missed)).ShouldBeFalse(missed);

        var listed = (await stage.GetAsync("support/runs")).GetRawText();
        listed.ShouldNotContain("Findable");
        (await stage.GetAsync($"support/runs/{run.Client}/{run.Id}")).GetRawText().ShouldNotContain("Findable");
    }

    [Fact]
    public async Task The_list_pages_through_every_run_once()
    {
        var runs = new[] { await stage.FailAsync("Page one", "wrongTypes"), await stage.FailAsync("Page two", "wrongTypes") };

        List<string> seen = [];
        string? continuation = null;
        do
        {
            var page = await stage.GetAsync($"support/runs?take=1{(continuation is null ? "" : $"&continuation={continuation}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "runId")));
            continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
        }
        while (continuation is not null);

        seen.Count.ShouldBe(seen.Distinct().Count());
        runs.ShouldAllBe(run => seen.Contains(run.Id));
    }

    [Theory]
    [InlineData("state=3")]
    [InlineData("state=lost")]
    [InlineData("code=it's")]
    [InlineData("provider=")]
    [InlineData("practice=a b")]
    [InlineData("olderThanMinutes=0")]
    [InlineData("olderThanMinutes=1.5")]
    [InlineData("olderThanMinutes=9999999")]
    [InlineData("take=501")]
    [InlineData("continuation=not-ours")]
    public async Task A_wrong_filter_is_a_400_that_names_the_field(string query)
    {
        using var answer = await stage.Support.GetAsync($"support/runs?{query}", Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain(query.Split('=')[0]);
    }

    [Fact]
    public async Task Promise_8_a_dossier_says_what_happened_in_plain_words_with_cause_correlation_timeline_and_what_is_copied()
    {
        var run = await stage.FailAsync("Readable", "wrongTypes");

        var dossier = await stage.GetAsync($"support/runs/{run.Client}/{run.Id}");

        Text(dossier, "practiceId").ShouldBe(stage.Application.PracticeId);
        Text(dossier, "provider").ShouldBe("xero");
        Text(dossier, "technical").ShouldContain("invoices");
        var error = dossier.GetProperty("run").GetProperty("error");
        Text(error, "code").ShouldBe("bad-answer");
        Text(error, "dataset").ShouldBe("invoices");
        Text(error, "correlationId").ShouldNotBeEmpty();
        Text(dossier.GetProperty("run"), "words").ShouldContain("not the documented format");
        dossier.GetProperty("run").GetProperty("timeline").EnumerateArray().Select(line => Text(line, "kind")).ShouldContain("failed");
        Text(dossier.GetProperty("orchestration"), "instanceId").ShouldBe($"sync-{run.Client}");
        var datasets = dossier.GetProperty("datasets").EnumerateArray().ToDictionary(one => Text(one, "dataset"));
        datasets["invoices"].GetProperty("isDone").GetBoolean().ShouldBeFalse();
        datasets["contacts"].GetProperty("held").GetInt32().ShouldBeGreaterThan(0, "the other parts went on");
    }

    [Fact]
    public async Task A_replay_pressed_ten_times_at_once_is_one_run_and_the_practice_reads_who_and_why()
    {
        var run = await stage.FailAsync("Replayable", "wrongTypes");
        await stage.MendAsync();

        var pressed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => stage.PostAsync(run, "replay", new { reason = "Case 12: the provider mended it" })));

        pressed.ShouldAllBe(answer => answer.Status == HttpStatusCode.Accepted);
        var replay = pressed.Select(answer => Text(answer.Body, "runId")).Distinct().ShouldHaveSingleItem();
        var ended = await stage.EndAsync(run.Client, replay);
        (Text(ended, "outcome"), Text(ended, "trigger"), Text(ended, "replayOf")).ShouldBe(("succeeded", "replay", run.Id));
        (await stage.IsListedAsync(run, "")).ShouldBeFalse("what is mended is no longer listed");
        var late = await stage.PostAsync(run, "replay", new { reason = "pressed again" });
        (Text(late.Body, "outcome"), Text(late.Body, "runId")).ShouldBe(("alreadyReplayed", replay));
        (await stage.RunsAsync(run.Client)).ShouldBe([replay, run.Id]);
        var entry = (await stage.AuditAsync(run.Client, "runReplayed")).ShouldHaveSingleItem("pressed again it adds no second entry");
        Text(entry, "memberName").ShouldBe("Sam Keene");
        Text(entry, "role").ShouldBe("support");
        Text(entry, "after").ShouldContain("Case 12: the provider mended it");
    }

    [Fact]
    public async Task A_replay_from_the_start_reads_again_what_was_complete()
    {
        var run = await stage.FailAsync("From the start", "wrongTypes");
        await stage.MendAsync();
        var before = await stage.Application.Sandbox.DataCallsAsync(run.Organisation, Cancelled);

        var replay = Text((await stage.PostAsync(run, "replay", new { reason = "Read it all", from = "start" })).Body, "runId");

        var ended = await stage.EndAsync(run.Client, replay);
        Text(ended, "outcome").ShouldBe("succeeded");
        var contacts = ended.GetProperty("receipt").GetProperty("datasets").EnumerateArray().Single(one => Text(one, "dataset") == "contacts");
        contacts.GetProperty("unchanged").GetInt32().ShouldBeGreaterThan(0, "an incremental pass would have brought none of them");
        (await stage.Application.Sandbox.DataCallsAsync(run.Organisation, Cancelled)).ShouldBeGreaterThan(before);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("resume")]
    [InlineData("terminate")]
    public async Task Nothing_is_done_without_a_reason(string action)
    {
        var run = await stage.FailAsync($"No reason to {action}", "wrongTypes");

        foreach (var body in (object[])[new { }, new { reason = "" }, new { reason = "  x " }, new { reason = "two\nlines" }, new { reason = new string('r', 501) }])
        {
            var answer = await stage.PostAsync(run, action, body);
            answer.Status.ShouldBe(HttpStatusCode.BadRequest);
            answer.Body.GetProperty("errors").GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
        }

        (await stage.RunsAsync(run.Client)).ShouldBe([run.Id]);
        (await stage.AuditAsync(run.Client, "run")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_over_is_neither_resumed_nor_ended_and_an_older_one_is_not_replayed()
    {
        var run = await stage.FailAsync("Over", "wrongTypes");
        await stage.MendAsync();
        var next = await stage.Application.Practice.PressSyncAsync(run.Client, Cancelled);
        await stage.EndAsync(run.Client, next);

        foreach (var (action, code) in ((string, string)[])[("resume", "run-over"), ("terminate", "run-over"), ("replay", "run-outdated")])
        {
            var answer = await stage.PostAsync(run, action, new { reason = "too late" });
            answer.Status.ShouldBe(HttpStatusCode.Conflict, action);
            Text(answer.Body, "type").ShouldEndWith($"/{code}");
        }
    }

    [Fact]
    public async Task A_held_run_is_ended_once_writes_nothing_more_and_the_client_syncs_again()
    {
        var run = await stage.HoldAsync("Ended");

        var first = await stage.PostAsync(run, "terminate", new { reason = "It hangs at the provider" });
        var second = await stage.PostAsync(run, "terminate", new { reason = "It hangs at the provider" });

        (first.Status, second.Status).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        await stage.MendAsync();
        var ended = await stage.EndAsync(run.Client, run.Id);
        Text(ended, "outcome").ShouldBe("ended");
        (await stage.AuditAsync(run.Client, "runTerminated")).ShouldHaveSingleItem();
        var next = await stage.Application.Practice.PressSyncAsync(run.Client, Cancelled);
        next.ShouldNotBe(run.Id);
        Text(await stage.EndAsync(run.Client, next), "outcome").ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_suspended_run_that_support_resumes_goes_on_as_the_same_run()
    {
        var run = await stage.HoldAsync("Suspended");
        var durable = stage.Application.Services.GetRequiredService<DurableTaskClient>();
        await durable.SuspendInstanceAsync($"sync-{run.Client}", "an engineer looks at it", Cancelled);
        await Eventually.TrueAsync("it is suspended", async () => Text((await stage.GetAsync($"support/runs/{run.Client}/{run.Id}")).GetProperty("orchestration"), "status") == "Suspended", SupportStage.Within, Cancelled);
        await stage.MendAsync();

        var resumed = await stage.PostAsync(run, "resume", new { reason = "Case 13: looked at" });

        resumed.Status.ShouldBe(HttpStatusCode.Accepted);
        Text(resumed.Body, "runId").ShouldBe(run.Id);
        Text(await stage.EndAsync(run.Client, run.Id), "outcome").ShouldBe("succeeded");
        Text((await stage.AuditAsync(run.Client, "runResumed")).ShouldHaveSingleItem(), "after").ShouldContain("Case 13");
        (await stage.RunsAsync(run.Client)).ShouldBe([run.Id]);
    }

    [Fact]
    public async Task Promise_2_a_run_that_support_resumes_while_the_limit_holds_makes_no_call_and_says_until_when()
    {
        var run = await stage.PauseAsync("Paused");
        (await stage.IsListedAsync(run, "state=paused")).ShouldBeTrue();
        await stage.MendAsync();
        var before = await stage.Application.Sandbox.DataCallsAsync(run.Organisation, Cancelled);
        async Task<int> PausesAsync() => (await stage.Application.Practice.RunAsync(run.Client, Cancelled)).GetProperty("timeline").EnumerateArray().Count(line => Text(line, "kind") == "paused");
        var pauses = await PausesAsync();

        var resumed = await stage.PostAsync(run, "resume", new { reason = "Is it lifted?" });

        resumed.Status.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.TrueAsync("it has paused again", async () => await PausesAsync() > pauses, SupportStage.Within, Cancelled);
        (await stage.Application.Sandbox.DataCallsAsync(run.Organisation, Cancelled)).ShouldBe(before);
        await Eventually.TrueAsync("it is listed as paused", async () => await stage.IsListedAsync(run, "state=paused"), SupportStage.Within, Cancelled);
    }

    [Fact]
    public async Task A_poisoned_record_is_left_out_with_a_reason_listed_in_every_receipt_and_copied_once_it_is_mended()
    {
        const string Poisoned = "6f1d54c4-0f5d-4a6f-9f3b-00000000dead";
        var run = await stage.PoisonAsync("Poisoned", Poisoned);
        var error = (await stage.GetAsync($"support/runs/{run.Client}/{run.Id}")).GetProperty("run").GetProperty("error");
        (Text(error, "dataset"), Text(error, "recordId")).ShouldBe(("invoices", Poisoned));

        foreach (var (wrong, field) in ((object, string)[])
        [
            (new { dataset = "invoices", recordId = Poisoned }, "reason"),
            (new { reason = new string('r', 151), dataset = "invoices", recordId = Poisoned }, "reason"),
            (new { reason = "why", dataset = "no-such-dataset", recordId = Poisoned }, "dataset"),
            (new { reason = "why", dataset = "invoices" }, "recordId"),
            (new { reason = "why", dataset = "invoices", recordId = "a b" }, "recordId"),
        ])
        {
            var refused = await stage.PostAsync(run, "skip", wrong);
            refused.Status.ShouldBe(HttpStatusCode.BadRequest);
            refused.Body.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(refused.Body.GetRawText());
        }
        var mistyped = await stage.PostAsync(run, "skip", new { reason = "why", dataset = "invoices", recordId = Poisoned[..^1] + "e" });
        mistyped.Status.ShouldBe(HttpStatusCode.Conflict);
        Text(mistyped.Body, "type").ShouldEndWith("not-that-record");
        var wanted = new { reason = "Case 21: Xero sends its status as a number", dataset = "invoices", recordId = Poisoned };
        (await stage.PostAsync(run, "skip", wanted)).Status.ShouldBe(HttpStatusCode.OK);
        (await stage.PostAsync(run, "skip", wanted)).Status.ShouldBe(HttpStatusCode.OK, "pressed twice");
        var rest = await stage.EndAsync(run.Client, Text((await stage.PostAsync(run, "replay", new { reason = "Go on without it" })).Body, "runId"));

        Text(rest, "outcome").ShouldBe("succeeded", rest.GetRawText());
        Text(rest, "words").ShouldContain("without 1 record that cannot be read");
        Left(rest).ShouldBe([(Poisoned, "Case 21: Xero sends its status as a number")]);
        (await stage.Application.Practice.HeldAsync(run.Client, Cancelled))["invoices"].ShouldBe(1);
        Left(await SyncAsync(run)).Count.ShouldBe(1);
        var audit = (await stage.AuditAsync(run.Client, "recordSkipped"))[0];
        (Text(audit, "memberName"), Text(audit, "after").Contains(Poisoned), Text(audit, "after").Contains("Case 21")).ShouldBe(("Sam Keene", true, true));
        (await stage.GetAsync($"support/runs/{run.Client}/{Text(rest, "id")}")).GetProperty("skippedRecords").GetArrayLength().ShouldBe(1);

        await stage.MendRecordAsync(run, Poisoned);
        var mended = await SyncAsync(run);
        Left(mended).ShouldBeEmpty();
        mended.GetProperty("timeline").EnumerateArray().Select(line => Text(line, "kind")).ShouldContain("record-mended");
        (await stage.Application.Practice.HeldAsync(run.Client, Cancelled))["invoices"].ShouldBe(2);
        (await stage.PostAsync(run, "unskip", wanted)).Status.ShouldBe(HttpStatusCode.OK, "what is not left out any more is read as it is");
    }

    private static List<(string Id, string Reason)> Left(System.Text.Json.JsonElement run) =>
        [.. run.GetProperty("receipt").GetProperty("skippedRecords").EnumerateArray().Select(one => (Text(one, "recordId"), Text(one, "reason")))];

    private async Task<System.Text.Json.JsonElement> SyncAsync(StagedRun run) => await stage.EndAsync(run.Client, await stage.Application.Practice.PressSyncAsync(run.Client, Cancelled));
}
