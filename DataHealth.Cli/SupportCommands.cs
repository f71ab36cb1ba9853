using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataHealth.Cli;

/// <summary><c>datahealth support …</c>: the runs of all practices, and what can be done about them.</summary>
internal sealed class SupportCommands
{
    private readonly Session _session;
    private readonly Argument<string> _client = new("client") { Description = "The client's id." };
    private readonly Argument<string> _run = new("run") { Description = "The run's id." };
    private readonly Option<string> _reason = new("--reason") { Description = "Why; the practice reads it in its audit.", Required = true };
    private readonly Option<string> _from = new("--from") { Description = "Where the replay begins.", DefaultValueFactory = _ => "checkpoint" };
    private readonly Option<string?> _code = new("--code") { Description = "Only runs of this cause, e.g. bad-answer." };
    private readonly Option<string?> _provider = new("--provider") { Description = "Only runs of this provider, e.g. xero." };
    private readonly Option<string?> _practice = new("--practice") { Description = "Only runs of this practice." };
    private readonly Option<int?> _older = new("--older-than") { Description = "Only runs that are in their state for longer than so many minutes." };

    private SupportCommands(Session session)
    {
        _session = session;
        _from.AcceptOnlyFromAmong("checkpoint", "start");
    }

    public static Command Create(Session session)
    {
        var commands = new SupportCommands(session);
        return new Command("support", "For our own staff: failed, stuck, paused and running syncs of all practices.")
        {
            session.Api,
            session.Json,
            commands.Runs(),
            commands.Run(),
            commands.Replay(),
            commands.Act("resume", "Lets a paused, suspended or stuck run go on now."),
            commands.Act("terminate", "Ends a run in flight. What was copied stays, and the schedule goes on."),
            commands.Skip("skip", "Lets syncs leave out a record that cannot be read; receipts list it until it is mended. Then replay the run."),
            commands.Skip("unskip", "Lets syncs read a record again that was left out."),
            commands.ReplayMany(),
            commands.ReplayProgress(),
        };
    }

