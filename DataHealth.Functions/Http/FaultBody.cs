using DataHealth.Core.Providers;

namespace DataHealth.Functions.Http;

/// <summary>Something that went wrong, in words: what happened, who can do what, and whether a reconnect mends it.</summary>
public sealed record FaultBody(string Code, string Title, string Detail, bool ReconnectMends, DateTimeOffset? At = null, string? CorrelationId = null)
{
    public static FaultBody Of(FaultKind kind, string provider, DateTimeOffset? at = null, string? correlationId = null)
    {
        var words = FaultWords.For(kind, provider);
        return new(words.Code, words.Title, words.Detail, words.ReconnectMends, at?.ToUniversalTime(), correlationId);
    }
}
