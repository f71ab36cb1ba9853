using DataHealth.Core.Practices;
using Microsoft.Extensions.Options;

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
public sealed record DigestReader(PracticeId Practice, string PracticeName, MemberId Member, string Name, string Email, ClientAccess Clients);

/// <summary>The readers that the operator named: <c>Notices:Readers</c>.</summary>
internal sealed class ConfiguredReaders(IOptions<NoticeOptions> options) : IDigestReaders
{
    public async IAsyncEnumerable<DigestReader> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var reader in options.Value.Readers.OrderBy(reader => reader.Practice, StringComparer.Ordinal))
            yield return new DigestReader(new PracticeId(reader.Practice), reader.PracticeName, new MemberId(Connections.StorageKeys.Hash(reader.Email)), reader.Name, reader.Email, ClientAccess.All);
    }
}
