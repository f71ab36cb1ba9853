namespace DataHealth.Local.Sandbox.World;

/// <summary>The state of the sandbox behind one lock; every change is on disk before the answer that tells of it.</summary>
public sealed class SandboxWorld(WorldState state, SandboxClock clock, WorldFolder? folder)
{
    private readonly Lock _gate = new();

    public SandboxClock Clock => clock;

    /// <summary>Reads, or changes what need not survive.</summary>
    public T Read<T>(Func<WorldState, T> read)
    {
        lock (_gate)
            return read(state);
    }

    public T Change<T>(Func<WorldState, T> change)
    {
        lock (_gate)
        {
            var result = change(state);
            folder?.Save(state);
            return result;
        }
    }

    public void Change(Action<WorldState> change) => Change(world =>
    {
        change(world);
        return true;
    });

    public Switches Switches => Read(world => world.Switches);
}
