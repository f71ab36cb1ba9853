using System.Net;
using System.Net.Http.Headers;
using Azure;
using DataHealth.Core.Providers.Limits;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace DataHealth.Core.Providers.Xero;

/// <summary>
/// Sends reads to Xero. Every attempt takes its own place in the gate, and what it shows of the limits goes back with the place. Transport faults and 5xx are tried again with jittered
/// waits, a few times; a limit never is: it is an outcome, unless it lifts within the few seconds that a reader waits.
/// </summary>
internal sealed partial class XeroCalls
{
    private const int MostRefusals = 3;
    private const int LargestErrorText = 16 * 1024;

    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly CallGate _gate;
    private readonly XeroOptions _app;
    private readonly TimeProvider _time;
    private readonly ILogger<XeroCalls> _logger;
    private readonly ResiliencePipeline<XeroCallEnd> _retries;

    public XeroCalls(HttpClient http, CallGate gate, IOptions<XeroOptions> options, TimeProvider time, ILogger<XeroCalls> logger)
    {
        (_http, _gate, _app, _time, _logger) = (http, gate, options.Value, time, logger);
        var retries = new ResiliencePipelineBuilder<XeroCallEnd> { TimeProvider = time };
        if (_app.Attempts > 1)
        {
            retries.AddRetry(new RetryStrategyOptions<XeroCallEnd>
            {
                // Who asks for more time than a reader waits gets it: the caller's own retries are minutes apart.
                ShouldHandle = new PredicateBuilder<XeroCallEnd>().HandleResult(end => end is XeroCallEnd.Broken { IsTransient: true } broken && !(broken.RetryAfter > LongestRetryDelay)),
                DelayGenerator = static attempt => ValueTask.FromResult((attempt.Outcome.Result as XeroCallEnd.Broken)?.RetryAfter),
                MaxRetryAttempts = _app.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _app.RetryDelay,
                MaxDelay = LongestRetryDelay,
            });
        }

        _retries = retries.Build();
    }

    /// <summary>Reads one address.</summary>
    /// <param name="organisation">Whose books.</param>
    /// <param name="address">What.</param>
    /// <param name="token">A live access token.</param>
    /// <param name="modifiedSince">Only what changed since.</param>
    /// <param name="priority">Who waits.</param>
    /// <param name="counter">Learns the cost of every attempt.</param>
    /// <param name="cancellationToken">Stops it; the place in the gate is given back.</param>
    /// <exception cref="RequestFailedException">Our storage did not answer.</exception>
    public async Task<XeroCallEnd> GetAsync(
        OrganisationId organisation, Uri address, string token, DateTimeOffset? modifiedSince, CallPriority priority, WireCounter counter, CancellationToken cancellationToken) =>
        await _retries.ExecuteAsync(
            async cancellation => await AttemptAsync(() => Request(organisation, address, token, modifiedSince), organisation, priority, counter, cancellation), cancellationToken);

