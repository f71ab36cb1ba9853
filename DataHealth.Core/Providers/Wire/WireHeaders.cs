using System.Net.Http.Headers;

namespace DataHealth.Core.Providers.Wire;

/// <summary>What every provider's HTTP has in common.</summary>
internal static class WireHeaders
{
    /// <summary>Joins a host (which may have a path of its own) and a path.</summary>
    public static Uri Under(this Uri host, string path) => new($"{host.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>How long the answer asks to wait, in either form of the header; null without it.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => (TimeSpan?)null,
        };
        return wait is { } length ? (length < TimeSpan.Zero ? TimeSpan.Zero : length) : null;
    }
}
