using Azure.Data.Tables;
using DataHealth.Core.Connections;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Costs;

/// <summary>How many organisations our tier lets us hold at a provider, and how many we do. Counted over all practices, at most once in a few minutes; without a cap nothing is counted.</summary>
public sealed class ConnectionCap(AppStorage storage, IOptions<CostOptions> options, TimeProvider time)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (int Count, DateTimeOffset At)> _counted = new(StringComparer.Ordinal);

    /// <summary>The cap and what is used of it; null where the tier has none. Close to the cap it is counted anew each time.</summary>
    public async Task<CapUse?> FindAsync(string provider, CancellationToken cancellationToken)
    {
        if (options.Value.Of(provider).MostConnections is not { } most)
            return null;
        if (_counted.TryGetValue(provider, out var held) && time.GetUtcNow() - held.At < GoodFor && held.Count < most - Margin(most))
            return new CapUse(held.Count, most);
        var filter = TableClient.CreateQueryFilter(
            $"Provider eq {provider} and (State eq {nameof(ConnectionState.Connected)} or State eq {nameof(ConnectionState.ReconnectNeeded)})");
        HashSet<string> organisations = new(StringComparer.Ordinal);
        // A connection at the provider belongs to an organisation and the person who consented; two practices that hold one by the same person hold it once.
        await foreach (var row in (await storage.TableAsync("connections", cancellationToken)).QueryAsync<TableEntity>(filter, 1000, ["OrganisationId", "Grant"], cancellationToken))
            organisations.Add($"{row.GetString("OrganisationId")}|{row.GetString("Grant")}");
        _counted[provider] = (organisations.Count, time.GetUtcNow());
        return new CapUse(organisations.Count, most);
    }

    /// <summary>Null when one more may be connected; else how full it is.</summary>
    public async Task<CapUse?> RefusalAsync(string provider, CancellationToken cancellationToken) =>
        await FindAsync(provider, cancellationToken) is { } use && use.Used >= use.Most ? use : null;

    private static int Margin(int most) => Math.Max(2, most / 20);
}

/// <summary>A cap and what is used of it.</summary>
/// <param name="Used">Organisations held.</param>
/// <param name="Most">Organisations that the tier allows.</param>
public readonly record struct CapUse(int Used, int Most);
