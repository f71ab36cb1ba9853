using System.Net.Http.Headers;
using System.Text;
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
        var (body, problem) = await ReadBytesAsync(request, MaxBytes, cancellationToken);
        if (problem is not null)
            return new(null, problem);
        if (body.Length == 0)
            return new(null, Problems.BadJson("The body is empty."));
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) is { } value
                ? new(value, null)
                : new(null, Problems.BadJson("The body is null where an object belongs."));
        }
        catch (JsonException exception)
        {
            return new(null, Problems.BadJson(Words(exception)));
        }
    }

    /// <summary>The body as it came, or the problem with it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Body, Problem? Problem)> ReadBytesAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        // Grows with what really comes: a length that is only announced costs nothing.
        var buffer = new byte[Math.Min(most, MaxBytes) + 1];
        var length = 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            for (int read; (read = await request.Body.ReadAsync(buffer.AsMemory(length), patience.Token)) > 0;)
            {
                length += read;
                if (length > most)
                    return (default, Problems.BodyTooLarge);
                if (length == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(most + 1, buffer.Length * 2));
            }
        }
        catch (BadHttpRequestException slow) when (slow.StatusCode is StatusCodes.Status408RequestTimeout)
        {
            return (default, Problems.BodyTooSlow);
        }
        catch (BadHttpRequestException)
        {
            return (default, Problems.BadJson("The body ended before it was complete."));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (default, Problems.BodyTooSlow);
        }
        return (buffer.AsMemory(0, length), null);
    }

    // The exception's own text names our types; its place is all that the caller needs, and for a word those that there are.
    private static string Words(JsonException exception) =>
        exception is RefusedWordException ? $"See {exception.Path}: {exception.Message}."
        : exception.Path is { Length: > 1 } path && exception.InnerException is not JsonException && exception.InnerException?.InnerException is not DecoderFallbackException
            ? $"See {path}: not a field that belongs there, given twice, or not of the right type."
            : $"It is not valid JSON, or not an object with the documented fields (line {(exception.LineNumber ?? 0) + 1}, byte {exception.BytePositionInLine ?? 0}).";

    private static bool IsJson(HttpRequest request) =>
        request.Headers.ContentType.Count == 1
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase))
        && (request.Headers.ContentEncoding.Count == 0 || string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase));
}
