using DataHealth.Core.Practices;

namespace DataHealth.Core.Notices;

/// <summary>Who reads the digest.</summary>
public interface IDigestReaders
{
    /// <summary>Every reader of every practice, practice by practice.</summary>
    IAsyncEnumerable<DigestReader> AllAsync(CancellationToken cancellationToken);
}

/// <summary>A person who is told by mail.</summary>
/// <param name="Practice">Of which practice.</param>
/// <param name="PracticeName">Its name.</param>
/// <param name="Member">Who, for "was told up to".</param>
/// <param name="Name">The name for people.</param>
/// <param name="Email">The address.</param>
/// <param name="Clients">Which clients exist for the person.</param>
public sealed record DigestReader(PracticeId Practice, string PracticeName, MemberId Member, string Name, string Email, ClientAccess Clients)
{
    /// <summary>Reads of the clients only whose account manager they are.</summary>
    public bool IsOfManagedOnly { get; init; }

    /// <summary>True when the reader is told of it.</summary>
    public bool Reads(Notice notice) => Clients.Allows(notice.Client) && (!IsOfManagedOnly || notice.Manager == Member);
}
