using System.Text;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Faults;

/// <summary>What faults make of an answer.</summary>
internal static class Mangling
{
    /// <summary>The answer in place of the real one, for faults that never carry the call out; null for the others.</summary>
    public static Reply? Instead(MetFault met, Switches switches, DateTime now) => met.Fault.Kind switch
    {
        FaultKind.Unavailable => met.Draw < 0.5 ? ErrorReplies.InternalError() : ErrorReplies.Overloaded(switches),
        FaultKind.ScopeMissing => ErrorReplies.InsufficientScope(switches),
        FaultKind.Forbidden => ErrorReplies.Forbidden(switches),
        FaultKind.TokenExpired => ErrorReplies.TokenExpired(switches, now),
        FaultKind.OrganisationOffline => ErrorReplies.OrganisationOffline(switches),
        FaultKind.Maintenance => ErrorReplies.Maintenance(switches),
        FaultKind.HighVolume => ErrorReplies.HighVolume(),
        FaultKind.RateLimited => Limited(met.Fault),
        FaultKind.InvalidClient => Reply.Json(switches.InvalidClientStatus, new JsonObject { ["error"] = "invalid_client" }),
        FaultKind.InvalidGrant => Reply.Json(400, new JsonObject { ["error"] = "invalid_grant" }),
        _ => Neutral(met),
    };

    /// <summary>Answers that look alike at every provider.</summary>
    public static Reply? Neutral(MetFault met) => met.Fault.Kind switch
    {
        FaultKind.Status => Custom(met.Fault),
        FaultKind.Html => Reply.Html(200, "<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>We'll be right back</h1></body></html>"),
        _ => null,
    };

    /// <summary>The real answer, spoilt.</summary>
    public static Reply Spoil(FaultKind kind, Reply reply) => kind switch
    {
        FaultKind.HalfJson => reply with { Body = reply.Body[..(reply.Body.Length / 2)] },
        FaultKind.WrongContentType => reply with { ContentType = "text/html; charset=utf-8" },
        FaultKind.WrongTypes => reply with { Body = WrongTypes(reply.Body) },
        _ => reply,
    };

    /// <summary>A body without end: filler records of one list.</summary>
    public static async Task WriteHugeAsync(Stream body, string list, int megabytes, CancellationToken cancellationToken)
    {
        var record = Encoding.UTF8.GetBytes("{\"Reference\":\"" + new string('x', 64 * 1024) + "\"},");
        await body.WriteAsync(Encoding.UTF8.GetBytes($"{{\"Id\":\"{Guid.NewGuid()}\",\"Status\":\"OK\",\"{list}\":["), cancellationToken);
        for (var left = megabytes * 1024L * 1024; left > 0; left -= record.Length)
            await body.WriteAsync(record, cancellationToken);
        await body.WriteAsync("{}]}"u8.ToArray(), cancellationToken);
    }

    private static Reply Custom(Fault fault)
    {
        var reply = Reply.Text(fault.Status, fault.Body ?? "", fault.ContentType ?? "text/plain; charset=utf-8");
        foreach (var (name, value) in fault.Headers)
            reply.With(name, value);
        return reply;
    }

    private static Reply Limited(Fault fault)
    {
        var reply = Reply.Empty(429).With("X-Rate-Limit-Problem", fault.Problem);
        return fault.RetryAfter is { } seconds ? reply.With("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)) : reply;
    }

    private static ReadOnlyMemory<byte> WrongTypes(ReadOnlyMemory<byte> body)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(body.Span);
        }
        catch (System.Text.Json.JsonException)
        {
            return body;
        }

        if (json is JsonObject envelope)
        {
            // Xero's lists are in the envelope, Intuit's one level further in.
            var lists = envelope.SelectMany(property => property.Value is JsonObject inner ? inner.Select(field => field.Value) : [property.Value]).OfType<JsonArray>();
            foreach (var record in lists.SelectMany(list => list).OfType<JsonObject>())
                Twist(record);
        }

        return Encoding.UTF8.GetBytes(json!.ToJsonString());
    }

    private static void Twist(JsonObject record)
    {
        foreach (var (name, value) in record.ToList())
        {
            record[name] = value?.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.Number => "a number",
                System.Text.Json.JsonValueKind.String => 17,
                System.Text.Json.JsonValueKind.Array => new JsonObject { ["not"] = "a list" },
                System.Text.Json.JsonValueKind.Object => new JsonArray(1, 2, 3),
                _ => "neither true nor false",
            };
        }
    }
}
