using System.Collections.Frozen;

namespace DataHealth.Core.Practices;

/// <summary>Which clients of the practice exist for a member: all, or those given. Data Health access is a switch per client and colleague.</summary>
public sealed record ClientAccess
{
    private readonly FrozenSet<ClientId> _only;

    private ClientAccess(bool isAll, FrozenSet<ClientId> only)
    {
        IsAll = isAll;
        _only = only;
    }

    /// <summary>Every client of the practice.</summary>
    public static ClientAccess All { get; } = new(true, []);

    /// <summary>No client.</summary>
    public static ClientAccess None { get; } = new(false, []);

    /// <summary>True when every client of the practice exists for the member.</summary>
    public bool IsAll { get; }

    /// <summary>The clients given; empty when all are.</summary>
    public IReadOnlySet<ClientId> Given => _only;

    /// <summary>Those clients.</summary>
    public static ClientAccess Only(IEnumerable<ClientId> clients) => new(false, clients.ToFrozenSet());

    /// <summary>True when that client exists for the member.</summary>
    public bool Allows(ClientId client) => IsAll || _only.Contains(client);

    /// <inheritdoc />
    public bool Equals(ClientAccess? other) => other is not null && IsAll == other.IsAll && _only.SetEquals(other._only);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(IsAll, _only.Count);
}
