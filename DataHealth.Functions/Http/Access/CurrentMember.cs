using DataHealth.Core.Practices;

namespace DataHealth.Functions.Http.Access;

/// <summary>Who asks in one request. Filled in by <see cref="SignedInMember"/> before the function is made; where it is not, nobody is signed in.</summary>
public sealed class CurrentMember : ICurrentMember
{
    private const string Nobody = "Nobody is signed in: a function that anyone may call must not ask who calls.";
    private Actor? _actor;
    private SignedInPerson? _person;

    /// <inheritdoc />
    public Actor Actor
    {
        get => _actor ?? throw new InvalidOperationException(Nobody);
        internal set => _actor = value;
    }

    /// <summary>The person, whom the sign-in provider vouches for.</summary>
    public SignedInPerson Person
    {
        get => _person ?? throw new InvalidOperationException(Nobody);
        internal set => _person = value;
    }
}
