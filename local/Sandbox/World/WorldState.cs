using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.Webhooks;

namespace DataHealth.Local.Sandbox.World;

/// <summary>All that the sandbox remembers, as it is kept in its data folder. Edits of books are kept beside it.</summary>
public sealed class WorldState
{
    public Dictionary<string, XeroApp> Apps { get; init; } = [];

    public Dictionary<Guid, Person> People { get; init; } = [];

    public Dictionary<Guid, Organisation> Organisations { get; init; } = [];

    public List<Connection> Connections { get; init; } = [];

    public Dictionary<string, RefreshToken> RefreshTokens { get; init; } = [];

    public Dictionary<string, AuthorizationCode> Codes { get; init; } = [];

    /// <summary>Scopes that a person gave an app, which add up over consents; by "client id/person id".</summary>
    public Dictionary<string, HashSet<string>> Consents { get; init; } = [];

    /// <summary>Webhooks by client id.</summary>
    public Dictionary<string, Webhook> Webhooks { get; init; } = [];

    public Switches Switches { get; set; } = new();

    public LimitSettings Limits { get; set; } = new();

    public TimeSpan ClockOffset { get; set; }

    public static string ConsentKey(string clientId, Guid personId) => $"{clientId}/{personId}";

    public void Replace(Connection old, Connection now) => Connections[Connections.IndexOf(old)] = now;

    /// <summary>The connection by which this person's tokens reach the organisation; null when there is none any more, for whatever reason.</summary>
    public Connection? Reachable(string clientId, Guid? personId, Guid tenantId) =>
        Connections.FirstOrDefault(connection => !connection.Removed && connection.ClientId == clientId && connection.TenantId == tenantId
            && (personId is null || connection.PersonId == personId) && HasAccess(connection));

    public bool HasAccess(Connection connection) =>
        Organisations.TryGetValue(connection.TenantId, out var organisation) && !organisation.Closed && organisation.Members.Contains(connection.PersonId);
}
