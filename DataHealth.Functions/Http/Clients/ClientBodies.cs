using DataHealth.Core.Clients;

namespace DataHealth.Functions.Http.Clients;

/// <summary>What adding or renaming a client takes.</summary>
public sealed record ClientInput(string? Name);

/// <summary>A client in answers.</summary>
public sealed record ClientBody(string Id, string Name, DateTimeOffset CreatedAt)
{
    public static ClientBody Of(Client client) => new(client.Id.Value, client.Name, client.CreatedAt.ToUniversalTime());
}

/// <summary>A page of clients.</summary>
public sealed record ClientListBody(IReadOnlyList<ClientBody> Items, string? Continuation);
