using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>The steps of a deletion, for an orchestration that calls them in their order, each until it is done. Every step can be repeated at any point; a crash loses nothing.</summary>
public sealed partial class CarryOutDeletion(
    DeletionStore deletions, DeletionMarks marks, IEnumerable<IClientTrace> traces, IEnumerable<IClientStop> stops, IClientDeparture departure, IClientWatch watch,
    IOptions<DeletionOptions> options, TimeProvider time, ILogger<CarryOutDeletion> logger)
{
    private const int SliceItems = 1000;

    // Well inside of what an activity may take; what is left is the next activity's.
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(30);

    // A request that is about to write its deletion, or to set its mark, takes moments.
    private static readonly TimeSpan RequestTime = TimeSpan.FromMinutes(5);

    private readonly IReadOnlyList<IClientTrace> _traces = [.. traces.OrderBy(trace => trace.Stage)];

    /// <summary>Stops everything that works for the client.</summary>
    /// <returns>Null when there is nothing to do: it is done, or was never marked.</returns>
    public async Task<ClientDeletion?> StopAsync(DeletionId id, CancellationToken cancellationToken)
    {
        if (await deletions.FindOpenAsync(id, cancellationToken) is not { } deletion)
        {
            if (time.GetUtcNow() - id.MadeAt > RequestTime)
                await deletions.CloseAsync(id, cancellationToken);
            return null;
        }
        if (deletion is { CompletedAt: not null })
        {
            await CompleteAsync(id, cancellationToken);
            return null;
        }
        if (deletion.Counts is null && await marks.FindAsync(deletion.Practice, deletion.Client, cancellationToken) != id)
        {
            // Its request broke off before the mark. A young one may be about to set it.
            if (time.GetUtcNow() - deletion.RequestedAt > RequestTime)
                await deletions.DropAsync(deletion, cancellationToken);
            return null;
        }
        // Read before anything is let go, since the rows that say so go with it.
        if (deletion.Scope is null)
        {
            var held = await departure.ReadScopeAsync(deletion.Client, deletion.Practice, cancellationToken);
            // One that a restore opened again was counted then.
            var counted = deletion.Counts is null
                ? await CountAsync(TracesOf(deletion.Kind).Where(trace => trace is { Stage: ErasureStage.Connection, MayBeShared: false }), held, cancellationToken)
                : null;
            deletion = await deletions.WriteAsync(deletion with { Scope = held, CountedBefore = counted }, cancellationToken);
        }
        foreach (var stop in stops)
            await stop.StopAsync(deletion.Client, cancellationToken);
        return deletion;
    }

    /// <summary>Counts what there is, once, after everything has stopped.</summary>
    public async Task CountAsync(DeletionId id, CancellationToken cancellationToken)
    {
        if (await deletions.FindOpenAsync(id, cancellationToken) is not { Counts: null } deletion)
            return;
        // A consent that was being confirmed as the deletion began has added to it.
        var now = await departure.ReadScopeAsync(deletion.Client, deletion.Practice, cancellationToken);
        var scope = deletion.Scope?.With(now) ?? now;
        var counts = await CountAsync(TracesOf(deletion.Kind), scope, cancellationToken);
        foreach (var (name, before) in deletion.CountedBefore ?? new Dictionary<string, long>())
            counts[name] = Math.Max(counts.GetValueOrDefault(name), before);
        await deletions.WriteAsync(deletion with { Scope = scope, Counts = counts, CountedBefore = null }, cancellationToken);
    }

    /// <summary>Erases a slice of what belongs to a stage.</summary>
    /// <returns>True when nothing of it was left.</returns>
    public async Task<bool> EraseAsync(DeletionId id, ErasureStage stage, CancellationToken cancellationToken)
    {
        if (await deletions.FindOpenAsync(id, cancellationToken) is not { Scope: { } scope } deletion)
            return true;
        var begun = time.GetTimestamp();
        foreach (var trace in TracesOf(deletion.Kind).Where(trace => trace.Stage == stage))
        {
            while (!await trace.EraseAsync(scope, SliceItems, cancellationToken))
            {
                if (time.GetElapsedTime(begun) > SliceTime)
                    return false;
            }
        }
        return true;
    }

    /// <summary>Lets go at the provider.</summary>
    /// <returns>True when it is done, or the provider has not answered for <see cref="DeletionOptions.ProviderPatience"/>: then the certificate says so.</returns>
    public async Task<bool> LeaveAsync(DeletionId id, CancellationToken cancellationToken)
    {
        if (await deletions.FindOpenAsync(id, cancellationToken) is not { Scope: { } scope, Provider: ProviderPart.Pending } deletion)
            return true;
        var isDone = await departure.LeaveAsync(deletion.Client, cancellationToken);
        if (!isDone && time.GetUtcNow() - deletion.RequestedAt < options.Value.ProviderPatience)
            return false;
        if (!isDone)
            await departure.AbandonAsync(scope, cancellationToken);
        var isConfirmed = isDone && !await departure.IsLeftThereAsync(deletion.Client, cancellationToken);
        await deletions.WriteAsync(deletion with { Provider = isConfirmed ? ProviderPart.LetGo : ProviderPart.Unconfirmed }, cancellationToken);
        return true;
    }

    /// <summary>Looks whether anything is left, at all places.</summary>
    /// <returns>True when nothing is.</returns>
    public async Task<bool> VerifyAsync(DeletionId id, CancellationToken cancellationToken)
    {
        if (await deletions.FindOpenAsync(id, cancellationToken) is not { Scope: { } scope } deletion)
            return true;
        var isClean = true;
        foreach (var trace in TracesOf(deletion.Kind))
        {
            var left = await trace.CountAsync(scope, cancellationToken);
            if (left == 0)
                continue;
            isClean = false;
            Log.Left(logger, id, left, trace.Name);
        }
        if (!isClean)
            await deletions.WriteAsync(deletion with { FoundAgain = deletion.FoundAgain + 1 }, cancellationToken);
        return isClean;
    }

    /// <summary>Turns the deletion into its certificate.</summary>
    public async Task CompleteAsync(DeletionId id, CancellationToken cancellationToken)
    {
        if (await deletions.FindOpenAsync(id, cancellationToken) is not { } deletion)
            return;
        if (deletion is { CompletedAt: null, Scope: { } scope })
        {
            deletion = await deletions.WriteAsync(
                deletion with { CompletedAt = time.GetUtcNow(), Scope = null, Vault = await departure.HeldByVaultAsync(scope, cancellationToken) }, cancellationToken);
            var items = deletion.Counts?.Values.Sum() ?? 0;
            Log.Done(logger, id, items, deletion.Provider);
        }
        if (deletion.Kind is DeletionKind.Data)
        {
            var change = await watch.ChangingAsync(deletion.Client, cancellationToken);
            await marks.ClearAsync(deletion, cancellationToken);
            await watch.ChangedAsync(change);
        }
        await deletions.CloseAsync(id, cancellationToken);
    }

    private IEnumerable<IClientTrace> TracesOf(DeletionKind kind) => _traces.Where(trace => kind is DeletionKind.Client || trace.Stage is not ErasureStage.Identity);

    private static async Task<Dictionary<string, long>> CountAsync(IEnumerable<IClientTrace> traces, ClientScope scope, CancellationToken cancellationToken)
    {
        Dictionary<string, long> counts = [];
        foreach (var trace in traces)
            counts[trace.Name] = counts.GetValueOrDefault(trace.Name) + await trace.CountAsync(scope, cancellationToken);
        return counts;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Deletion {Deletion}: the scan afterwards found {Left} items of {Trace}; they are erased now")]
        public static partial void Left(ILogger logger, DeletionId deletion, long left, string trace);

        [LoggerMessage(Level = LogLevel.Information, Message = "Deletion {Deletion} is complete: {Items} items, provider: {Provider}")]
        public static partial void Done(ILogger logger, DeletionId deletion, long items, ProviderPart provider);
    }
}
