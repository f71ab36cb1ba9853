using DataHealth.Core.Practices;

namespace DataHealth.Functions.Http.Access;

/// <summary>The member of one request. Filled in by <see cref="SignedInMember"/> before the function is made; where it is not, nobody is signed in.</summary>
public sealed class CurrentMember : ICurrentMember
{
    private Actor? _actor;

    /// <inheritdoc />
    public Actor Actor
    {
        get => _actor ?? throw new InvalidOperationException("Nobody is signed in: a function that anyone may call must not ask who calls.");
        internal set => _actor = value;
    }
}
