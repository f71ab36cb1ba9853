using System.Net.Http.Headers;
using Azure;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>Sends reads to QuickBooks. There is no scope that only reads, so this is what keeps us from writing: it sends GETs and nothing else.</summary>
internal sealed class QuickBooksCalls
{
    private readonly WireCalls _wire;

    public QuickBooksCalls(HttpClient http, CallGate gate, IOptions<QuickBooksOptions> options, ProviderMetrics metrics, TimeProvider time, ILogger<QuickBooksCalls> logger)
    {
        var app = options.Value;
        _wire = new(http, gate, new(app.Attempts, app.RetryDelay, app.LongestWait, app.CallTimeout, app.MinuteWindow, app.LargestAnswer), new Dialect(app), metrics, time, logger);
    }

    /// <summary>Reads one address.</summary>
    /// <exception cref="RequestFailedException">Our storage did not answer.</exception>
    public Task<CallEnd> GetAsync(OrganisationId company, Uri address, string token, CallPriority priority, WireCounter counter, CancellationToken cancellationToken) =>
        _wire.SendAsync(company, () => Request(address, token), priority, counter, cancellationToken);

    private static HttpRequestMessage Request(Uri address, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        return request;
    }

    private sealed class Dialect(QuickBooksOptions app) : WireDialect
    {
        public override string Provider => "QuickBooks";

        // No remaining numbers are ever told, and Retry-After is not documented: the status decides.
        public override LimitObservation Limits(HttpResponseMessage response, DateTimeOffset sentAt, DateTimeOffset now) => (int)response.StatusCode == 429
            ? Refused(new(sentAt, now), WireHeaders.RetryAfter(response.Headers, now))
            : new(sentAt, now);

        public override LimitObservation? LimitInText(CallEnd.Refused refused, LimitObservation seen) =>
            QuickBooksRefusal.IsThrottled(refused) ? Refused(seen, wait: null) : null;

        public override string? CorrelationId(HttpResponseMessage response) => QuickBooksHeaders.CorrelationId(response);

        public override ProviderFault? Outage(CallEnd.Refused refused) => QuickBooksRefusal.Outage(refused);

        // Jitter, so that the clients whom one minute refused do not all come back at the same moment.
        private LimitObservation Refused(LimitObservation seen, TimeSpan? wait) =>
            seen with { Refused = LimitKind.Minute, RetryAfter = (wait ?? app.RefusalWait) + (app.RefusalWait * (Random.Shared.NextDouble() / 10)) };
    }
}

/// <summary>What Intuit says in headers.</summary>
internal static class QuickBooksHeaders
{
    /// <summary>The id that Intuit's support asks for.</summary>
    public static string? CorrelationId(HttpResponseMessage response)
    {
        var id = response.Headers.TryGetValues("intuit_tid", out var values) ? values.FirstOrDefault() : null;
        return id is { Length: > 0 and <= 100 } && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? id : null;
    }
}
