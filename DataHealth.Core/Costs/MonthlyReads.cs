using Microsoft.Extensions.Options;

namespace DataHealth.Core.Costs;

/// <summary>
/// The metered reads of a month that our tier at a provider includes, as an admission limit: when our app has used them up, syncs of that provider wait for the next month instead of running into
/// the provider's block. Runs in flight end as they would.
/// </summary>
public sealed class MonthlyReads(CostLedger ledger, IOptions<CostOptions> options, TimeProvider time) : IReadsCap
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (long Used, CostMonth Month, DateTimeOffset At)> _used = new(StringComparer.Ordinal);

    /// <inheritdoc />
    /// <remarks>Asks the ledger once in five minutes, and nothing where the tier has no such bound.</remarks>
    public async Task<DateTimeOffset?> WaitUntilAsync(string provider, CancellationToken cancellationToken)
    {
        if (options.Value.Of(provider).MeteredReads is not { } most)
            return null;
        var now = time.GetUtcNow();
        var month = CostMonth.Of(now);
        if (!_used.TryGetValue(provider, out var seen) || seen.Month != month || now - seen.At > GoodFor)
            seen = _used[provider] = ((await ledger.OfAppAsync(provider, month, cancellationToken)).Calls, month, now);
        return seen.Used < most ? null : new DateTimeOffset(month.Year, month.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
    }
}
