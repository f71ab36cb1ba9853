using System.Text.Json;
using Azure;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>Reads QuickBooks books. What it can send are GETs of queries, changes and reports: no method that writes exists.</summary>
public sealed partial class QuickBooksBooksReader : IBooksReader
{
    private const int MostStepsBack = 5;

    private readonly QuickBooksSession _session;
    private readonly QuickBooksChanges _changes;
    private readonly CallGate _gate;
    private readonly QuickBooksOptions _app;
    private readonly TimeProvider _time;
    private readonly ILogger<QuickBooksBooksReader> _logger;

    internal QuickBooksBooksReader(
        QuickBooksSession session, QuickBooksChanges changes, CallGate gate, IOptions<QuickBooksOptions> options, TimeProvider time, ILogger<QuickBooksBooksReader> logger) =>
        (_session, _changes, _gate, _app, _time, _logger) = (session, changes, gate, options.Value, time, logger);

    /// <inheritdoc />
    public Task<PageOutcome> ReadPageAsync(Books books, Dataset dataset, PageRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Page, 1);
        var own = Own(dataset);
        return CountedAsync(new WireCounter { Dataset = own.Name, Page = request.Page }, counter => own switch
        {
            { IsReport: true } => ReportAsync(books, own, request, counter, cancellationToken),
            { IsIncremental: true } when request is { ModifiedSince: { } since, Cursor: null } => ChangedAsync(books, own, request, since, counter, cancellationToken),
            _ => RowsAsync(books, own, request, counter, cancellationToken),
        });
    }

    /// <inheritdoc />
    public Task<PageOutcome> CountAsync(Books books, Dataset dataset, CallPriority priority, CancellationToken cancellationToken)
    {
        if (!dataset.IsCountable)
            throw new ArgumentException($"'{dataset.Name}' cannot be counted in one call.", nameof(dataset));
        return CountedAsync(new WireCounter { Dataset = dataset.Name }, counter => TotalAsync(books, Own(dataset), priority, counter, cancellationToken));
    }

    /// <inheritdoc />
    public Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken) => _gate.HeadroomAsync(organisation, cancellationToken);

    private static QuickBooksDataset Own(Dataset dataset) => dataset as QuickBooksDataset ?? throw new ArgumentException($"'{dataset.Name}' is not a dataset of QuickBooks.", nameof(dataset));

    private static async Task<PageOutcome> CountedAsync(WireCounter counter, Func<WireCounter, Task<PageOutcome>> read)
    {
        try
        {
            return await read(counter) with { Cost = counter.Cost };
        }
        catch (RequestFailedException problem)
        {
            return new PageOutcome.Failed(new(FaultKind.OurStorage, $"Storage status {problem.Status} {problem.ErrorCode}.")) { Cost = counter.Cost };
        }
    }

    private async Task<PageOutcome> TotalAsync(Books books, QuickBooksDataset dataset, CallPriority priority, WireCounter counter, CancellationToken cancellationToken)
    {
        var end = await _session.GetAsync(books, QuickBooksQuery.Count(_app, books.Organisation.Id, dataset), priority, counter, cancellationToken);
        if (end is not SessionEnd.Answered answered)
            return ((SessionEnd.Ended)end).Outcome;
        using (answered.Body)
        {
            var (page, refusal) = Parse(dataset, answered, QuickBooksPage.Read, page => page.Fault);
            if (page is null)
                return refusal!;
            return page.TotalCount is { } count
                ? new PageOutcome.Page([], null, count, page.ServiceTime ?? answered.Answer.Time ?? _time.GetUtcNow())
                : Bad(dataset, "A count without totalCount.", answered.Answer.CorrelationId);
        }
    }

    private async Task<PageOutcome> RowsAsync(Books books, QuickBooksDataset dataset, PageRequest request, WireCounter counter, CancellationToken cancellationToken)
    {
        // A single record is read whole: whether such an entity knows conditions is not documented.
        var since = dataset is { IsIncremental: true, IsSingle: false } ? request.ModifiedSince : null;
        var place = request.Cursor is { } cursor ? QuickBooksPlace.Parse(cursor) : QuickBooksPlace.Beginning;
        for (var step = 0; step <= MostStepsBack; step++)
        {
            // Rows that were deleted meanwhile moved those behind them forward: look for the last one that we have a little further ahead.
            var start = Math.Max(1, place.Start - (_app.PageSize * step / 2));
            var end = await _session.GetAsync(books, QuickBooksQuery.Page(_app, books.Organisation.Id, dataset, since, start), request.Priority, counter, cancellationToken);
            if (end is not SessionEnd.Answered answered)
                return ((SessionEnd.Ended)end).Outcome;
            var (page, refusal) = Parse(dataset, answered, QuickBooksPage.Read, page => page.Fault);
            if (page is null)
                return refusal!;
            var rows = page.Of(dataset.Source);
            if (rows.Any(row => row.IsGone) || page.Entities.Any(entity => entity != dataset.Source))
            {
                answered.Body.Dispose();
                return Bad(dataset, "The answer holds something else than was asked for.", answered.Answer.CorrelationId);
            }

            if (place.Behind(rows, start) is not { } first)
            {
                answered.Body.Dispose();
                continue;
            }

            // Nothing settles whether it counts the whole set or the page: where it says no more than a full page itself, it says nothing.
            var total = page.TotalCount is { } told && (told > rows.Count || (start == 1 && rows.Count < _app.PageSize)) ? told : (int?)null;
            var isFull = rows.Count >= _app.PageSize && !(total is { } all && start + rows.Count - 1 >= all);
            // How large a dataset is settles how it is stored, before its first record is: where the page does not say, one call asks.
            if (isFull && total is null && !dataset.IsMinor && request is { Page: 1, ModifiedSince: null })
                total = (await TotalAsync(books, dataset, request.Priority, counter, cancellationToken) as PageOutcome.Page)?.ItemCount;
            return new PageOutcome.Page(rows.Skip(first).ToList(), isFull ? request.Page + 1 : null, total, page.ServiceTime ?? answered.Answer.Time ?? _time.GetUtcNow())
            {
                Cursor = place.After(rows, start).ToString(),
                HidesDeletions = since is not null,
                CorrelationId = answered.Answer.CorrelationId,
                Release = answered.Body.Dispose,
            };
        }

        return new PageOutcome.OrderRefused(new(FaultKind.BadAnswer, $"{dataset.Name}: so much was deleted while it was read that the place was lost."));
    }

    private async Task<PageOutcome> ChangedAsync(Books books, QuickBooksDataset dataset, PageRequest request, DateTimeOffset since, WireCounter counter, CancellationToken cancellationToken)
    {
        if (since < _time.GetUtcNow() - _app.ChangesHorizon)
            return await RowsAsync(books, dataset, request, counter, cancellationToken);
        var (end, isShared) = await _changes.TakeAsync(
            books.Organisation, request.Flight, dataset, since, (from, datasets, stop) => AskAsync(books, datasets, from, request.Priority, stop), cancellationToken);
        Charge(counter, end);
        if (end is ChangesEnd.Answered { Page.Count: var many } && many >= _app.FullChanges && isShared)
        {
            // Cut, for every entity in it: this one alone may still fit, and then its deletions are told of too.
            end = await AskAsync(books, [dataset], since, request.Priority, cancellationToken);
            Charge(counter, end);
        }

        return end switch
        {
            ChangesEnd.Ended ended => ended.Outcome,
            ChangesEnd.Answered answered when answered.Page.Count < _app.FullChanges => new PageOutcome.Page(answered.Page.Of(dataset.Source), null, null, answered.Time),
            _ => await RowsAsync(books, dataset, request, counter, cancellationToken),
        };

        static void Charge(WireCounter counter, ChangesEnd end) => (counter.Calls, counter.Bytes) = (counter.Calls + end.Cost.Calls, counter.Bytes + end.Cost.Bytes);
    }

    private async Task<ChangesEnd> AskAsync(Books books, IReadOnlyList<QuickBooksDataset> datasets, DateTimeOffset from, CallPriority priority, CancellationToken cancellationToken)
    {
        var counter = new WireCounter { Dataset = datasets is [var one] ? one.Name : "changes" };
        try
        {
            return await AskAsync(books, datasets, from, priority, counter, cancellationToken) with { Cost = counter.Cost };
        }
        catch (RequestFailedException problem)
        {
            return new ChangesEnd.Ended(new PageOutcome.Failed(new(FaultKind.OurStorage, $"Storage status {problem.Status} {problem.ErrorCode}."))) { Cost = counter.Cost };
        }
    }

    private async Task<ChangesEnd> AskAsync(
        Books books, IReadOnlyList<QuickBooksDataset> datasets, DateTimeOffset from, CallPriority priority, WireCounter counter, CancellationToken cancellationToken)
    {
        var horizon = _time.GetUtcNow() - _app.ChangesHorizon;
        var end = await _session.GetAsync(books, QuickBooksQuery.Changes(_app, books.Organisation.Id, datasets, from < horizon ? horizon : from), priority, counter, cancellationToken);
        if (end is SessionEnd.Ended { Outcome: PageOutcome.Failed { Fault.Kind: FaultKind.RequestRefused or FaultKind.NotInPlan or FaultKind.UserRightMissing } refused })
        {
            Log.NotTaken(_logger, refused.Fault.Technical, refused.Fault.CorrelationId);
            return new ChangesEnd.NotTaken();
        }

        if (end is not SessionEnd.Answered answered)
            return new ChangesEnd.Ended(((SessionEnd.Ended)end).Outcome);
        using (answered.Body)
        {
            // The answer outlives its call: its memory must be its own.
            byte[] copy = answered.Body.Bytes.ToArray();
            var (page, refusal) = Parse(QuickBooksDatasets.All[0] with { Name = "changes" }, answered, _ => QuickBooksPage.Read(copy), page => page.Fault);
            return page is null ? Unread(refusal!) : new ChangesEnd.Answered(page, page.ServiceTime ?? answered.Answer.Time ?? _time.GetUtcNow(), copy.Length);
        }
    }

    // A fault may come with a 200 as well.
    private static ChangesEnd Unread(PageOutcome refusal) =>
        refusal is PageOutcome.Failed { Fault.Kind: FaultKind.RequestRefused or FaultKind.NotInPlan or FaultKind.UserRightMissing } ? new ChangesEnd.NotTaken() : new ChangesEnd.Ended(refusal);

    // A report that is cut shows less than there is, and nothing says where: the span is read in halves until each fits.
    private async Task<PageOutcome> ReportAsync(Books books, QuickBooksDataset dataset, PageRequest request, WireCounter counter, CancellationToken cancellationToken)
    {
        var left = request.Cursor is { } cursor
            ? new Stack<DaySpan>(cursor.Split(' ').Select(part => DaySpan.TryParse(part, out var span) ? span : throw new FormatException("A cursor of another making.")).Reverse())
            : new Stack<DaySpan>([QuickBooksQuery.Window(dataset, DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime))]);
        var days = left.Pop();
        var end = await _session.GetAsync(books, QuickBooksQuery.Report(_app, books.Organisation.Id, dataset, days), request.Priority, counter, cancellationToken);
        if (end is not SessionEnd.Answered answered)
            return ((SessionEnd.Ended)end).Outcome;
        var (report, refusal) = Parse(dataset, answered, QuickBooksReport.Read, report => report.Fault);
        if (report is null)
            return refusal!;
        List<SourceRecord> records = [];
        if (!report.IsCut)
        {
            records.Add(new(days.ToString(), null, false, answered.Body.Bytes));
        }
        else if (days.Halves(dataset.Split) is { } halves)
        {
            left.Push(halves.Second);
            left.Push(halves.First);
        }
        else
        {
            answered.Body.Dispose();
            var least = dataset.Split switch { ReportSplit.Days => "a single day", ReportSplit.Months => "a single month", _ => "its only span: it cannot be put together of shorter ones" };
            return new PageOutcome.Failed(new(FaultKind.HighVolumeRefused, $"{dataset.Name}: cut even for {least}.", answered.Answer.CorrelationId));
        }

        return new PageOutcome.Page(records, left.Count > 0 ? request.Page + 1 : null, null, report.ServiceTime ?? answered.Answer.Time ?? _time.GetUtcNow())
        {
            Cursor = left.Count > 0 ? string.Join(' ', left) : null,
            Release = answered.Body.Dispose,
        };
    }

    /// <summary>Reads a body; what cannot be read, or is a fault in spite of its 200, gives the body back and says what it is.</summary>
    private (T? Parsed, PageOutcome? Refusal) Parse<T>(QuickBooksDataset dataset, SessionEnd.Answered answered, Func<ReadOnlyMemory<byte>, T> read, Func<T, QuickBooksFault?> fault)
        where T : class
    {
        try
        {
            if (answered.Answer.MediaType is not ("application/json" or "text/json" or "text/plain"))
                throw new JsonException($"Content type {(answered.Answer.MediaType is { Length: <= 60 } type ? type : "none")}.");
            var parsed = read(answered.Body.Bytes);
            if (fault(parsed) is not { } found)
                return (parsed, null);
            answered.Body.Dispose();
            var refusal = QuickBooksRefusal.Read(answered.Answer.Status, found, answered.Answer.CorrelationId);
            Log.Refused(_logger, dataset.Name, refusal.Fault.Kind, refusal.Fault.Technical, refusal.Fault.CorrelationId);
            return (null, new PageOutcome.Failed(refusal.Kind == QuickBooksRefusalKind.Final ? refusal.Fault : refusal.Fault with { Kind = FaultKind.ProviderUnavailable }));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8. The parser's own message may quote the books, so only our words go on.
            answered.Body.Dispose();
            return (null, Bad(dataset, problem.GetType() == typeof(JsonException) ? problem.Message : "Not JSON, or cut short.", answered.Answer.CorrelationId));
        }
    }

    private PageOutcome.Failed Bad(QuickBooksDataset dataset, string why, string? correlationId)
    {
        Log.BadAnswer(_logger, dataset.Name, why, correlationId);
        return new(new(FaultKind.BadAnswer, $"{dataset.Name}: {why}", correlationId));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "QuickBooks refused {Dataset}: {Kind}, {Technical}, correlation id {CorrelationId}.")]
        public static partial void Refused(ILogger logger, string dataset, FaultKind kind, string technical, string? correlationId);

        [LoggerMessage(2, LogLevel.Warning, "QuickBooks' answer for {Dataset} cannot be read: {Why} Correlation id {CorrelationId}.")]
        public static partial void BadAnswer(ILogger logger, string dataset, string why, string? correlationId);

        [LoggerMessage(3, LogLevel.Warning, "QuickBooks does not take the question for changes, so that each dataset asks for itself: {Technical}, correlation id {CorrelationId}.")]
        public static partial void NotTaken(ILogger logger, string technical, string? correlationId);
    }
}
