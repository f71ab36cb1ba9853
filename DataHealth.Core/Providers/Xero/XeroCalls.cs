using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Azure;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Sends reads to Xero.</summary>
internal sealed class XeroCalls
{
    private readonly WireCalls _wire;
    private readonly ProviderMetrics _metrics;

    public XeroCalls(HttpClient http, CallGate gate, IOptions<XeroOptions> options, ProviderMetrics metrics, TimeProvider time, ILogger<XeroCalls> logger)
    {
        var app = options.Value;
        _metrics = metrics;
        _wire = new(http, gate, new(app.Attempts, app.RetryDelay, app.LongestWait, app.CallTimeout, app.MinuteWindow, app.LargestAnswer), new Dialect(), metrics, time, logger);
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

    /// <summary>Counts and shows a call that the authorization makes so that a refusal can be told apart: it is part of what the run costs.</summary>
    /// <param name="dataset">What was refused.</param>
    /// <param name="ask">Makes it.</param>
    public async Task<OrganisationsOutcome> AskAsync(string dataset, Func<Task<OrganisationsOutcome>> ask)
    {
        using var span = Tracing.Source.StartActivity("provider.call", ActivityKind.Client)?.SetTag(TagName.Provider, XeroProvider.ProviderKey).SetTag(TagName.Dataset, dataset);
        int? status = null;
        try
        {
            var outcome = await ask();
            status = outcome.Status;
            return outcome;
        }
        finally
        {
            _metrics.Called(XeroProvider.ProviderKey, status, 0);
            if (status is { } code)
                span?.SetTag("http.response.status_code", code);
            if (status is not 200)
                span.Fail(status is { } failed ? failed.ToString(CultureInfo.InvariantCulture) : "noAnswer");
        }
    }

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
