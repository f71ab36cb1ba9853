using System.Text.Json.Serialization;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Limits;

/// <summary>The limits of facts 7.1. Lengths of windows can be shortened for runs of several processes that share no fake clock.</summary>
public sealed record RealmLimitSettings
{
    /// <summary>Calls a minute to one company, by all apps.</summary>
    public int Minute { get; init; } = 500;

    /// <summary>Calls a second to one company by one app.</summary>
    public int Second { get; init; } = 10;

    /// <summary>Calls in flight to one company by one app.</summary>
    public int Concurrent { get; init; } = 10;

    /// <summary>Batch calls a minute to one company by one app.</summary>
    public int Batch { get; init; } = 40;

    /// <summary>Batch calls a minute to one company by all apps.</summary>
    public int CompanyBatch { get; init; } = 120;

    public double MinuteSeconds { get; init; } = 60;

    public double SecondSeconds { get; init; } = 1;

    /// <summary>Refused calls use the allowance up as well.</summary>
    public bool RefusedCount { get; init; }

    /// <summary>False lets every call through (they are counted all the same).</summary>
    public bool Enforced { get; init; } = true;

    [JsonIgnore]
    public TimeSpan MinuteLength => TimeSpan.FromSeconds(MinuteSeconds);

    [JsonIgnore]
    public TimeSpan SecondLength => TimeSpan.FromSeconds(SecondSeconds);
}

internal enum RealmLimit { Minute, Second, Concurrent, Batch, CompanyBatch, Month }

/// <summary>How an app stands with one company.</summary>
public sealed record RealmStanding(string ClientId, string TenantId, int InFlight, int MostInFlight, int MinuteUsed, int SecondUsed, int MostInASecond, int BatchUsed, int MonthUsed, int Refused);

internal sealed record RealmAdmission(RealmLimit? Refused, int? RetryAfter, int InFlight);

/// <summary>Counts calls by company, by app and company, and by app and month.</summary>
internal sealed class RealmLimits(SandboxClock clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Client, string Realm), Allowance> _pairs = [];
    private readonly Dictionary<string, FixedWindow> _minutes = [];
    private readonly Dictionary<string, FixedWindow> _batches = [];
    private readonly Dictionary<string, (int Month, int Count)> _months = [];

    /// <summary>Lets a call in or refuses it; one that was let in must <see cref="Leave"/>.</summary>
    public RealmAdmission Enter(RealmLimitSettings settings, string client, string realm, bool isBatch, int? monthLimit)
    {
        lock (_gate)
        {
            var now = clock.UtcNow;
            var pair = Pair(client, realm);
            var minute = Window(_minutes, realm, now, settings.MinuteLength);
            var companyBatch = Window(_batches, realm, now, settings.MinuteLength);
            pair.Second.Roll(now, settings.SecondLength, TimeSpan.Zero);
            pair.Batch.Roll(now, settings.MinuteLength, TimeSpan.Zero);
            RealmLimit? refused = !settings.Enforced ? null
                : MonthUsed(client, now) >= monthLimit ? RealmLimit.Month
                : pair.InFlight >= settings.Concurrent ? RealmLimit.Concurrent
                : pair.Second.Count >= settings.Second ? RealmLimit.Second
                : minute.Count >= settings.Minute ? RealmLimit.Minute
                : isBatch && pair.Batch.Count >= settings.Batch ? RealmLimit.Batch
                : isBatch && companyBatch.Count >= settings.CompanyBatch ? RealmLimit.CompanyBatch
                : null;
            if (refused is not null)
                pair.Refused++;
            if (refused is null || settings.RefusedCount)
                Count(pair, minute, companyBatch, isBatch);
            if (refused is null)
                pair.MostInFlight = Math.Max(pair.MostInFlight, ++pair.InFlight);
            TimeSpan? wait = refused switch
            {
                RealmLimit.Minute => minute.Left(now),
                RealmLimit.Second => pair.Second.Left(now),
                RealmLimit.Batch => pair.Batch.Left(now),
                RealmLimit.CompanyBatch => companyBatch.Left(now),
                _ => null,
            };
            return new RealmAdmission(refused, wait is { } left ? Math.Max(1, (int)Math.Ceiling(left.TotalSeconds)) : null, pair.InFlight);
        }
    }

    public void Leave(string client, string realm)
    {
        lock (_gate)
        {
            if (Pair(client, realm) is { InFlight: > 0 } pair)
                pair.InFlight--;
        }
    }

    /// <summary>Counts successful reads for the month's allowance.</summary>
    public void Meter(string client, int reads)
    {
        lock (_gate)
            _months[client] = (MonthOf(clock.UtcNow), MonthUsed(client, clock.UtcNow) + reads);
    }

    public void SetUsed(RealmLimitSettings settings, string client, string realm, int? minute, int? month)
    {
        lock (_gate)
        {
            if (minute is { } used)
                Window(_minutes, realm, clock.UtcNow, settings.MinuteLength).Set(used);
            if (month is { } reads)
                _months[client] = (MonthOf(clock.UtcNow), reads);
        }
    }

    public IReadOnlyList<RealmStanding> Standings(RealmLimitSettings settings)
    {
        lock (_gate)
        {
            var now = clock.UtcNow;
            return [.. _pairs.Select(entry =>
            {
                var ((client, realm), pair) = entry;
                pair.Second.Roll(now, settings.SecondLength, TimeSpan.Zero);
                pair.Batch.Roll(now, settings.MinuteLength, TimeSpan.Zero);
                return new RealmStanding(client, realm, pair.InFlight, pair.MostInFlight, Window(_minutes, realm, now, settings.MinuteLength).Count, pair.Second.Count,
                    pair.MostInASecond, pair.Batch.Count, MonthUsed(client, now), pair.Refused);
            })];
        }
    }

    /// <summary>Forgets all counts; calls in flight stay in flight.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _minutes.Clear();
            _batches.Clear();
            _months.Clear();
            foreach (var pair in _pairs.Values)
            {
                pair.Second.Set(0);
                pair.Batch.Set(0);
                (pair.MostInFlight, pair.MostInASecond, pair.Refused) = (pair.InFlight, 0, 0);
            }
        }
    }

    private static void Count(Allowance pair, FixedWindow minute, FixedWindow companyBatch, bool isBatch)
    {
        minute.Use();
        pair.Second.Use();
        pair.MostInASecond = Math.Max(pair.MostInASecond, pair.Second.Count);
        if (!isBatch)
            return;
        pair.Batch.Use();
        companyBatch.Use();
    }

    private Allowance Pair(string client, string realm)
    {
        if (!_pairs.TryGetValue((client, realm), out var pair))
            _pairs[(client, realm)] = pair = new Allowance();
        return pair;
    }

    private static FixedWindow Window(Dictionary<string, FixedWindow> windows, string key, DateTime now, TimeSpan length)
    {
        if (!windows.TryGetValue(key, out var window))
            windows[key] = window = new FixedWindow();
        window.Roll(now, length, TimeSpan.Zero);
        return window;
    }

    private int MonthUsed(string client, DateTime now) => _months.TryGetValue(client, out var used) && used.Month == MonthOf(now) ? used.Count : 0;

    private static int MonthOf(DateTime now) => (now.Year * 12) + now.Month;

    private sealed class Allowance
    {
        public FixedWindow Second { get; } = new();

        public FixedWindow Batch { get; } = new();

        public int InFlight { get; set; }

        public int MostInFlight { get; set; }

        public int MostInASecond { get; set; }

        public int Refused { get; set; }
    }
}
