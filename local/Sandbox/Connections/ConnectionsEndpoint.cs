using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Connections;

/// <summary>GET /connections and DELETE /connections/{id} (facts 1.5).</summary>
internal sealed class ConnectionsEndpoint(SandboxWorld world)
{
    public Reply List(Bearer bearer, string? authEventId) => world.Read(state =>
    {
        var listed = state.Connections.Where(connection => Owns(bearer, connection)
            && (state.HasAccess(connection) || state.Switches.LostAccessStillListed && state.Organisations.ContainsKey(connection.TenantId))
            && (authEventId is null || Guid.TryParse(authEventId, out var id) && connection.AuthEventId == id));
        return Reply.Json(200, new JsonArray([.. listed.Select(connection => (JsonNode)new JsonObject
        {
            ["id"] = connection.Id.ToString(),
            ["authEventId"] = connection.AuthEventId.ToString(),
            ["tenantId"] = connection.TenantId.ToString(),
            ["tenantType"] = "ORGANISATION",
            ["tenantName"] = state.Organisations[connection.TenantId].Name,
            ["createdDateUtc"] = Iso(connection.CreatedUtc),
            ["updatedDateUtc"] = Iso(connection.UpdatedUtc),
        })]));
    });

    public Reply Delete(Bearer bearer, string text) => world.Change(state =>
    {
        if (!Guid.TryParse(text, out var id))
            return ErrorReplies.NotFound();
        if (state.Connections.FirstOrDefault(connection => connection.Id == id && Owns(bearer, connection)) is { } connection)
        {
            state.Replace(connection, connection with { Removed = true });
            return Reply.Empty(204);
        }

        // Another kind of id, or a connection of somebody else, is forbidden; an id that means nothing is not found.
        var otherKind = state.Connections.Any(other => other.TenantId == id || other.AuthEventId == id || other.Id == id && !other.Removed);
        return otherKind ? ErrorReplies.Forbidden(state.Switches) : ErrorReplies.NotFound();
    });

    private static bool Owns(Bearer bearer, Connection connection) =>
        !connection.Removed && connection.ClientId == bearer.ClientId && (bearer.PersonId is null ? bearer.Scopes.Contains("app.connections") : connection.PersonId == bearer.PersonId);

    /// <summary>ISO without a zone letter, seven decimals.</summary>
    private static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
}
