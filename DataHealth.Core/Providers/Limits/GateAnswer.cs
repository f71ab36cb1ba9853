namespace DataHealth.Core.Providers.Limits;

/// <summary>Whether a call may be made now.</summary>
public abstract record GateAnswer
{
    private GateAnswer()
    {
    }

    /// <summary>It may; give the lease back with what the call showed.</summary>
    /// <param name="Lease">The place taken.</param>
    public sealed record Granted(CallLease Lease) : GateAnswer;

    /// <summary>It may not.</summary>
    /// <param name="Limit">Which limit forbids it.</param>
    /// <param name="Until">When to ask again.</param>
    /// <param name="IsEstimate">Our own reckoning, not the provider's word.</param>
    public sealed record Denied(LimitKind Limit, DateTimeOffset Until, bool IsEstimate) : GateAnswer;
}

/// <summary>A place among an organisation's calls in flight.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Owner">Unique to the call.</param>
public sealed record CallLease(OrganisationId Organisation, string Owner);
