using System.Diagnostics;
using DataHealth.Core.Connections;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Webhooks;

/// <summary>
/// Acts on hints: the next sync of the clients that hold the organisation becomes due sooner, within budget. It calls no provider and starts no run; the due index does, with its own
/// limits. Repeatable, and harmless beside itself.
/// </summary>
public sealed partial class DrainHints(
    WebhookHints hints, Holders holders, RunStore runs, DueClients due, ProviderCatalog providers, IOptions<WebhookOptions> options, TimeProvider time, WebhookMetrics metrics, ILogger<DrainHints> logger)
{
    /// <summary>Drains what is pending, for <see cref="WebhookOptions.DrainTime"/> at most.</summary>
    public async Task<DrainResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        var counts = new int[Enum.GetValues<DrainEnd>().Length];
        var until = time.GetUtcNow() + options.Value.DrainTime;
        var isWhole = true;
        await Parallel.ForEachAsync(
            hints.PendingAsync(cancellationToken).TakeWhile(_ => isWhole = time.GetUtcNow() < until),
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.SideBySide, CancellationToken = cancellationToken },
            async (pending, stop) => Interlocked.Increment(ref counts[(int)await DrainAsync(pending, stop)]));
        var result = new DrainResult(counts[(int)DrainEnd.Hastened], counts[(int)DrainEnd.Settled], counts[(int)DrainEnd.Waiting], counts[(int)DrainEnd.Unknown], isWhole);
        if (result.Unknown > 0)
            Log.Unknown(logger, result.Unknown);
        if (!isWhole)
            Log.Late(logger, options.Value.DrainTime);
        return result;
    }

    private async Task<DrainEnd> DrainAsync(PendingHints pending, CancellationToken cancellationToken)
    {
        var end = await ActAsync(pending, cancellationToken);
        if (end != DrainEnd.Waiting)
            await hints.RemoveAsync(pending, cancellationToken);
        metrics.Drained(pending.Organisation.Provider, end);
        return end;
    }

    private async Task<DrainEnd> ActAsync(PendingHints pending, CancellationToken cancellationToken)
    {
        if (providers.Find(pending.Organisation.Provider) is not { } provider)
            return DrainEnd.Unknown;
        var clients = await holders.ConnectedAsync(pending.Organisation, cancellationToken);
        if (clients.Count == 0)
            return DrainEnd.Unknown;
        var headroom = await provider.Books.HeadroomAsync(pending.Organisation, cancellationToken);
        var (waits, hastened) = (false, false);
        foreach (var client in clients)
        {
            switch (HintDecision.Of(pending.SeenAt, await runs.CurrentAsync(client, cancellationToken), headroom, options.Value, time.GetUtcNow()))
            {
                case HintDecision.Wait:
                    waits = true;
                    break;
                case HintDecision.Hasten(var at):
                    hastened |= await due.HastenAsync(client, at, cancellationToken);
                    break;
                case HintDecision.Settled:
                    break;
                case var other:
                    throw new UnreachableException($"A hint cannot come to {other.GetType().Name}.");
            }
        }
        return waits ? DrainEnd.Waiting : hastened ? DrainEnd.Hastened : DrainEnd.Settled;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Hints of {Count} organisations that nobody here is connected to were dropped.")]
        public static partial void Unknown(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "Hints were left to the next drain: {Time} were not enough.")]
        public static partial void Late(ILogger logger, TimeSpan time);
    }
}

/// <summary>What a drain did, in organisations.</summary>
/// <param name="Hastened">A sync became due sooner.</param>
/// <param name="Settled">A sync since, or one that comes soon enough, reads what changed.</param>
/// <param name="Waiting">Kept for the next drain: a run is at work, or the day's budget is low.</param>
/// <param name="Unknown">Dropped: nobody here is connected to it.</param>
/// <param name="IsWhole">False when the time ended before the hints did.</param>
public sealed record DrainResult(int Hastened, int Settled, int Waiting, int Unknown, bool IsWhole);

/// <summary>What became of one organisation's hints.</summary>
internal enum DrainEnd
{
    Hastened,
    Settled,
    Waiting,
    Unknown,
}
