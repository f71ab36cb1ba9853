using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http;

/// <summary>Answers in our one JSON dialect (<see cref="ApiJson"/>).</summary>
internal static class Answer
{
    public static Answer<T> Ok<T>(T value, JsonTypeInfo<T> type) => new(StatusCodes.Status200OK, value, type);

    public static Answer<T> Created<T>(string location, T value, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status201Created, value, type) { Location = location };

    public static Answer<T> Accepted<T>(string location, T value, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status202Accepted, value, type) { Location = location };

    public static Answer<T> Of<T>(int status, T value, JsonTypeInfo<T> type, string contentType) => new(status, value, type) { ContentType = contentType };
}

/// <summary>One JSON answer.</summary>
internal sealed class Answer<T>(int status, T value, JsonTypeInfo<T> type) : IResult, IStatusCodeHttpResult
{
    // Answers are JSON and never part of a page: an address in them can be copied as it stands, with & for &.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    int? IStatusCodeHttpResult.StatusCode => status;

    public string ContentType { get; init; } = "application/json";

    /// <summary>Where the thing is, below the address prefix of the API, e.g. <c>clients/7f…</c>.</summary>
    public string? Location { get; init; }

    public string? ETag { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // The whole answer is written before the first byte leaves, so that a fault while writing is still a problem and not half a body.
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer, Plain))
            JsonSerializer.Serialize(writer, value, type);
        var bytes = buffer.WrittenMemory;
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = ContentType + "; charset=utf-8";
        response.ContentLength = bytes.Length;
        if (Location is not null)
            response.Headers.Location = ApiAddress.Of(httpContext.Request, Location);
        if (ETag is not null)
            response.Headers.ETag = ETag;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
