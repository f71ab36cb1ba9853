using DataHealth.Core.Connections;
using DataHealth.Core.Notices;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Clients.Overview;

/// <summary>How a client's connection stands for the person who looks after connections: the most pressing thing about it.</summary>
public enum Standing
{
    /// <summary>Never connected.</summary>
    NotConnected,

    /// <summary>Somebody is at it.</summary>
    Connecting,

    /// <summary>All is well.</summary>
    Connected,

    /// <summary>Connected, but the names of client and organisation differ: probably the wrong books.</summary>
    Mismatch,

    /// <summary>Connected, but the access or the consent ends soon.</summary>
    Expiring,

    /// <summary>The access ran out or was withdrawn: only a new consent mends it.</summary>
    ReconnectNeeded,

    /// <summary>Somebody disconnected it here.</summary>
    DisconnectedHere,

    /// <summary>It is gone at the provider: disconnected there, access lost, or the organisation closed.</summary>
    DisconnectedThere,
}

/// <summary>What mends a standing.</summary>
public enum MendingAction
{
    /// <summary>Nothing is to be done.</summary>
    None,

    /// <summary>Connect the client.</summary>
    Connect,

    /// <summary>A new consent for the same books.</summary>
    Reconnect,

    /// <summary>Say that the books are right, rename the client, or connect it to the right ones.</summary>
    CheckName,
}

/// <summary>Tells standings from summaries. Pure but for the settings.</summary>
public sealed class ConnectionStandings(NoticeRules notices)
{
    /// <summary>How the client's connection stands at that moment.</summary>
    public Standing Of(ClientSummary client, DateTimeOffset now) => client.StateAt(now) switch
    {
        ConnectionState.NotConnected => Standing.NotConnected,
        ConnectionState.Connecting => Standing.Connecting,
        ConnectionState.ReconnectNeeded => client.Fault is FaultKind.OrganisationRemoved ? Standing.DisconnectedThere : Standing.ReconnectNeeded,
        ConnectionState.Disconnecting or ConnectionState.Disconnected => Standing.DisconnectedHere,
        ConnectionState.Connected when notices.IsExpiring(client, now) => Standing.Expiring,
        ConnectionState.Connected => client.IsMismatch ? Standing.Mismatch : Standing.Connected,
        var other => throw new InvalidOperationException($"{other} has no standing."),
    };

    /// <summary>The state that clients of a standing have, for the table to filter by; null where a time decides.</summary>
    public static ConnectionState? StateOf(Standing standing) => standing switch
    {
        Standing.Connected or Standing.Mismatch or Standing.Expiring => ConnectionState.Connected,
        Standing.ReconnectNeeded or Standing.DisconnectedThere => ConnectionState.ReconnectNeeded,
        Standing.NotConnected => ConnectionState.NotConnected,
        Standing.Connecting => ConnectionState.Connecting,
        _ => null,
    };

    /// <summary>What mends it.</summary>
    public static MendingAction ActionOf(Standing standing) => standing switch
    {
        Standing.NotConnected or Standing.DisconnectedHere => MendingAction.Connect,
        Standing.ReconnectNeeded or Standing.DisconnectedThere or Standing.Expiring => MendingAction.Reconnect,
        Standing.Mismatch => MendingAction.CheckName,
        Standing.Connected or Standing.Connecting => MendingAction.None,
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "A standing without an action."),
    };
}
