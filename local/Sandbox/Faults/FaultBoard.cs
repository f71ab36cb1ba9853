using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Faults;

/// <summary>What a call looks like to a fault.</summary>
internal sealed record FaultTarget(string Endpoint, bool IsData, TenantKey? TenantId, string? ClientId, Guid? PersonId);

/// <summary>A fault that a call met, with one drawn number in [0, 1).</summary>
internal sealed record MetFault(Fault Fault, double Draw, Task Released);

/// <summary>The faults in force.</summary>
internal sealed class FaultBoard
{
    private readonly Lock _gate = new();
    private readonly List<Posted> _faults = [];

    public Fault Post(Fault fault)
    {
        lock (_gate)
            _faults.Add(new Posted(fault));
        return fault;
    }

    public IReadOnlyList<Fault> All()
    {
        lock (_gate)
            return [.. _faults.Select(posted => posted.Fault with { Fired = posted.Fired, Waiting = posted.Waiting })];
    }

    /// <summary>The calls that the fault meets now go on; those of later wait again.</summary>
    public bool Release(Guid id)
    {
        lock (_gate)
        {
            if (_faults.Find(posted => posted.Fault.Id == id) is not { } found)
                return false;
            found.Release();
            return true;
        }
    }

    public int Remove(Func<Fault, bool> which)
    {
        lock (_gate)
        {
            foreach (var posted in _faults.Where(posted => which(posted.Fault)))
                posted.Release();
            return _faults.RemoveAll(posted => which(posted.Fault));
        }
    }

    public IReadOnlyList<MetFault> Meet(FaultTarget target)
    {
        lock (_gate)
            return [.. _faults.Select(posted => posted.Meet(target)).OfType<MetFault>()];
    }

    /// <summary>Keeps a call waiting for a delay, or until a hold is released.</summary>
    public async Task SlowAsync(MetFault slow, CancellationToken cancellationToken)
    {
        if (slow.Fault.Kind == FaultKind.Delay)
        {
            await Task.Delay(slow.Fault.DelayMs, cancellationToken);
            return;
        }

        Wait(slow.Fault.Id, +1);
        try
        {
            await slow.Released.WaitAsync(cancellationToken);
        }
        finally
        {
            Wait(slow.Fault.Id, -1);
        }
    }

    private void Wait(Guid id, int change)
    {
        lock (_gate)
        {
            if (_faults.Find(posted => posted.Fault.Id == id) is { } found)
                found.Waiting += change;
        }
    }

    private sealed class Posted(Fault fault)
    {
        private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ulong _random = fault.Seed;
        private int _matched;

        public Fault Fault => fault;

        public int Fired { get; private set; }

        public int Waiting { get; set; }

        public void Release()
        {
            _gate.TrySetResult();
            _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public MetFault? Meet(FaultTarget target)
        {
            if (!Matches(target) || Fired >= fault.Count || ++_matched <= fault.Skip || Draw() * 100 >= fault.Percent)
                return null;
            Fired++;
            return new MetFault(fault, Draw(), _gate.Task);
        }

        private bool Matches(FaultTarget target) =>
            (fault.Endpoint is null ? target.IsData
                : fault.Endpoint.EndsWith('*') ? target.Endpoint.StartsWith(fault.Endpoint[..^1], StringComparison.OrdinalIgnoreCase)
                : target.Endpoint.Equals(fault.Endpoint, StringComparison.OrdinalIgnoreCase))
            && (fault.TenantId is null || fault.TenantId == target.TenantId)
            && (fault.ClientId is null || fault.ClientId == target.ClientId)
            && (fault.PersonId is null || fault.PersonId == target.PersonId);

        /// <summary>SplitMix64: the same seed gives the same draws on every machine.</summary>
        private double Draw()
        {
            var z = _random += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}
