namespace DataHealth.Core.Practices;

/// <summary>Who does something: a signed-in member of one practice. Commands take it, and see only that practice.</summary>
/// <param name="Practice">The practice that the member works for.</param>
/// <param name="Member">The member.</param>
/// <param name="Name">The member's name for people, also kept as "connected by".</param>
/// <param name="Permissions">What the member may do.</param>
public sealed record Actor(PracticeId Practice, MemberId Member, string Name, Permissions Permissions)
{
    /// <summary>True when the member may do all of <paramref name="wanted"/>.</summary>
    public bool May(Permissions wanted) => (Permissions & wanted) == wanted;

    /// <summary>The last line of defence; the host has asked before and answered in words.</summary>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public void Demand(Permissions wanted)
    {
        if (!May(wanted))
            throw new UnauthorizedAccessException($"Member {Member} may not {wanted}.");
    }
}

/// <summary>What a member may do.</summary>
[Flags]
public enum Permissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See clients and their data.</summary>
    ViewClients = 1,

    /// <summary>Add and rename clients.</summary>
    ManageClients = 2,

    /// <summary>Connect, reconnect and disconnect clients.</summary>
    ConnectClients = 4,

    /// <summary>Start a sync.</summary>
    SyncClients = 8,

    /// <summary>Everything of a practice.</summary>
    All = ViewClients | ManageClients | ConnectClients | SyncClients,
}

/// <summary>The member on whose behalf the current request runs; filled in by the host (sign-in, or configuration on one machine).</summary>
public interface ICurrentMember
{
    /// <summary>The member.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the host must have answered before.</exception>
    Actor Actor { get; }

    /// <summary>The member's practice.</summary>
    PracticeId Practice => Actor.Practice;

    /// <summary>The member's id.</summary>
    MemberId Member => Actor.Member;

    /// <summary>The member's name.</summary>
    string Name => Actor.Name;

    /// <summary>True when the member may do all of <paramref name="wanted"/>.</summary>
    bool May(Permissions wanted) => Actor.May(wanted);
}
