using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Threading.RateLimiting;
using DataHealth.Core.Practices;
using DataHealth.Core.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Pipeline;

/// <summary>How many requests a minute are answered, by this instance alone: with n instances it is up to n times as many. Section <c>RateLimits</c>.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Of one signed-in person.</summary>
    public int PerMember { get; set; } = 1200;

    /// <summary>Of one address: an office of many people can be behind one. Counted before it is known who asks.</summary>
    public int PerAddress { get; set; } = 6000;
}

/// <summary>What the limits must be.</summary>
public sealed class RateLimitRule : IValidateOptions<RateLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options) => new SettingFaults(RateLimitOptions.Section)
        .Range(nameof(options.PerMember), options.PerMember, 60, 1_000_000)
        .Range(nameof(options.PerAddress), options.PerAddress, 60, 1_000_000)
        .Result;
}

/// <summary>An HTTP function that takes as many requests as come, e.g. a provider's webhook, which bounds itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WithoutRateLimitAttribute : Attribute;

/// <summary>An HTTP function that one address may call only so often a minute, on each instance; for what anybody may call and guess at.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AddressRateAttribute(int perMinute) : Attribute
{
    /// <summary>At least 60: a bucket is refilled by one each second.</summary>
    public int PerMinute => perMinute;
}

/// <summary>Token buckets by key: a minute's worth at once, refilled each second. Idle ones go by themselves.</summary>
public sealed class RequestBuckets : IDisposable
{
    private readonly PartitionedRateLimiter<string> _buckets;

    public RequestBuckets(int perMinute) => _buckets = PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = perMinute,
        TokensPerPeriod = Math.Max(1, perMinute / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = false,
        QueueLimit = 0,
    }));

    /// <summary>Null when the request may go on; else how long to wait.</summary>
    public TimeSpan? Take(string key)
    {
        using var lease = _buckets.AttemptAcquire(key);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1);
    }

    public void Dispose() => _buckets.Dispose();
}

/// <summary>Holds back an address that asks too much, before anything else is done for it.</summary>
internal sealed class AddressLimit(IOptions<RateLimitOptions> options, HostingPlace place) : IFunctionsWorkerMiddleware, IDisposable
{
    private readonly RequestBuckets _buckets = new(options.Value.PerAddress);
    private readonly FrozenSet<string> _without = Functions<WithoutRateLimitAttribute>().Select(function => function.Name).ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, RequestBuckets> _own = Functions<AddressRateAttribute>()
        .ToFrozenDictionary(function => function.Name, function => new RequestBuckets(function.Mark.PerMinute), StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || _without.Contains(context.FunctionDefinition.Name))
            return next(context);
        var address = AddressOf(http);
        if ((_own.GetValueOrDefault(context.FunctionDefinition.Name)?.Take(address) ?? _buckets.Take(address)) is not { } wait)
            return next(context);
        context.GetInvocationResult().Value = Problems.TooManyRequests(wait);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _buckets.Dispose();
        foreach (var own in _own.Values)
            own.Dispose();
    }

    private static IEnumerable<(string Name, T Mark)> Functions<T>()
        where T : Attribute => typeof(AddressLimit).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            .Where(method => method.IsDefined(typeof(T)))
            .Select(method => (method.GetCustomAttribute<FunctionAttribute>()!.Name, method.GetCustomAttribute<T>()!));

    // In Azure the platform's front end puts the caller's address last into X-Forwarded-For; what stands before it the caller wrote. Elsewhere the header is the caller's alone.
    private string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (place.IsAzure && http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim() is { Length: > 0 } last
            && (IPAddress.TryParse(last, out var given) || (IPEndPoint.TryParse(last, out var point) && (given = point.Address) is not null)))
            address = given;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        // Whoever has one IPv6 address has a /64 of them.
        return address.AddressFamily is AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
