namespace DataHealth.Local.Sandbox.World;

/// <summary>The state of the Xero sandbox.</summary>
public sealed class SandboxWorld(WorldState state, SandboxClock clock, WorldFolder? folder) : KeptState<WorldState>(state, clock, folder)
{
    public Switches Switches => Read(world => world.Switches);
}
