using System.Text.Json;
using Azure;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Reads Xero books, page by page. What it can send are GETs of the datasets' lists: no method that writes exists.</summary>
public sealed partial class XeroBooksReader : IBooksReader
{
    private readonly XeroCalls _calls;
    private readonly XeroOrders _orders;
    private readonly CallGate _gate;
    private readonly IAccessTokens _tokens;
    private readonly IProviderAuthorization _authorization;
    private readonly XeroOptions _app;
    private readonly TimeProvider _time;
    private readonly ILogger<XeroBooksReader> _logger;

    internal XeroBooksReader(
        XeroCalls calls, XeroOrders orders, CallGate gate, IAccessTokens tokens, IProviderAuthorization authorization, IOptions<XeroOptions> options, TimeProvider time, ILogger<XeroBooksReader> logger) =>
        (_calls, _orders, _gate, _tokens, _authorization, _app, _time, _logger) = (calls, orders, gate, tokens, authorization, options.Value, time, logger);

    /// <inheritdoc />
    public Task<PageOutcome> ReadPageAsync(Books books, Dataset dataset, PageRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Page, 1);
        var since = dataset.IsIncremental ? request.ModifiedSince : null;
        return ReadAsync(books, Own(dataset), request with { ModifiedSince = since }, _app.PageSize, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<PageOutcome> CountAsync(Books books, Dataset dataset, CallPriority priority, CancellationToken cancellationToken)
    {
        if (!dataset.IsCountable)
            throw new ArgumentException($"'{dataset.Name}' cannot be counted in one call.", nameof(dataset));
        var outcome = await ReadAsync(books, Own(dataset), new PageRequest(1, null, priority), pageSize: 1, cancellationToken);
        if (outcome is not PageOutcome.Page page)
            return outcome;
        page.Dispose();
        return page.ItemCount is null
            ? new PageOutcome.Failed(new(FaultKind.BadAnswer, $"{dataset.Name}: a paged answer without itemCount.")) { Cost = page.Cost }
            : new PageOutcome.Page([], null, page.ItemCount, page.ProviderTime) { Cost = page.Cost };
    }

    /// <inheritdoc />
    public Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken) => _gate.HeadroomAsync(organisation, cancellationToken);

    private static XeroDataset Own(Dataset dataset) => dataset as XeroDataset ?? throw new ArgumentException($"'{dataset.Name}' is not a dataset of Xero.", nameof(dataset));

    private async Task<PageOutcome> ReadAsync(Books books, XeroDataset dataset, PageRequest request, int pageSize, CancellationToken cancellationToken)
    {
        var counter = new WireCounter { Dataset = dataset.Name, Page = request.Page };
        try
        {
            return await RoundsAsync(books, dataset, request, pageSize, counter, cancellationToken) with { Cost = counter.Cost };
        }
        catch (RequestFailedException problem)
        {
            return new PageOutcome.Failed(new(FaultKind.OurStorage, $"Storage status {problem.Status} {problem.ErrorCode}.")) { Cost = counter.Cost };
        }
    }

    private async Task<PageOutcome> RoundsAsync(Books books, XeroDataset dataset, PageRequest request, int pageSize, WireCounter counter, CancellationToken cancellationToken)
    {
        // A pass goes on in the order in which it was begun, whatever has been learnt since by this process or another.
        var byChange = request.Cursor is { } order ? order == XeroQuery.ByChange
            : dataset.IsCountable && await _orders.IsByChangeAsync(books.Organisation, dataset, cancellationToken);
        var (token, refusal) = Token(await _tokens.GetAsync(books.Grant, cancellationToken));
        var renewed = false;
        while (token is not null)
        {
            var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
            var (address, fixedId) = XeroQuery.Page(_app, dataset, request.Page, pageSize, byChange, today);
            var current = token;
            switch (await _calls.GetAsync(books.Organisation, address, current, request.ModifiedSince, request.Priority, counter, cancellationToken))
            {
                case CallEnd.Answered(var answer, var body):
                    return Page(dataset, request.Page, pageSize, fixedId, byChange, answer, body);
                case CallEnd.Limited(var limit, var until, var isEstimate):
                    return new PageOutcome.Limited(limit, until, isEstimate);
                case CallEnd.Broken { Fault: var fault }:
                    return new PageOutcome.Failed(fault);
                case CallEnd.Refused refused:
                    var read = XeroRefusal.Read(refused);
                    Log.Refused(_logger, dataset.Name, read.Fault.Kind, read.Fault.Technical, read.Fault.CorrelationId);
                    if (read.Kind == XeroRefusalKind.TokenRefused && !renewed)
                    {
                        renewed = true;
                        (token, refusal) = Token(await _tokens.RenewAsync(books.Grant, current, cancellationToken));
                    }
                    else if (read.Kind == XeroRefusalKind.HighVolume && !byChange && dataset.IsCountable)
                    {
                        await _orders.RememberAsync(books.Organisation, dataset, cancellationToken);

                        // In the middle of a pass the two orders would mix, and rows would be skipped.
                        if (request.Page > 1)
                            return new PageOutcome.OrderRefused(read.Fault);
                        byChange = true;
                    }
                    else
                    {
                        return read.Kind == XeroRefusalKind.Forbidden
                            ? await ForbiddenAsync(books.Organisation, current, read.Fault, counter, cancellationToken)
                            : new PageOutcome.Failed(read.Fault);
                    }

                    break;
                case var other:
                    throw new InvalidOperationException($"A call cannot end as {other.GetType().Name}.");
            }
        }

        return refusal!;
    }

