using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http;

/// <summary>An RFC 9457 problem: what happened, and who can do what. The codes are in <see cref="Problems"/>.</summary>
public sealed record Problem(int Status, string Code, string Title, string Detail) : IResult, IStatusCodeHttpResult
{
    public const string TypePrefix = "https://datahealth.example/problems/";

    /// <summary>Which fields of the request are wrong, by their JSON names.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; init; }

    /// <summary>True only where a new consent at the provider mends it.</summary>
    public bool? ReconnectMends { get; init; }

    /// <summary>The methods that an address does take, where the method was wrong.</summary>
    public string? Allow { get; init; }

    // Whoever looks at the answer before it is carried out, as the trace does.
    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <summary>When to come back, where that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Allow is not null)
            httpContext.Response.Headers.Allow = Allow;
        if (RetryAfter is { } wait)
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var body = new ProblemBody(TypePrefix + Code, Title, Status, Detail, httpContext.TraceIdentifier, Errors, ReconnectMends);
        return Answer.Of(Status, body, ApiJson.Default.ProblemBody, "application/problem+json").ExecuteAsync(httpContext);
    }
}

/// <summary>A problem as it is written.</summary>
public sealed record ProblemBody(
    [property: JsonPropertyName("type")] string Type,
    string Title,
    int Status,
    string Detail,
    string RequestId,
    IReadOnlyDictionary<string, string>? Errors,
    bool? ReconnectMends);
