namespace DataHealth.Core.Health.Records;

/// <summary>Versions that were read lately, as many as hold <see cref="MostFindings"/> findings: about 100 MB.</summary>
internal sealed class RecentHealth
{
    private const int MostFindings = 200_000;

    // What a version weighs beside its findings: that empty ones cannot be kept without end.
    private const int OwnWeight = 50;
    private readonly Lock _lock = new();
    private readonly LinkedList<KeptHealth> _kept = [];
    private readonly Dictionary<HealthVersion, LinkedListNode<KeptHealth>> _places = [];
    private long _weight;

    public KeptHealth? Find(HealthVersion version)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(version, out var place))
                return null;
            _kept.Remove(place);
            _kept.AddFirst(place);
            return place.Value;
        }
    }

    public KeptHealth Keep(KeptHealth health)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(health.Head.Version, out var there))
                return there.Value;
            _places[health.Head.Version] = _kept.AddFirst(health);
            _weight += Weight(health);
            while (_weight > MostFindings && _kept.Count > 1)
            {
                var oldest = _kept.Last!.Value;
                _kept.RemoveLast();
                _places.Remove(oldest.Head.Version);
                _weight -= Weight(oldest);
            }
            return health;
        }
    }

    private static int Weight(KeptHealth health) => health.Findings.Count + OwnWeight;
}
