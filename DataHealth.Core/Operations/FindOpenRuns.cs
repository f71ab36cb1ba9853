using Azure.Data.Tables;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Operations;

/// <summary>The runs of all practices that somebody may have to look after: in flight, paused, stuck or failed. From an index of those, never a scan of clients.</summary>
public sealed class FindOpenRuns(AppStorage storage, IOptions<SyncOptions> options, TimeProvider time)
{
    private readonly OpenRunIndex _index = new(storage, time);
    private readonly RunPulse _pulse = new(storage, time);

    /// <summary>A page, in the order of the clients' ids.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="take">1 to 500.</param>
    /// <param name="continuation">From the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<OpenRunPage> ExecuteAsync(OpenRunFilter filter, int take, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, 500);
        var found = new List<OpenRunItem>();
        await foreach (var item in StreamAsync(filter, continuation, cancellationToken))
        {
            if (found.Count == take)
                return new OpenRunPage(found, found[^1].Run.Client.Value);
            found.Add(item);
        }
        return new OpenRunPage(found, null);
    }

    /// <summary>All of them, read as they are consumed.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Behind this client; null from the first.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async IAsyncEnumerable<OpenRunItem> StreamAsync(
        OpenRunFilter filter, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var noted in _index.QueryAsync(Query(filter), after is null ? null : new ClientId(after), cancellationToken))
        {
            var isStuck = await IsStuckAsync(noted, cancellationToken);
            if (filter.IsStuck is { } wanted && wanted != isStuck)
                continue;
            yield return new OpenRunItem(noted, isStuck);
        }
    }

    /// <summary>True for a run in flight that has shown no sign of life for <see cref="SyncOptions.AbandonedAfter"/>, or that overslept its pause by that.</summary>
    internal async Task<bool> IsStuckAsync(OpenRun run, CancellationToken cancellationToken)
    {
        var stale = time.GetUtcNow() - options.Value.AbandonedAfter;
        return run.State switch
        {
            // The checkpoints are read only where the row alone looks stale.
            OpenRunState.Running => run.NotedAt < stale && await _pulse.LastSignAsync(run.Client, run.NotedAt, cancellationToken) < stale,
            OpenRunState.Paused => run.PausedUntil < stale && run.NotedAt < stale,
            _ => false,
        };
    }

    private string? Query(OpenRunFilter filter)
    {
        var parts = new List<string>();
        if (filter.State is { } state)
            parts.Add(TableClient.CreateQueryFilter($"State eq {state.ToString()}"));
        if (filter.IsStuck == true)
            parts.Add($"(State eq '{OpenRunState.Running}' or State eq '{OpenRunState.Paused}')");
        if (filter.Code is { } code)
            parts.Add(TableClient.CreateQueryFilter($"Code eq {code}"));
        if (filter.Provider is { } provider)
            parts.Add(TableClient.CreateQueryFilter($"Provider eq {provider}"));
        if (filter.Practice is { } practice)
            parts.Add(TableClient.CreateQueryFilter($"Practice eq {practice.Value}"));
        if (filter.OlderThan is { } age)
            parts.Add(TableClient.CreateQueryFilter($"Since lt {time.GetUtcNow() - age}"));
        return parts.Count == 0 ? null : string.Join(" and ", parts);
    }
}

/// <summary>Which open runs; what is null does not count.</summary>
public sealed record OpenRunFilter
{
    /// <summary>Where they stand.</summary>
    public OpenRunState? State { get; init; }

    /// <summary>Only runs in flight without a sign of life, or only others.</summary>
    public bool? IsStuck { get; init; }

    /// <summary>The stable code of what went wrong.</summary>
    public string? Code { get; init; }

    /// <summary>The provider's key.</summary>
    public string? Provider { get; init; }

    /// <summary>One practice's.</summary>
    public PracticeId? Practice { get; init; }

    /// <summary>In their state for longer than this.</summary>
    public TimeSpan? OlderThan { get; init; }
}

/// <summary>An open run in a list.</summary>
/// <param name="Run">The run.</param>
/// <param name="IsStuck">In flight, and no sign of life.</param>
public sealed record OpenRunItem(OpenRun Run, bool IsStuck);

/// <summary>A page of open runs.</summary>
/// <param name="Items">In the order of their clients' ids.</param>
/// <param name="Continuation">Give it back for the next page; null when this was the last.</param>
public sealed record OpenRunPage(IReadOnlyList<OpenRunItem> Items, string? Continuation);
