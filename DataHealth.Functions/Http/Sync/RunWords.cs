using System.Globalization;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;

namespace DataHealth.Functions.Http.Sync;

/// <summary>Runs in our JSON dialect, and each of them in a sentence.</summary>
internal static class RunWords
{
    public static RunBody Of(RunRecord run) => new()
    {
        Id = run.RunId.Value,
        ClientId = run.ClientId.Value,
        State = run.State,
        Trigger = run.Trigger,
        Words = Sentence(run, null),
        RequestedAt = run.RequestedAt.ToUniversalTime(),
        EndedAt = run.FinishedAt?.ToUniversalTime(),
        Outcome = run.Outcome,
        Pause = run.Pause is { } pause ? new(pause.Limit, pause.Since.ToUniversalTime(), pause.Until.ToUniversalTime(), pause.IsEstimate, Wait(pause)) : null,
        Error = run.Error is { } error ? new(error.Code, error.Title, error.Detail, error.ReconnectMends, error.Dataset, error.CorrelationId, error.RecordId) : null,
        Receipt = run.Receipt is { } receipt ? new(receipt.Calls, receipt.Bytes, null, null) : null,
        NextDueAt = run.NextDueAt?.ToUniversalTime(),
        ReplayOf = run.ReplayOf?.Value,
    };

    public static RunBody Of(RunRecord run, SyncProgress? progress, IReadOnlyList<RunEvent> events) => Of(run) with
    {
        Words = IsTryingAgain(run, events) ? $"{events[^1].Text} It is tried again by itself, after a longer rest each time. {Sentence(run, progress)}" : Sentence(run, progress),
        Progress = progress is null ? null : new(
            progress.Percent, progress.RecordsDone, progress.RecordsTotal, progress.Calls, progress.ExpectedEnd?.ToUniversalTime(), [.. progress.Datasets.Select(Of)]),
        Receipt = run.Receipt is { } receipt ? new(receipt.Calls, receipt.Bytes, [.. receipt.Datasets.Select(Of)], [.. receipt.SkippedRecords.Select(Of)]) { Health = Of(receipt.Health) } : null,
        Timeline = [.. events.Select(line => new TimelineBody(line.At.ToUniversalTime(), line.Kind, line.Dataset, line.Text))],
    };

    private static bool IsTryingAgain(RunRecord run, IReadOnlyList<RunEvent> events) => run.State is RunState.Running && events is [.., { Kind: "failed" }];

    public static RunStartedBody Of(SyncTicket ticket)
    {
        var start = ticket.State switch
        {
            TicketState.Started => RunStart.Started,
            TicketState.AlreadyReplayed => RunStart.AlreadyReplayed,
            TicketState.InFlight => RunStart.InFlight,
            _ => RunStart.Joined,
        };
        var words = ticket switch
        {
            { State: TicketState.AlreadyReplayed } => "That run was replayed before; this is the run that did it.",
            { State: TicketState.InFlight } => "Another sync of this client is in flight, so that run was not replayed. The one in flight goes on from the same checkpoint; replay it if it fails.",
            { State: TicketState.Started } => "The sync has been started.",
            { PausedUntil: { } until } =>
                $"A sync is in flight and waits for a limit of the provider until {Moment(until)}. It then goes on by itself, and makes one more pass for what changed meanwhile.",
            _ => "A sync is in flight. It makes one more pass for what changed meanwhile, before it ends.",
        };
        return new(ticket.RunId!.Value.Value, start, words, ticket.PausedUntil?.ToUniversalTime());
    }

    public static ForecastBody Of(SyncForecast forecast)
    {
        var counted = $"{Count(forecast.Records)} records in about {Count(forecast.Calls)} calls";
        var words = forecast.Days > 1
            ? $"{counted}: the provider allows {Count(forecast.CallsPerDay ?? 0)} calls a day, so it takes about {forecast.Days} days. It pauses at the limit and goes on by itself."
            : $"{counted}: about {Math.Max(1, forecast.Minutes)} minute{(forecast.Minutes > 1 ? "s" : "")} at the provider's limits.";
        return new(
            forecast.Records, forecast.Calls, forecast.Minutes, forecast.Days, forecast.CallsPerDay, forecast.IsPartial, forecast.At.ToUniversalTime(), words,
            [.. forecast.Datasets.Select(dataset => new DatasetForecastBody(dataset.Dataset, dataset.Records, dataset.Calls))]);
    }

