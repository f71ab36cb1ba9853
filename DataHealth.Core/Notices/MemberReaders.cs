using System.Runtime.CompilerServices;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;

namespace DataHealth.Core.Notices;

/// <summary>
/// The active members of each practice: who may connect clients reads of those that exist for them, since they can mend what is told; everyone else of the clients whose account
/// manager they are.
/// </summary>
internal sealed class MemberReaders(MemberStore members) : IDigestReaders
{
    private const int Practices = 500;

    public async IAsyncEnumerable<DigestReader> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await members.ListAsync(Practices, continuation, cancellationToken);
            // Our own staff's practice has no clients.
            foreach (var practice in page.Practices.Where(practice => practice.Id != Practice.Staff))
            {
                await foreach (var member in members.AllAsync(practice.Id, cancellationToken))
                {
                    if (member is { State: MemberState.Active, Email.Length: > 0 })
                        yield return Of(practice, member);
                }
            }
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private static DigestReader Of(Practice practice, Member member) =>
        new(practice.Id, practice.Name, member.Id, member.Name.Length > 0 ? member.Name : member.Email, member.Email, member.Clients) { IsOfManagedOnly = !member.Permissions.HasFlag(Permissions.ConnectClients) };
}
