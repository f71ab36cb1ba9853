using System.Diagnostics.Metrics;
using DataHealth.Core.Providers;
using DataHealth.Core.Telemetry;

namespace DataHealth.Core.Connections;

/// <summary>What is counted of connections, their grants and the vault.</summary>
public sealed class ConnectionMetrics
{
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _throttles;
    private readonly Counter<long> _lost;

    /// <summary>Makes the instruments.</summary>
    public ConnectionMetrics(IMeterFactory meters)
    {
        var meter = ProductMeter.Open(meters);
        _refreshes = meter.CreateCounter<long>("datahealth.token.refreshes", "{call}", "Token calls that refresh a grant, by what the provider answered.");
        _throttles = meter.CreateCounter<long>("datahealth.vault.throttles", "{answer}", "Answers of the vault that say that we ask too often, those that a retry then mended included.");
        _lost = meter.CreateCounter<long>("datahealth.connections.reconnect_needed", "{connection}", "Connections that were proven dead and need a new consent, by what proved it.");
    }

    internal void Refreshed(string provider, TokenOutcome outcome) => _refreshes.Add(1, new(TagName.Provider, provider), new(TagName.Outcome, Words(outcome)));

    internal void Throttled() => _throttles.Add(1);

    internal void Lost(string provider, FaultKind proof) => _lost.Add(1, new(TagName.Provider, provider), new(TagName.Outcome, TagName.Of(proof)));

    internal static string Words(TokenOutcome outcome) => outcome switch
    {
        TokenOutcome.Issued => "refreshed",
        TokenOutcome.InvalidGrant => "invalidGrant",
        _ => "failed",
    };
}
