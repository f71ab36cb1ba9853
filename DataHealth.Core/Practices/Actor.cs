namespace DataHealth.Core.Practices;

/// <summary>Who does something, in which practice: a signed-in member of it, or our support inside it. Commands take it, and see only that practice and only those clients.</summary>
/// <param name="Practice">The practice in which the actor works.</param>
/// <param name="Member">The member.</param>
/// <param name="Name">The member's name for people, also kept as "connected by".</param>
/// <param name="Role">The member's role.</param>
/// <param name="Permissions">What the member may do (<see cref="RolePermissions"/>, and the privileges of a Standard member).</param>
/// <param name="Clients">Which clients exist for the member.</param>
/// <param name="RequestId">The id of the request, as in its answer, its log lines and the audit.</param>
public sealed record Actor(
    PracticeId Practice, MemberId Member, string Name, Role Role, Permissions Permissions, ClientAccess Clients, string RequestId)
{
    /// <summary>True when the member may do all of <paramref name="wanted"/>.</summary>
    public bool May(Permissions wanted) => (Permissions & wanted) == wanted;

    /// <summary>True when the client may exist for the member; that it is the practice's is asked of the store.</summary>
    public bool MaySee(ClientId client) => May(Permissions.ViewClients) && Clients.Allows(client);

    /// <summary>The last line of defence; the host has asked before and answered in words.</summary>
    /// <exception cref="UnauthorizedAccessException">The member may not.</exception>
    public void Demand(Permissions wanted)
    {
        if (!May(wanted))
            throw new UnauthorizedAccessException($"Member {Member} may not {wanted}.");
    }
}

/// <summary>The member on whose behalf the current request runs; filled in by the host once per request.</summary>
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