    private static (string? Token, PageOutcome? Refusal) Token(AccessTokenOutcome outcome) => outcome switch
    {
        AccessTokenOutcome.Token token => (token.Value, null),
        AccessTokenOutcome.Lost lost => (null, new PageOutcome.ConnectionLost(lost.Fault)),
        AccessTokenOutcome.Unavailable unavailable => (null, new PageOutcome.Failed(unavailable.Fault)),
        _ => throw new InvalidOperationException($"A token cannot be {outcome.GetType().Name}."),
    };

    private PageOutcome Page(XeroDataset dataset, int number, int pageSize, string? fixedId, bool byChange, WireAnswer answer, AnswerBody body)
    {
        try
        {
            if (answer.MediaType is not ("application/json" or "text/json"))
                throw new JsonException($"Content type {(answer.MediaType is { Length: <= 60 } type ? type : "none")}.");
            var page = XeroPage.Read(body.Bytes, dataset, fixedId);
            var items = dataset.Shape == XeroShape.AssetPages ? null : page.ItemCount;
            return new PageOutcome.Page(page.Records, XeroQuery.Next(dataset, number, pageSize, page), items, page.ServiceTime ?? answer.Time ?? _time.GetUtcNow())
            {
                Cursor = dataset.IsCountable ? (byChange ? XeroQuery.ByChange : XeroQuery.ById) : null,
                CorrelationId = answer.CorrelationId,
                Release = body.Dispose,
            };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8. The reader's own message may quote the books, so only our words go on.
            body.Dispose();
            var why = problem.GetType() == typeof(JsonException) ? problem.Message : "Not JSON, or cut short.";
            Log.BadAnswer(_logger, dataset.Name, why, answer.CorrelationId);
            return new PageOutcome.Failed(new(FaultKind.BadAnswer, $"{dataset.Name}: {why}", answer.CorrelationId));
        }
    }

    // The same 403 stands for "the organisation is gone" and for "this user may not": only the list of connections tells them apart.
    private async Task<PageOutcome> ForbiddenAsync(OrganisationId organisation, string token, ProviderFault fault, WireCounter counter, CancellationToken cancellationToken)
    {
        counter.Calls++;
        switch (await _calls.AskAsync(counter.Dataset, () => _authorization.OrganisationsAsync(token, ownerId: "", consentId: null, cancellationToken)))
        {
            case OrganisationsOutcome.Listed listed when listed.Organisations.Any(one => string.Equals(one.Id.Id, organisation.Id, StringComparison.OrdinalIgnoreCase)):
                return new PageOutcome.Failed(fault);
            case OrganisationsOutcome.Listed:
                return new PageOutcome.ConnectionLost(fault with { Kind = FaultKind.OrganisationRemoved });
            case OrganisationsOutcome.Failed failed:
                return new PageOutcome.Failed(failed.Fault);
            default:
                return new PageOutcome.Failed(fault with { Kind = FaultKind.ProviderUnavailable, Technical = $"{fault.Technical} The list of connections was refused as well." });
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Xero refused {Dataset}: {Kind}, {Technical}, correlation id {CorrelationId}.")]
        public static partial void Refused(ILogger logger, string dataset, FaultKind kind, string technical, string? correlationId);

        [LoggerMessage(2, LogLevel.Warning, "Xero's answer for {Dataset} cannot be read: {Why} Correlation id {CorrelationId}.")]
        public static partial void BadAnswer(ILogger logger, string dataset, string why, string? correlationId);
    }
}
