using System.Runtime.CompilerServices;
using System.Text.Json;
using DataHealth.Core.Clients.Deletion;

namespace DataHealth.Core.Practices.Members;

/// <summary>Who was given the client: its id in the packed list of members' rows.</summary>
public sealed class MemberAccessTrace(MemberStore members) : IClientTrace
{
    /// <inheritdoc />
    public string Name => "member-access";

    /// <inheritdoc />
    public ErasureStage Stage => ErasureStage.Identity;

    /// <inheritdoc />
    public async Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var _ in GivenAsync(scope, cancellationToken))
            count++;
        return count;
    }

    /// <inheritdoc />
    public async Task<bool> EraseAsync(ClientScope scope, int atMost, CancellationToken cancellationToken)
    {
        var erased = 0;
        await foreach (var member in GivenAsync(scope, cancellationToken))
        {
            if (erased++ == atMost)
                return false;
            await members.ChangeAsync(scope.Practice, member.Id, null, current => current.Given.Allows(scope.Client)
                ? (current with { Given = ClientAccess.Only(current.Given.Given.Where(client => client != scope.Client)) }, null)
                : (null, new MemberOutcome.Done(current)), cancellationToken);
        }
        return true;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var member in GivenAsync(scope, cancellationToken))
            yield return JsonSerializer.SerializeToUtf8Bytes(new Access(member.Id.Value, member.Name));
    }

    private async IAsyncEnumerable<Member> GivenAsync(ClientScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var member in members.AllAsync(scope.Practice, cancellationToken))
        {
            if (member.Given.Allows(scope.Client))
                yield return member;
        }
    }

    private sealed record Access(string MemberId, string Name);
}
