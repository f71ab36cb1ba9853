using DataHealth.Core;
using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices;

namespace DataHealth.Functions.Http.Access;

/// <summary>Finds the client that an address names, for the member who asks. A client that the member may not see does not exist.</summary>
public sealed class ClientDoor(ICurrentMember member, ClientStore clients, DeletionMarks marks)
{
    /// <summary>The client, or the problem to answer.</summary>
    public async Task<(Client? Client, Problem? Problem)> OpenAsync(string clientId, Permissions wanted, CancellationToken cancellationToken)
    {
        if (await clients.FindAsync(member.Actor, new ClientId(clientId), cancellationToken) is not { } client)
            return (null, await WhyNotAsync(new ClientId(clientId), cancellationToken));
        return member.May(wanted) ? (client, null) : (null, Problems.MayNot(member.Actor, wanted));
    }

    private async Task<Problem> WhyNotAsync(ClientId client, CancellationToken cancellationToken) =>
        member.Actor is { Role: Role.Support } staff && staff.Practice == Practice.Staff ? Problems.NoClientOutside
        : member.Actor.MaySee(client) && await marks.FindAsync(member.Practice, client, cancellationToken) is not null ? Problems.BeingDeleted : Problems.NoClient;
}