    private static HttpRequestMessage Request(OrganisationId organisation, Uri address, string token, DateTimeOffset? modifiedSince)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        request.Headers.Add("xero-tenant-id", organisation.Id);
        if (modifiedSince is { } since)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
        return request;
    }

    private async Task<XeroCallEnd> AttemptAsync(Func<HttpRequestMessage> make, OrganisationId organisation, CallPriority priority, WireCounter counter, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        for (var refusals = 0; ;)
        {
            var answer = await _gate.AcquireAsync(organisation, priority, cancellationToken);
            if (answer is GateAnswer.Denied denied)
            {
                var wait = denied.Until - _time.GetUtcNow();
                wait = wait > TimeSpan.FromMilliseconds(10) ? wait : TimeSpan.FromMilliseconds(10);
                if (refusals > MostRefusals || waited + wait > _app.LongestWait)
                    return new XeroCallEnd.Limited(denied.Limit, denied.Until, denied.IsEstimate);
                waited += wait;
                await Task.Delay(wait, _time, cancellationToken);
                continue;
            }

            var end = await SendAsync(make, ((GateAnswer.Granted)answer).Lease, counter, cancellationToken);
            if (end is not XeroCallEnd.LimitHit)
                return end;
            refusals++;
            if (refusals > MostRefusals + 1)
                return new XeroCallEnd.Limited(LimitKind.Unknown, _time.GetUtcNow() + _app.MinuteWindow, IsEstimate: true);
        }
    }

    private async Task<XeroCallEnd> SendAsync(Func<HttpRequestMessage> make, CallLease lease, WireCounter counter, CancellationToken cancellationToken)
    {
        using var request = make();
        using var timeout = new CancellationTokenSource(_app.CallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var path = request.RequestUri!.AbsolutePath;
        var sentAt = _time.GetUtcNow();
        LimitObservation? seen = null;
        string? correlation = null;
        var hasBody = false;
        counter.Calls++;
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            seen = XeroHeaders.Limits(response, sentAt, _time.GetUtcNow());
            correlation = XeroHeaders.CorrelationId(response);
            Log.Answered(_logger, path, (int)response.StatusCode, correlation, seen.DayRemaining, seen.MinuteRemaining);
            if (seen.Refused is { } limit)
            {
                Log.LimitHit(_logger, path, limit, seen.RetryAfter, correlation);
                return new XeroCallEnd.LimitHit();
            }

            var answer = new XeroAnswer(
                response.StatusCode, response.Content.Headers.ContentType?.MediaType, correlation, response.Headers.Date,
                response.Headers.WwwAuthenticate.Any(challenge => $"{challenge}".Contains("insufficient_scope", StringComparison.OrdinalIgnoreCase)));
            hasBody = response.StatusCode == HttpStatusCode.OK;
            if (hasBody)
                return new XeroCallEnd.Answered(answer, await AnswerBody.ReadAsync(response.Content, _app.LargestAnswer, counter, either.Token));
            var refused = new XeroCallEnd.Refused(answer, await ErrorTextAsync(response, counter, either.Token));
            var fault = XeroRefusal.Outage(refused);
            return fault is null ? refused : new XeroCallEnd.Broken(fault, IsTransient: fault.Kind == FaultKind.ProviderUnavailable, XeroHeaders.RetryAfter(response.Headers, _time.GetUtcNow()));
        }
        catch (AnswerBody.TooLargeException)
        {
            return Broken(FaultKind.BadAnswer, $"More than {_app.LargestAnswer} bytes.", isTransient: false);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidDataException
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // An answer that began as a 200 and broke is a bad answer; nothing at all is an outage.
            return Broken(hasBody ? FaultKind.BadAnswer : FaultKind.ProviderUnavailable, problem.GetType().Name, isTransient: true);
        }
        finally
        {
            await GiveBackAsync(lease, seen ?? new LimitObservation(sentAt, _time.GetUtcNow()));
        }

        XeroCallEnd.Broken Broken(FaultKind kind, string why, bool isTransient)
        {
            Log.Broken(_logger, path, why, correlation);
            return new(new(kind, $"GET {path}: {why}", correlation), isTransient);
        }
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
        [LoggerMessage(1, LogLevel.Debug, "Xero {Path} answered {Status}, correlation id {CorrelationId}; left today {DayRemaining}, this minute {MinuteRemaining}.")]
        public static partial void Answered(ILogger logger, string path, int status, string? correlationId, int? dayRemaining, int? minuteRemaining);

        [LoggerMessage(2, LogLevel.Information, "Xero {Path} was refused by the limit {Limit}, retry after {RetryAfter}, correlation id {CorrelationId}.")]
        public static partial void LimitHit(ILogger logger, string path, LimitKind limit, TimeSpan? retryAfter, string? correlationId);

        [LoggerMessage(3, LogLevel.Warning, "Xero {Path} gave no whole answer: {Problem}, correlation id {CorrelationId}.")]
        public static partial void Broken(ILogger logger, string path, string problem, string? correlationId);

        [LoggerMessage(4, LogLevel.Warning, "A place in the limits could not be given back (storage status {Status}); it frees itself.")]
        public static partial void NotGivenBack(ILogger logger, int status);
    }
}
