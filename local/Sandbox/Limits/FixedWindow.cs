namespace DataHealth.Local.Sandbox.Limits;

/// <summary>A fixed window on a grid that starts at a moment of its own: the count falls to zero at each beginning.</summary>
internal sealed class FixedWindow
{
    private DateTime _start;
    private TimeSpan _length;
    private TimeSpan _phase;

    public int Count { get; private set; }

    public DateTime Start => _start;

    /// <summary>Moves to the window that holds <paramref name="now"/>; another length or phase begins anew.</summary>
    public void Roll(DateTime now, TimeSpan length, TimeSpan phase)
    {
        var regular = _length == length && _phase == phase;
        if (regular && now >= _start && now < _start + _length)
            return;
        var whole = (now - DateTime.UnixEpoch - phase).Ticks;
        var into = ((whole % length.Ticks) + length.Ticks) % length.Ticks;
        (_length, _phase, _start, Count) = (length, phase, now.AddTicks(-into), 0);
    }

    public void Use() => Count++;

    public void Set(int count) => Count = count;

    public void Lengthen(DateTime now) => _start = now;

    public TimeSpan Left(DateTime now) => _start + _length - now;
}
