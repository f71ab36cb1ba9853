using DataHealth.Core.Sync;

namespace DataHealth.Core.Costs;

/// <summary>Told what a run has cost so far.</summary>
public interface ICostMeter
{
    /// <summary>Notes it under today. Repeating it, and telling a run's cost in several steps, counts nothing twice.</summary>
    /// <param name="client">Whose run.</param>
    /// <param name="run">The run.</param>
    /// <param name="cost">All that the run has cost since it began.</param>
    /// <param name="cancellationToken">Cancels the note.</param>
    Task RecordAsync(ClientId client, RunRecord run, RunCost cost, CancellationToken cancellationToken);
}

/// <summary>What a run has cost.</summary>
/// <param name="Calls">Calls that reached the provider.</param>
/// <param name="Bytes">Bytes of its answers on the wire, which is what providers bill.</param>
public readonly record struct RunCost(long Calls, long Bytes)
{
    /// <summary>Both together.</summary>
    public static RunCost operator +(RunCost left, RunCost right) => new(left.Calls + right.Calls, left.Bytes + right.Bytes);

    /// <summary>What is left.</summary>
    public static RunCost operator -(RunCost left, RunCost right) => new(left.Calls - right.Calls, left.Bytes - right.Bytes);
}

/// <summary>Tells whether our tier at a provider still has reads.</summary>
public interface IReadsCap
{
    /// <summary>When syncs of that provider may start again; null when they may now.</summary>
    /// <param name="provider">The provider's key.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    Task<DateTimeOffset?> WaitUntilAsync(string provider, CancellationToken cancellationToken);
}

/// <summary>There is no cap: for a part of the product that runs alone.</summary>
internal sealed class NoReadsCap : IReadsCap
{
    public Task<DateTimeOffset?> WaitUntilAsync(string provider, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);
}

/// <summary>Nobody counts: for a part of the product that runs alone.</summary>
internal sealed class NoMeter : ICostMeter
{
    public Task RecordAsync(ClientId client, RunRecord run, RunCost cost, CancellationToken cancellationToken) => Task.CompletedTask;
}
