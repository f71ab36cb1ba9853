namespace DataHealth.Core.Practices;

/// <summary>A member's role, as accountancy practices know them.</summary>
public enum Role
{
    /// <summary>Sees the given clients only; what else is given one by one (<see cref="RolePermissions.Privileges"/>).</summary>
    Standard,

    /// <summary>Does everything with all clients; no members, settings or audit.</summary>
    ClientAdmin,

    /// <summary>Does everything in the practice.</summary>
    PracticeAdmin,

    /// <summary>Our own staff. Another practice's data only with a reason, for a time, and visible in that practice's audit.</summary>
    Support,
}
