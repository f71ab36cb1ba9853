using System.Diagnostics.Metrics;

namespace DataHealth.Core.Webhooks;

/// <summary>What is counted of webhooks: meter <c>DataHealth.Webhooks</c>.</summary>
public sealed class WebhookMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "DataHealth.Webhooks";

    private readonly Counter<long> _posts;
    private readonly Counter<long> _hints;
    private readonly Counter<long> _drained;

    /// <summary>Makes the counters.</summary>
    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        _posts = meter.CreateCounter<long>("datahealth.webhooks.posts", description: "Posts received, by provider and what became of them.");
        _hints = meter.CreateCounter<long>("datahealth.webhooks.hints", description: "Hints that posts brought, and events that were none.");
        _drained = meter.CreateCounter<long>("datahealth.webhooks.drained", description: "Organisations whose hints were drained, by what became of them.");
    }

    internal void Taken(string provider, WebhookEvents events)
    {
        _posts.Add(1, new("provider", provider), new("outcome", "taken"));
        _hints.Add(events.Hints.Count, new("provider", provider), new("outcome", "kept"));
        _hints.Add(events.Ignored, new("provider", provider), new("outcome", "ignored"));
    }

    internal void Forged(string provider) => _posts.Add(1, new("provider", provider), new("outcome", "forged"));

    internal void Unreadable(string provider) => _posts.Add(1, new("provider", provider), new("outcome", "unreadable"));

    internal void Drained(string provider, DrainEnd end) => _drained.Add(1, new("provider", provider), new("outcome", end.ToString().ToLowerInvariant()));
}