    private static HealthStepBody? Of(HealthStep? step) => step is not { } state ? null : new(state, state switch
    {
        HealthStep.Recalculated => "The score is of this copy.",
        HealthStep.Overtaken => "Another recalculation began later: the score is its.",
        HealthStep.NothingToJudge => "There was nothing to judge.",
        _ => "The copy is good, but the score could not be recalculated: the one of before stays. Press Recalculate; if it stays so, our support can see why.",
    });

    public static SkippedRecordBody Of(SkippedRecord record) => new(record.Dataset, record.Id, record.Reason, record.Since.ToUniversalTime());

    private static DatasetProgressBody Of(DatasetProgress dataset) => new(
        dataset.Dataset, dataset.Title, dataset.Mode, dataset.RecordsDone, dataset.RecordsTotal, dataset.Held, dataset.IsDone, dataset.Unavailable, dataset.UpTo?.ToUniversalTime());

    private static DatasetReceiptBody Of(DatasetReceipt dataset) => new(
        dataset.Dataset, dataset.New, dataset.Changed, dataset.Unchanged, dataset.Deleted, dataset.Skipped, dataset.Held, dataset.ProviderCount, dataset.Difference,
        dataset.Calls, dataset.Bytes, dataset.Unavailable);

    private static string Sentence(RunRecord run, SyncProgress? progress) => run switch
    {
        { State: RunState.Paused, Pause: { } pause } => Wait(pause),
        { State: not RunState.Finished, Round: > 1 } when progress is { RecordsDone: > 0 } && progress.RecordsDone >= progress.RecordsTotal =>
            $"{Count(progress.RecordsDone)} records are copied. It looks once more at what has changed since, as somebody asked meanwhile.",
        { State: not RunState.Finished } when progress is { RecordsDone: > 0, IsSized: false } => $"Copying: {Count(progress.RecordsDone)} records so far.",
        { State: not RunState.Finished } when progress is { RecordsTotal: > 0 } =>
            $"Copying: {Count(progress.RecordsDone)} of about {Count(progress.RecordsTotal)} records"
            + (progress.ExpectedEnd is { } end ? $", done at about {Moment(end)}." : "."),
        { State: not RunState.Finished } => "Copying.",
        { Outcome: RunOutcome.Succeeded or RunOutcome.SucceededWithGaps, Receipt.SkippedRecords.Count: > 0 and var left } =>
            $"Copied, as of {Moment(run.FinishedAt ?? run.RequestedAt)}, without {Count(left)} record{(left == 1 ? "" : "s")} that cannot be read: the receipt lists what is left out and why.",
        { Outcome: RunOutcome.Succeeded } => $"Everything is copied, as of {Moment(run.FinishedAt ?? run.RequestedAt)}.",
        { Outcome: RunOutcome.SucceededWithGaps } => $"Everything that we may read is copied, as of {Moment(run.FinishedAt ?? run.RequestedAt)}. Some parts of the books are not available to us.",
        { Outcome: RunOutcome.Ended, Error: null } => "A person ended it.",
        { Outcome: RunOutcome.Superseded } => "A newer sync took over.",
        { Error: { } error } => $"{error.Title} {error.Detail}",
        { Outcome: RunOutcome.ConnectionLost } => "The connection to the books ended. The data copied so far stays.",
        _ => "It did not finish. Our support can replay it from where it stopped; the data copied so far stays.",
    };

    private static string Wait(RunPause pause)
    {
        var until = pause.IsEstimate ? $"at {Moment(pause.Until)} at the latest" : $"at {Moment(pause.Until)}";
        return pause.Limit switch
        {
            LimitKind.Day => $"The provider's daily limit of calls is used up. It goes on by itself {until}.",
            LimitKind.DayReserve => $"The rest of the day's calls is kept for people who press Sync. It goes on by itself {until}.",
            LimitKind.AppMinute => $"The provider limits all our clients together for the moment. It goes on by itself {until}.",
            LimitKind.Month => $"The provider takes no more calls from us until its month ends or our plan there is raised. It is tried again by itself {until}.",
            LimitKind.Second or LimitKind.Minute or LimitKind.Concurrent => $"The provider limits calls in a minute. It goes on by itself {until}.",
            _ => $"A limit of the provider holds it. It goes on by itself {until}.",
        };
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
