using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http;

/// <summary>A JSON body as it was read, or the problem with it.</summary>
internal readonly record struct Parsed<T>(T? Value, Problem? Problem)
    where T : class;

/// <summary>
/// Reads JSON bodies. Not by <c>[FromBody]</c>: a body that does not bind there fails the invocation before our code can say what was wrong with it.
/// </summary>
internal static class RequestBody
{
    /// <summary>More than any body of ours needs.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Longer than 64 KB take on a poor line; nobody may hold a request open by sending a byte now and then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<Parsed<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!IsJson(request))
            return new(null, Problems.NotJson);
        var buffer = new byte[MaxBytes + 1];
        var length = 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            for (int read; length < buffer.Length && (read = await request.Body.ReadAsync(buffer.AsMemory(length), patience.Token)) > 0;)
                length += read;
        }
        catch (BadHttpRequestException slow) when (slow.StatusCode is StatusCodes.Status408RequestTimeout)
        {
            return new(null, Problems.BodyTooSlow);
        }
        catch (BadHttpRequestException)
        {
            return new(null, Problems.BadJson("The body ended before it was complete."));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, Problems.BodyTooSlow);
        }
        if (length > MaxBytes)
            return new(null, Problems.BodyTooLarge);
        if (length == 0)
            return new(null, Problems.BadJson("The body is empty."));
        try
        {
            return JsonSerializer.Deserialize(buffer.AsSpan(0, length), type) is { } value
                ? new(value, null)
                : new(null, Problems.BadJson("The body is null where an object belongs."));
        }
        catch (JsonException exception)
        {
            return new(null, Problems.BadJson(Words(exception)));
        }
    }

    // The exception's own text names our types; its place is all that the caller needs.
    private static string Words(JsonException exception) =>
        exception.Path is { Length: > 1 } path
            ? $"See {path}: not a field that belongs there, given twice, or not of the right type."
            : $"It is not valid JSON, or not an object with the documented fields (line {(exception.LineNumber ?? 0) + 1}, byte {exception.BytePositionInLine ?? 0}).";

    private static bool IsJson(HttpRequest request) =>
        request.Headers.ContentType.Count == 1
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase))
        && (request.Headers.ContentEncoding.Count == 0 || string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase));
}
