using System.Diagnostics;
using System.Net;
using Azure;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace DataHealth.Core.Providers.Wire;

/// <summary>
/// Sends reads to a provider. Every attempt takes its own place in the gate, and what it shows of the limits goes back with the place. Transport faults and 5xx are tried again with jittered
/// waits, a few times; a limit never is: it is an outcome, unless it lifts within the few seconds that a reader waits.
/// </summary>
internal sealed partial class WireCalls
{
    private const int MostRefusals = 3;
    private const int LargestErrorText = 16 * 1024;

    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly CallGate _gate;
    private readonly WireRules _rules;
    private readonly WireDialect _dialect;
    private readonly ProviderMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<CallEnd> _retries;

    public WireCalls(HttpClient http, CallGate gate, WireRules rules, WireDialect dialect, ProviderMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_http, _gate, _rules, _dialect, _metrics, _time, _logger) = (http, gate, rules, dialect, metrics, time, logger);
        var retries = new ResiliencePipelineBuilder<CallEnd> { TimeProvider = time };
        if (_rules.Attempts > 1)
        {
            retries.AddRetry(new RetryStrategyOptions<CallEnd>
            {
                // Who asks for more time than a reader waits gets it: the caller's own retries are minutes apart.
                ShouldHandle = new PredicateBuilder<CallEnd>().HandleResult(end => end is CallEnd.Broken { IsTransient: true } broken && !(broken.RetryAfter > LongestRetryDelay)),
                DelayGenerator = static attempt => ValueTask.FromResult((attempt.Outcome.Result as CallEnd.Broken)?.RetryAfter),
                MaxRetryAttempts = _rules.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _rules.RetryDelay,
                MaxDelay = LongestRetryDelay,
            });
        }

