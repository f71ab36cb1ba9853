using System.Buffers.Binary;
using System.Security.Cryptography;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Limits;

/// <summary>What one call met at the gate: the limit that refused it or null, the seconds to wait (minute, day, app minute), and what is left.</summary>
internal sealed record Admission(LimitKind? Refused, int? RetryAfter, int DayLeft, int MinuteLeft, int AppMinuteLeft, int InFlight);

internal enum LimitKind { Concurrent, Minute, Day, AppMinute }

/// <summary>How an app stands with one tenant.</summary>
public sealed record LimitStanding(
    string ClientId, Guid TenantId, int InFlight, int MostInFlight, int MinuteUsed, int DayUsed, DateTime MinuteStartsUtc, DateTime DayStartsUtc, int Refused);

/// <summary>Counts calls per app and tenant, and per app.</summary>
internal sealed class LimitGate(SandboxClock clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Client, Guid Tenant), Allowance> _tenants = [];
    private readonly Dictionary<string, FixedWindow> _apps = [];

    /// <summary>Lets a call in or refuses it; one that was let in must <see cref="Leave"/>.</summary>
    public Admission Enter(LimitSettings settings, XeroApp app, Guid tenantId, bool rapid)
    {
        lock (_gate)
        {
            var now = clock.UtcNow;
            var own = settings.Tenants.GetValueOrDefault(tenantId) ?? new TenantLimits();
            var allowance = Roll(settings, own, app.ClientId, tenantId, now);
            var appWindow = AppWindow(settings, app.ClientId, now);
            var (minute, day) = (own.Minute ?? settings.Minute, own.Day ?? settings.Day ?? app.DayLimit);
            LimitKind? refused = !settings.Enforced ? null
                : appWindow.Count >= settings.AppMinute ? LimitKind.AppMinute
                : allowance.InFlight >= (own.Concurrent ?? settings.Concurrent) ? LimitKind.Concurrent
                : rapid ? null
                : allowance.Day.Count >= day ? LimitKind.Day
                : allowance.Minute.Count >= minute ? LimitKind.Minute
                : null;
            var window = refused switch
            {
                LimitKind.Day => allowance.Day,
                LimitKind.Minute => allowance.Minute,
                LimitKind.AppMinute => appWindow,
                _ => null,
            };
            if (refused is not null)
                allowance.Refused++;
            if (refused is not null && settings.RefusedLengthen)
                window?.Lengthen(now);
            if (refused is null || settings.RefusedCount)
                Count(allowance, appWindow, rapid);
            if (refused is null)
                allowance.MostInFlight = Math.Max(allowance.MostInFlight, ++allowance.InFlight);
            int? retryAfter = window is null || !settings.RetryAfter ? null : Math.Max(1, (int)Math.Ceiling(window.Left(now).TotalSeconds));
            return new Admission(refused, retryAfter, Math.Max(0, day - allowance.Day.Count), Math.Max(0, minute - allowance.Minute.Count),
                Math.Max(0, settings.AppMinute - appWindow.Count), allowance.InFlight);
        }
    }

    public void Leave(string clientId, Guid tenantId)
    {
        lock (_gate)
        {
            if (_tenants.TryGetValue((clientId, tenantId), out var allowance) && allowance.InFlight > 0)
                allowance.InFlight--;
        }
    }

    /// <summary>Counts a call that names no tenant; returns what the app has left this minute, negative when it is refused.</summary>
    public int EnterApp(LimitSettings settings, string clientId)
    {
        lock (_gate)
        {
            var window = AppWindow(settings, clientId, clock.UtcNow);
            if (settings.Enforced && window.Count >= settings.AppMinute)
                return -1;
            window.Use();
            return Math.Max(0, settings.AppMinute - window.Count);
        }
    }

    public IReadOnlyList<LimitStanding> Standings(LimitSettings settings)
    {
        lock (_gate)
        {
            var now = clock.UtcNow;
            return [.. _tenants.Keys.ToList().Select(key =>
            {
                var own = settings.Tenants.GetValueOrDefault(key.Tenant) ?? new TenantLimits();
                var at = Roll(settings, own, key.Client, key.Tenant, now);
                return new LimitStanding(key.Client, key.Tenant, at.InFlight, at.MostInFlight, at.Minute.Count, at.Day.Count, at.Minute.Start, at.Day.Start, at.Refused);
            })];
        }
    }

    /// <summary>Sets what an app has used with a tenant, or (null) forgets what was counted.</summary>
    public void SetUsed(LimitSettings settings, string clientId, Guid tenantId, int? minuteUsed, int? dayUsed)
    {
        lock (_gate)
        {
            var own = settings.Tenants.GetValueOrDefault(tenantId) ?? new TenantLimits();
            var allowance = Roll(settings, own, clientId, tenantId, clock.UtcNow);
            allowance.Minute.Set(minuteUsed ?? allowance.Minute.Count);
            allowance.Day.Set(dayUsed ?? allowance.Day.Count);
        }
    }

    /// <summary>Forgets all counts; calls in flight stay in flight.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _apps.Clear();
            foreach (var allowance in _tenants.Values)
            {
                allowance.Minute.Set(0);
                allowance.Day.Set(0);
                (allowance.MostInFlight, allowance.Refused) = (allowance.InFlight, 0);
            }
        }
    }

    private static void Count(Allowance allowance, FixedWindow appWindow, bool rapid)
    {
        appWindow.Use();
        if (rapid)
            return;
        allowance.Minute.Use();
        allowance.Day.Use();
    }

    private FixedWindow AppWindow(LimitSettings settings, string clientId, DateTime now)
    {
        if (!_apps.TryGetValue(clientId, out var window))
            _apps[clientId] = window = new FixedWindow();
        window.Roll(now, TimeSpan.FromSeconds(settings.MinuteSeconds), TimeSpan.Zero);
        return window;
    }

    private Allowance Roll(LimitSettings settings, TenantLimits own, string clientId, Guid tenantId, DateTime now)
    {
        if (!_tenants.TryGetValue((clientId, tenantId), out var allowance))
            _tenants[(clientId, tenantId)] = allowance = new Allowance();
        allowance.Minute.Roll(now, TimeSpan.FromSeconds(settings.MinuteSeconds), TimeSpan.FromSeconds(own.MinuteStartsAt ?? Phase(tenantId, 0) * settings.MinuteSeconds));
        allowance.Day.Roll(now, TimeSpan.FromSeconds(settings.DaySeconds), TimeSpan.FromSeconds(own.DayStartsAt ?? Phase(tenantId, 8) * settings.DaySeconds));
        return allowance;
    }

    /// <summary>A share of the window from the tenant id, so that every tenant begins at its own moment and always at the same one.</summary>
    private static double Phase(Guid tenantId, int offset)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(tenantId.ToByteArray(), hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash[offset..]) / (uint.MaxValue + 1d);
    }

    private sealed class Allowance
    {
        public FixedWindow Minute { get; } = new();

        public FixedWindow Day { get; } = new();

        public int InFlight { get; set; }

        public int MostInFlight { get; set; }

        public int Refused { get; set; }
    }
}