    private Command Runs()
    {
        var state = new Option<string?>("--state") { Description = "Only runs that are in this state." };
        state.AcceptOnlyFromAmong("running", "paused", "stuck", "failed", "connectionLost");
        var most = new Option<int>("--most") { Description = "At most so many.", DefaultValueFactory = _ => 200 };
        var command = new Command("runs", "Lists the runs that somebody may have to look after.") { state, _code, _provider, _practice, _older, most };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _session.Open(parsed);
            (string Name, string? Value)[] wanted =
            [
                ("state", parsed.GetValue(state)), ("code", parsed.GetValue(_code)), ("provider", parsed.GetValue(_provider)), ("practice", parsed.GetValue(_practice)),
                ("olderThanMinutes", parsed.GetValue(_older)?.ToString(CultureInfo.InvariantCulture)),
            ];
            var filter = string.Concat(wanted.Select(part => part.Value is null ? "" : $"&{part.Name}={Uri.EscapeDataString(part.Value)}"));
            var items = new JsonArray();
            string? continuation = null;
            var left = Math.Max(1, parsed.GetValue(most));
            do
            {
                var page = await api.GetAsync($"support/runs?take={Math.Min(500, left)}{filter}{(continuation is null ? "" : $"&continuation={continuation}")}", cancellationToken);
                foreach (var item in page.GetProperty("items").EnumerateArray())
                    items.Add(JsonNode.Parse(item.GetRawText()));
                left -= page.GetProperty("items").GetArrayLength();
                continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
            }
            while (continuation is not null && left > 0);
            var all = JsonSerializer.SerializeToElement(items);
            _session.Screen(parsed).Show(all, screen =>
            {
                screen.Table(
                    ["client", "run", "practice", "provider", "state", "cause", "dataset", "since", "until"],
                    all.EnumerateArray().Select(one => (IReadOnlyList<string>)[
                        one.Text("clientId"), one.Text("runId"), one.Text("practiceId"), one.Text("provider"), one.Text("isStuck") == "yes" ? "stuck" : one.Text("state"), one.Text("code"),
                        one.Text("dataset"), one.Moment("since"), one.Moment("pausedUntil")]));
                screen.Line(continuation is null ? $"{all.GetArrayLength()} runs." : $"{all.GetArrayLength()} runs, and more: raise --most.");
            });
            return 0;
        });
        return command;
    }

    private Command Run()
    {
        var command = new Command("run", "Shows one run: state, cause, timeline, and where each dataset stands.") { _client, _run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _session.Open(parsed);
            var dossier = await api.GetAsync(Address(parsed), cancellationToken);
            _session.Screen(parsed).Show(dossier, screen => Print(screen, dossier));
            return 0;
        });
        return command;
    }

    private static void Print(Screen screen, JsonElement dossier)
    {
        var run = dossier.GetProperty("run");
        screen.Line($"Run {run.Text("id")} of client {run.Text("clientId")}, practice {dossier.Text("practiceId")}, {dossier.Text("provider")}: {(dossier.Text("isStuck") == "yes" ? "stuck" : run.Text("state"))} {run.Text("outcome")}");
        screen.Line(run.Text("words"));
        if (run.TryGetProperty("error", out var error))
            screen.Line($"Cause: {error.Text("code")} {error.Text("dataset")} {error.Text("recordId")} | {dossier.Text("technical")} | correlation {error.Text("correlationId")}");
        if (dossier.TryGetProperty("orchestration", out var orchestration))
            screen.Line($"Orchestration {orchestration.Text("instanceId")}: {orchestration.Text("status")}, {orchestration.Text("customStatus")}, last change {orchestration.Moment("lastUpdatedAt")} {orchestration.Text("errorType")}");
        screen.Table(
            ["dataset", "held", "complete up to", "done", "pass", "next page", "read", "of", "not available"],
            dossier.GetProperty("datasets").EnumerateArray().Select(one => (IReadOnlyList<string>)[
                one.Text("dataset"), one.Text("held"), one.Moment("completeUpTo"), one.Text("isDone"), one.Text("mode"), one.Text("nextPage"), one.Text("recordsRead"), one.Text("recordsToRead"),
                one.Text("unavailable")]));
        if (dossier.GetProperty("skippedRecords").GetArrayLength() > 0)
        {
            screen.Table(
                ["left out of", "record", "since", "reason"],
                dossier.GetProperty("skippedRecords").EnumerateArray().Select(one => (IReadOnlyList<string>)[one.Text("dataset"), one.Text("recordId"), one.Moment("since"), one.Text("reason")]));
        }
        if (run.TryGetProperty("timeline", out var timeline))
        {
            screen.Table(
                ["at", "what", "dataset", "words"],
                timeline.EnumerateArray().Select(line => (IReadOnlyList<string>)[line.Moment("at"), line.Text("kind"), line.Text("dataset"), line.Text("text")]));
        }
    }

    private Command Replay()
    {
        var command = new Command("replay", "Repeats a client's latest run once, from where it stopped or from the start.") { _client, _run, _reason, _from };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _session.Open(parsed);
            var answer = await api.PostAsync($"{Address(parsed)}/replay", new JsonObject { ["reason"] = parsed.GetValue(_reason), ["from"] = parsed.GetValue(_from) }, cancellationToken);
            _session.Screen(parsed).Show(answer, screen => screen.Line($"{answer.Text("words")} Run {answer.Text("runId")}."));
            return 0;
        });
        return command;
    }

    private Command Act(string what, string description)
    {
        var command = new Command(what, description) { _client, _run, _reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _session.Open(parsed);
            var answer = await api.PostAsync($"{Address(parsed)}/{what}", new JsonObject { ["reason"] = parsed.GetValue(_reason) }, cancellationToken);
            _session.Screen(parsed).Show(answer, screen => screen.Line(answer.Text("words")));
            return 0;
        });
        return command;
    }

    private Command Skip(string what, string description)
    {
        var dataset = new Argument<string>("dataset") { Description = "The dataset, as the run's cause names it." };
        var record = new Argument<string>("record") { Description = "The provider's id of the record, as the run's cause names it." };
        var command = new Command(what, description) { _client, _run, dataset, record, _reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _session.Open(parsed);
            var body = new JsonObject { ["reason"] = parsed.GetValue(_reason), ["dataset"] = parsed.GetValue(dataset), ["recordId"] = parsed.GetValue(record) };
            var answer = await api.PostAsync($"{Address(parsed)}/{what}", body, cancellationToken);
            _session.Screen(parsed).Show(answer, screen => screen.Line(answer.Text("words")));
            return 0;
        });
        return command;
    }

    private Command ReplayMany()
    {
        var go = new Option<bool>("--go") { Description = "Begin it. Without this it only says what it would do." };
        var reason = new Option<string?>("--reason") { Description = "Why; needed with --go." };
        var pace = new Option<int>("--per-minute") { Description = "Replays begun a minute.", DefaultValueFactory = _ => 60 };
        var command = new Command("replay-all", "Replays the failed runs that the filter finds, at a pace.") { _code, _provider, _practice, _older, _from, reason, pace, go };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _session.Open(parsed);
            var filter = new JsonObject();
            foreach (var (name, value) in ((string, JsonNode?)[])[
                ("code", parsed.GetValue(_code)), ("provider", parsed.GetValue(_provider)), ("practiceId", parsed.GetValue(_practice)), ("olderThanMinutes", parsed.GetValue(_older))])
            {
                if (value is not null)
                    filter[name] = value;
            }
            var body = new JsonObject { ["filter"] = filter, ["from"] = parsed.GetValue(_from), ["perMinute"] = parsed.GetValue(pace), ["dryRun"] = !parsed.GetValue(go) };
            if (parsed.GetValue(reason) is { } why)
                body["reason"] = why;
            var answer = await api.PostAsync("support/replays", body, cancellationToken);
            _session.Screen(parsed).Show(answer, screen => PrintBatch(screen, answer));
            return 0;
        });
        return command;
    }

    private Command ReplayProgress()
    {
        var batch = new Argument<string>("batch") { Description = "The id that replay-all printed." };
        var command = new Command("replay-progress", "Shows how far a replay-all is.") { batch };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = _session.Open(parsed);
            var answer = await api.GetAsync($"support/replays/{Uri.EscapeDataString(parsed.GetRequiredValue(batch))}", cancellationToken);
            _session.Screen(parsed).Show(answer, screen => PrintBatch(screen, answer));
            return 0;
        });
        return command;
    }

    private static void PrintBatch(Screen screen, JsonElement answer)
    {
        screen.Line(answer.Text("words"));
        if (answer.TryGetProperty("forecast", out var forecast))
            screen.Table(["cause", "runs"], forecast.GetProperty("byCode").EnumerateObject().Select(one => (IReadOnlyList<string>)[one.Name, one.Value.GetRawText()]));
        if (answer.TryGetProperty("progress", out var progress))
        {
            screen.Line($"Batch {answer.Text("id")}, begun {progress.Moment("startedAt")}: {progress.Text("reason")}");
            screen.Table(
                ["waiting", "started", "in flight already", "replayed before", "overtaken", "month used up", "not connected", "gone"],
                [[progress.Text("pending"), progress.Text("started"), progress.Text("inFlight"), progress.Text("alreadyReplayed"), progress.Text("outdated"), progress.Text("readsUsedUp"), progress.Text("notConnected"), progress.Text("gone")]]);
        }
    }

    private string Address(ParseResult parsed) =>
        $"support/runs/{Uri.EscapeDataString(parsed.GetRequiredValue(_client))}/{Uri.EscapeDataString(parsed.GetRequiredValue(_run))}";
}