        _retries = retries.Build();
    }

    /// <summary>Makes one call.</summary>
    /// <param name="organisation">Whose books.</param>
    /// <param name="make">A new request for each attempt.</param>
    /// <param name="priority">Who waits.</param>
    /// <param name="counter">Learns the cost of every attempt.</param>
    /// <param name="cancellationToken">Stops it; the place in the gate is given back.</param>
    /// <exception cref="RequestFailedException">Our storage did not answer.</exception>
    public async Task<CallEnd> SendAsync(OrganisationId organisation, Func<HttpRequestMessage> make, CallPriority priority, WireCounter counter, CancellationToken cancellationToken) =>
        await _retries.ExecuteAsync(async cancellation => await AttemptAsync(make, organisation, priority, counter, cancellation), cancellationToken);

    private async Task<CallEnd> AttemptAsync(Func<HttpRequestMessage> make, OrganisationId organisation, CallPriority priority, WireCounter counter, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        for (var refusals = 0; ;)
        {
            var answer = await _gate.AcquireAsync(organisation, priority, cancellationToken);
            if (answer is GateAnswer.Denied denied)
            {
                var wait = denied.Until - _time.GetUtcNow();
                wait = wait > TimeSpan.FromMilliseconds(10) ? wait : TimeSpan.FromMilliseconds(10);
                if (refusals > MostRefusals || waited + wait > _rules.LongestWait)
                    return new CallEnd.Limited(denied.Limit, denied.Until, denied.IsEstimate);
                waited += wait;
                await Task.Delay(wait, _time, cancellationToken);
                continue;
            }

            var end = await SendAsync(make, ((GateAnswer.Granted)answer).Lease, counter, cancellationToken);
            if (end is not CallEnd.LimitHit)
                return end;
            refusals++;
            if (refusals > MostRefusals + 1)
                return new CallEnd.Limited(LimitKind.Unknown, _time.GetUtcNow() + _rules.MinuteWindow, IsEstimate: true);
        }
    }

    private async Task<CallEnd> SendAsync(Func<HttpRequestMessage> make, CallLease lease, WireCounter counter, CancellationToken cancellationToken)
    {
        using var request = make();
        using var timeout = new CancellationTokenSource(_rules.CallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var path = request.RequestUri!.AbsolutePath;
        var sentAt = _time.GetUtcNow();
        LimitObservation? seen = null;
        string? correlation = null;
        var hasBody = false;
        int? status = null;
        var bytesBefore = counter.Bytes;
        counter.Calls++;
        using var span = Tracing.Source.StartActivity("provider.call", ActivityKind.Client);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            status = (int)response.StatusCode;
            seen = _dialect.Limits(response, sentAt, _time.GetUtcNow());
            correlation = _dialect.CorrelationId(response);
            _metrics.Saw(lease.Organisation.Provider, seen);
            Log.Answered(_logger, _dialect.Provider, path, (int)response.StatusCode, correlation, seen.DayRemaining, seen.MinuteRemaining);
            if (seen.Refused is { } limit)
            {
                Log.LimitHit(_logger, _dialect.Provider, path, limit, seen.RetryAfter, correlation);
                return new CallEnd.LimitHit();
            }

            var answer = new WireAnswer(
                response.StatusCode, response.Content.Headers.ContentType?.MediaType, correlation, response.Headers.Date,
                response.Headers.WwwAuthenticate.Any(challenge => $"{challenge}".Contains("insufficient_scope", StringComparison.OrdinalIgnoreCase)));
            hasBody = response.StatusCode == HttpStatusCode.OK;
            if (hasBody)
                return new CallEnd.Answered(answer, await AnswerBody.ReadAsync(response.Content, _rules.LargestAnswer, counter, either.Token));
            var refused = new CallEnd.Refused(answer, await ErrorTextAsync(response, counter, either.Token));
            if (_dialect.LimitInText(refused, seen) is { Refused: { } named } hidden)
            {
                seen = hidden;
                Log.LimitHit(_logger, _dialect.Provider, path, named, seen.RetryAfter, correlation);
                return new CallEnd.LimitHit();
            }

            var fault = _dialect.Outage(refused);
            return fault is null ? refused : new CallEnd.Broken(fault, IsTransient: fault.Kind == FaultKind.ProviderUnavailable, WireHeaders.RetryAfter(response.Headers, _time.GetUtcNow()));
        }
        catch (AnswerBody.TooLargeException)
        {
            return Broken(FaultKind.BadAnswer, $"More than {_rules.LargestAnswer} bytes.", isTransient: false);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidDataException
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // An answer that began as a 200 and broke is a bad answer; nothing at all is an outage.
            return Broken(hasBody ? FaultKind.BadAnswer : FaultKind.ProviderUnavailable, problem.GetType().Name, isTransient: true);
        }
        finally
        {
            var bytes = counter.Bytes - bytesBefore;
            _metrics.Called(lease.Organisation.Provider, status, bytes);
            Describe(span, lease.Organisation.Provider, counter, request.RequestUri.Host, status, bytes, correlation, seen?.Refused);
            await GiveBackAsync(lease, seen ?? new LimitObservation(sentAt, _time.GetUtcNow()));
        }

        CallEnd.Broken Broken(FaultKind kind, string why, bool isTransient)
        {
            Log.Broken(_logger, _dialect.Provider, path, why, correlation);
            return new(new(kind, $"{path}: {why}", correlation), isTransient);
        }
    }

    // Neither the path, which names records, nor the query, nor a header: what the call was for says more, and nothing of it is anybody's.
    private static void Describe(Activity? span, string provider, WireCounter counter, string host, int? status, long bytes, string? correlation, LimitKind? refused)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        span.SetTag(TagName.Provider, provider).SetTag(TagName.Dataset, counter.Dataset).SetTag(TagName.Page, counter.Page)
            .SetTag("http.request.method", "GET").SetTag("server.address", host).SetTag(TagName.Bytes, bytes).SetTag(TagName.Correlation, correlation);
        if (status is { } code)
            span.SetTag("http.response.status_code", code);
        if (refused is { } limit)
            span.SetTag(TagName.Limit, TagName.Of(limit));
        if (status is null or >= 400)
            span.Fail(status is { } failed ? failed.ToString(System.Globalization.CultureInfo.InvariantCulture) : "noAnswer");
    }

    private static async Task<byte[]> ErrorTextAsync(HttpResponseMessage response, WireCounter counter, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await AnswerBody.ReadAsync(response.Content, LargestErrorText, counter, cancellationToken);
            return body.Bytes.ToArray();
        }
        catch (Exception problem) when (problem is AnswerBody.TooLargeException or IOException or InvalidDataException or HttpRequestException)
        {
            // The status says enough.
            return [];
        }
    }

    // Whatever happens to the call, its place goes back; a place that cannot be given back frees itself at its deadline.
    private async Task GiveBackAsync(CallLease lease, LimitObservation seen)
    {
        try
        {
            await _gate.ReleaseAsync(lease, seen, CancellationToken.None);
        }
        catch (RequestFailedException problem)
        {
            Log.NotGivenBack(_logger, problem.Status);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Provider} {Path} answered {Status}, correlation id {CorrelationId}; left today {DayRemaining}, this minute {MinuteRemaining}.")]
        public static partial void Answered(ILogger logger, string provider, string path, int status, string? correlationId, int? dayRemaining, int? minuteRemaining);

        [LoggerMessage(2, LogLevel.Information, "{Provider} {Path} was refused by the limit {Limit}, retry after {RetryAfter}, correlation id {CorrelationId}.")]
        public static partial void LimitHit(ILogger logger, string provider, string path, LimitKind limit, TimeSpan? retryAfter, string? correlationId);

        [LoggerMessage(3, LogLevel.Warning, "{Provider} {Path} gave no whole answer: {Problem}, correlation id {CorrelationId}.")]
        public static partial void Broken(ILogger logger, string provider, string path, string problem, string? correlationId);

        [LoggerMessage(4, LogLevel.Warning, "A place in the limits could not be given back (storage status {Status}); it frees itself.")]
        public static partial void NotGivenBack(ILogger logger, int status);
    }
}
