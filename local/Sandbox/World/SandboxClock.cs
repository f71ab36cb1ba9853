namespace DataHealth.Local.Sandbox.World;

/// <summary>The sandbox's own time: the clock beneath it, moved by an offset.</summary>
public sealed class SandboxClock(TimeProvider beneath) : TimeProvider
{
    private long _offsetTicks;

    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    public DateTime UtcNow => GetUtcNow().UtcDateTime;

    /// <summary>Now as Xero's records keep it.</summary>
    public DateTime UtcNowToMillisecond => new(UtcNow.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);

    public override DateTimeOffset GetUtcNow() => beneath.GetUtcNow() + Offset;

    public override long GetTimestamp() => beneath.GetTimestamp();

    public override long TimestampFrequency => beneath.TimestampFrequency;
}
