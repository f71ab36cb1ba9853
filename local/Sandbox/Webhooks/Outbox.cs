namespace DataHealth.Local.Sandbox.Webhooks;

/// <summary>One app's events of the last 31 days and how far they have been delivered.</summary>
internal sealed class Outbox
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(31);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);
    private readonly Lock _gate = new();
    private readonly List<HookEvent> _events = [];
    private readonly List<PostLog> _posts = [];
    private DateTime? _failingSince;
    private int _failures;

    /// <summary>Posts are sent one after another.</summary>
    public SemaphoreSlim Sending { get; } = new(1, 1);

    public long LastSequence { get; private set; }

    public long DeliveredTo { get; private set; }

    public DateTime? NextTryUtc { get; private set; }

    public IReadOnlyList<PostLog> Posts
    {
        get
        {
            lock (_gate)
                return [.. _posts];
        }
    }

    public void Add(IEnumerable<HookEvent> events, DateTime now)
    {
        lock (_gate)
        {
            foreach (var one in events)
                _events.Add(one with { Sequence = ++LastSequence });
            _events.RemoveAll(one => one.AtUtc + Kept < now);
        }
    }

    /// <summary>What is to be sent next, if it is time.</summary>
    public IReadOnlyList<HookEvent> Next(int atMost, DateTime now, bool evenIfEarly)
    {
        lock (_gate)
            return !evenIfEarly && NextTryUtc > now ? [] : [.. _events.Where(one => one.Sequence > DeliveredTo).Take(atMost)];
    }

    public IReadOnlyList<HookEvent> Between(long from, long to)
    {
        lock (_gate)
            return [.. _events.Where(one => one.Sequence >= from && one.Sequence <= to)];
    }

    public void Log(PostLog post)
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

    /// <summary>A post failed: once more at once, then every 15 minutes. True after a day of it.</summary>
    public bool Failed(DateTime now)
    {
        lock (_gate)
        {
            _failingSince ??= now;
            NextTryUtc = ++_failures == 1 ? now : now + BetweenTries;
            return now - _failingSince >= Patience;
        }
    }

    /// <summary>Enabled again: the count of failures begins anew.</summary>
    public void Forgive()
    {
        lock (_gate)
            (_failures, _failingSince, NextTryUtc) = (0, null, null);
    }
}

/// <summary>One post that was sent.</summary>
/// <param name="AtUtc">When.</param>
/// <param name="First">The first event's sequence; 0 for an intent to receive.</param>
/// <param name="Last">The last event's sequence.</param>
/// <param name="Signature">How it was signed.</param>
/// <param name="Status">What was answered; null when nothing was.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Good">Whether the answer is as Xero asks: 2xx (401 for a wrong signature) without body and cookies, within 5 seconds.</param>
/// <param name="Why">What was wrong with it.</param>
public sealed record PostLog(DateTime AtUtc, long First, long Last, Signing Signature, int? Status, double Milliseconds, bool Good, string? Why);

/// <summary>How a post is signed.</summary>
public enum Signing
{
    Right,

    /// <summary>By another key.</summary>
    Wrong,

    Missing,
}
