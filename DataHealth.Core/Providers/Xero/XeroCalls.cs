using System.Globalization;
using System.Net.Http.Headers;
using Azure;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Sends reads to Xero.</summary>
internal sealed class XeroCalls
{
    private readonly WireCalls _wire;

    public XeroCalls(HttpClient http, CallGate gate, IOptions<XeroOptions> options, TimeProvider time, ILogger<XeroCalls> logger)
    {
        var app = options.Value;
        _wire = new(http, gate, new(app.Attempts, app.RetryDelay, app.LongestWait, app.CallTimeout, app.MinuteWindow, app.LargestAnswer), new Dialect(), time, logger);
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
    public Task<CallEnd> GetAsync(
        OrganisationId organisation, Uri address, string token, DateTimeOffset? modifiedSince, CallPriority priority, WireCounter counter, CancellationToken cancellationToken) =>
        _wire.SendAsync(organisation, () => Request(organisation, address, token, modifiedSince), priority, counter, cancellationToken);

    private static HttpRequestMessage Request(OrganisationId organisation, Uri address, string token, DateTimeOffset? modifiedSince)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        request.Headers.Add("xero-tenant-id", organisation.Id);
        if (modifiedSince is { } since)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        return request;
    }

    private sealed class Dialect : WireDialect
    {
        public override string Provider => "Xero";

        public override LimitObservation Limits(HttpResponseMessage response, DateTimeOffset sentAt, DateTimeOffset now) => XeroHeaders.Limits(response, sentAt, now);

        public override string? CorrelationId(HttpResponseMessage response) => XeroHeaders.CorrelationId(response);

        public override ProviderFault? Outage(CallEnd.Refused refused) => XeroRefusal.Outage(refused);
    }
}
