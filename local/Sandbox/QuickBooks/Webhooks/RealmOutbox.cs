namespace DataHealth.Local.Sandbox.QuickBooks.Webhooks;

/// <summary>One app's events and how far they have been delivered.</summary>
internal sealed class RealmOutbox
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(50)];
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private readonly List<RealmEvent> _events = [];
    private readonly List<RealmPost> _posts = [];
    private DateTime? _failingSince;
    private int _failures;

    /// <summary>Posts are sent one after another.</summary>
    public SemaphoreSlim Sending { get; } = new(1, 1);

    public long LastSequence { get; private set; }

    public long DeliveredTo { get; private set; }

    public DateTime? NextTryUtc { get; private set; }

    public IReadOnlyList<RealmPost> Posts
    {
        get
        {
            lock (_gate)
                return [.. _posts];
        }
    }

    public void Add(IEnumerable<RealmEvent> events)
    {
        lock (_gate)
        {
            foreach (var one in events)
                _events.Add(one with { Sequence = ++LastSequence });
        }
    }

    /// <summary>What is to be sent next, if it is time.</summary>
    public IReadOnlyList<RealmEvent> Next(int atMost, DateTime now, bool evenIfEarly)
    {
        lock (_gate)
            return !evenIfEarly && NextTryUtc > now ? [] : [.. _events.Where(one => one.Sequence > DeliveredTo).Take(atMost)];
    }

    public IReadOnlyList<RealmEvent> Between(long from, long to)
    {
        lock (_gate)
            return [.. _events.Where(one => one.Sequence >= from && one.Sequence <= to)];
    }

    public void Log(RealmPost post)
    {
        lock (_gate)
        {
            _posts.Add(post);
            if (_posts.Count > 1000)
                _posts.RemoveAt(0);
        }
    }

    public void Delivered(long to)
    {
        lock (_gate)
            (DeliveredTo, _failures, _failingSince, NextTryUtc) = (Math.Max(DeliveredTo, to), 0, null, null);
    }

    /// <summary>A post failed: again after 20, 30 and then every 50 minutes. True after a day of it.</summary>
    public bool Failed(DateTime now)
    {
        lock (_gate)
        {
            _failingSince ??= now;
            NextTryUtc = now + Waits[Math.Min(_failures++, Waits.Length - 1)];
            return now - _failingSince >= Patience;
        }
    }

    public void Forgive()
    {
        lock (_gate)
            (_failures, _failingSince, NextTryUtc) = (0, null, null);
    }
}
