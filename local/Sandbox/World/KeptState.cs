namespace DataHealth.Local.Sandbox.World;

/// <summary>A provider's state behind one lock; every change is on disk before the answer that tells of it.</summary>
public abstract class KeptState<T>(T state, SandboxClock clock, WorldFolder? folder)
    where T : class
{
    private readonly Lock _gate = new();

    public SandboxClock Clock => clock;

    /// <summary>Reads, or changes what need not survive.</summary>
    public TResult Read<TResult>(Func<T, TResult> read)
    {
        lock (_gate)
            return read(state);
    }

    public TResult Change<TResult>(Func<T, TResult> change)
    {
        lock (_gate)
        {
            var result = change(state);
            folder?.Save(state);
            return result;
        }
    }

    public void Change(Action<T> change) => Change(kept =>
    {
        change(kept);
        return true;
    });
}
