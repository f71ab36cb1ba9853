namespace DataHealth.Functions.Http.Health;

/// <summary>Lets only a few requests of this process go over whole ledgers at once: a preview takes as long as a recalculation, and syncs need the processors too.</summary>
public sealed class PassGate : IDisposable
{
    private const int AtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);

    /// <summary>A place, to be given back; null when none became free in time.</summary>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken) => await _places.WaitAsync(Patience, cancellationToken) ? new Place(_places) : null;

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
