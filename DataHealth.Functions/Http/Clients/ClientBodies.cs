using DataHealth.Core.Clients;

namespace DataHealth.Functions.Http.Clients;

/// <summary>What adding or changing a client takes. Adding needs a name; what is left out is left as it is, and empty takes it away.</summary>
public sealed record ClientInput(string? Name, string? TaxNumber = null, string? AccountManager = null);

/// <summary>A client in answers.</summary>
public sealed record ClientBody(string Id, string Name, DateTimeOffset CreatedAt, string? TaxNumber, string? AccountManager)
{
    public static ClientBody Of(Client client) => new(client.Id.Value, client.Name, client.CreatedAt.ToUniversalTime(), client.TaxNumber, client.Manager?.Value);
}
