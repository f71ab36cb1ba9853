using System.Text.Json;
using DataHealth.Core.Audit;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Insights;

/// <summary>Stores what a practice knows of a client and its books do not say. It counts from the next recalculation on.</summary>
public sealed class ChangeInsightSettings(SettingStore store, AuditTrail audit)
{
    /// <summary>Stores it, whole.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of which client; the caller has checked that the member may see it.</param>
    /// <param name="settings">What is told; what is left out is as by default.</param>
    /// <param name="cancellationToken">Cancels what comes before the write.</param>
    /// <returns>What is wrong with them, in plain words; null when they are stored.</returns>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public async Task<string?> ExecuteAsync(Actor actor, ClientId client, InsightSettings settings, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageClients);
        if (settings.Problem() is { } problem)
            return problem;
        var before = await store.OfInsightsAsync(client, cancellationToken);
        // What was told may name accounts, and the audit outlives the client: that it changed, not what it holds. Repeating is harmless, so the entry comes first.
        if (JsonSerializer.Serialize(settings, InsightsJson.Default.InsightSettings) != JsonSerializer.Serialize(before, InsightsJson.Default.InsightSettings))
            await audit.RecordAsync(actor, AuditAction.ClientChanged, client, after: "settings of insights");
        await store.SaveAsync(client, settings);
        return null;
    }
}
