using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>Faults, and the log of every call received.</summary>
internal static class FaultsAndCallsControl
{
    public static void MapFaultsAndCalls(this RouteGroupBuilder control)
    {
        control.MapGet("/faults", (FaultBoard board) => board.All());
        control.MapPost("/faults", (JsonObject body, FaultBoard board) =>
            Results.Json(board.Post(body.Deserialize<Fault>(SandboxJson.Options)!), SandboxJson.Options, statusCode: 201));
        control.MapDelete("/faults", (FaultBoard board) => new { removed = board.Remove(_ => true) });
        control.MapDelete("/faults/{id:guid}", (Guid id, FaultBoard board) => board.Remove(fault => fault.Id == id) > 0 ? Results.NoContent() : throw new KeyNotFoundException("There is no such fault."));
        control.MapPost("/faults/{id:guid}/release", (Guid id, FaultBoard board) => board.Release(id) ? Results.NoContent() : throw new KeyNotFoundException("There is no such fault."));
        control.MapGet("/calls", ([AsParameters] CallQuery query, CallLog log) =>
        {
            var found = log.Find(query.Filter());
            return query.Last is { } last ? found.TakeLast(last).ToList() : found;
        });
        control.MapGet("/calls/count", ([AsParameters] CallQuery query, CallLog log) =>
        {
            var found = log.Find(query.Filter());
            return new
            {
                total = found.Count,
                bytes = found.Sum(call => call.Bytes),
                mostInFlight = found.Count == 0 ? 0 : found.Max(call => call.InFlight),
                first = found.Count == 0 ? (DateTime?)null : found[0].AtUtc,
                last = found.Count == 0 ? (DateTime?)null : found[^1].AtUtc,
                byEndpoint = found.GroupBy(call => call.Endpoint).ToDictionary(group => group.Key, group => group.Count()),
                byStatus = found.GroupBy(call => call.Status).ToDictionary(group => group.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), group => group.Count()),
            };
        });
        control.MapDelete("/calls", (CallLog log) =>
        {
            log.Clear();
            return Results.NoContent();
        });
    }
}

/// <summary>The query of /calls and /calls/count.</summary>
internal sealed class CallQuery
{
    public TenantKey? Tenant { get; init; }

    public string? Client { get; init; }

    public string? Api { get; init; }

    public string? Endpoint { get; init; }

    public string? Method { get; init; }

    public int? Status { get; init; }

    public long? After { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public int? Last { get; init; }

    public CallFilter Filter() => new(Tenant, Client, Api, Endpoint, Method, Status, After ?? 0, From?.UtcDateTime, To?.UtcDateTime);
}
