using System.Text.Json.Nodes;
using DataHealth.Core.Audit;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.Findings;

/// <summary>Changes a client's settings of a check. They count from the next recalculation on.</summary>
public sealed class ChangeCheckSettings(SettingStore settings, AuditTrail audit)
{
    /// <summary>Changes them.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="client">Of which client; the caller has checked that the member may see it.</param>
    /// <param name="check">Which check.</param>
    /// <param name="json">What is given; all else is as by default.</param>
    /// <param name="cancellationToken">Cancels what comes before the write.</param>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public async Task<SettingsOutcome> ExecuteAsync(Actor actor, ClientId client, HealthCheck check, string json, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.ManageClients);
        if (check.Normalise(json, out var problem) is not { } whole)
            return new SettingsOutcome.Refused(problem ?? "The settings are not right.");
        var before = (await settings.AllAsync(client, cancellationToken)).GetValueOrDefault(check.Key);
        if (whole == (before ?? check.DefaultSettings))
            return new SettingsOutcome.Saved(whole);
        // Settings may name accounts, contacts and returns, and the audit outlives the client: which ones changed, not what they hold. The entry comes first: a change that is broken off must not be without one.
        await audit.RecordAsync(actor, AuditAction.ClientChanged, client, after: $"settings of {check.Key}: {string.Join(", ", Changed(before ?? check.DefaultSettings, whole))}");
        if (whole == check.DefaultSettings)
            await settings.ForgetAsync(client, check.Key, CancellationToken.None);
        else
            await settings.SaveAsync(client, check.Key, whole);
        return new SettingsOutcome.Saved(whole);
    }

    private static IEnumerable<string> Changed(string before, string after)
    {
        var (former, now) = (JsonNode.Parse(before)!.AsObject(), JsonNode.Parse(after)!.AsObject());
        return now.Select(field => field.Key).Union(former.Select(field => field.Key)).Where(field => !JsonNode.DeepEquals(former[field], now[field])).Order(StringComparer.Ordinal);
    }
}

/// <summary>What changing settings came to.</summary>
public abstract record SettingsOutcome
{
    private SettingsOutcome()
    {
    }

    /// <summary>They are stored.</summary>
    /// <param name="Json">In full.</param>
    public sealed record Saved(string Json) : SettingsOutcome;

    /// <summary>They are wrong.</summary>
    /// <param name="Problem">In plain words.</param>
    public sealed record Refused(string Problem) : SettingsOutcome;
}
