using System.Globalization;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Providers;

namespace DataHealth.Functions.Http.Connections;

/// <summary>A connection's standing in words: what is the matter, why, and who can do what.</summary>
public sealed class StandingWords(ConnectionStandings standings, ConnectionWords words, TimeProvider time)
{
    /// <summary>The item of a client.</summary>
    public ConnectionItem Of(ClientSummary client)
    {
        var standing = standings.Of(client, time.GetUtcNow());
        DateTimeOffset? ends = (client.AccessEndsAt, client.ConsentEndsAt) switch
        {
            ({ } access, { } consent) => access < consent ? access : consent,
            var (access, consent) => access ?? consent,
        };
        return new ConnectionItem
        {
            ClientId = client.Client.Value,
            ClientName = client.Name,
            Standing = standing,
            Words = Sentence(client, standing, ends),
            Action = ConnectionStandings.ActionOf(standing),
            Provider = client.Organisation?.Provider,
            OrganisationName = client.OrganisationName,
            AuthorisedBy = client.AuthorisedByName,
            AuthorisedById = client.AuthorisedBy?.Value,
            Since = client.Since?.ToUniversalTime(),
            LastSyncAt = client.LastSyncAt?.ToUniversalTime(),
            EndsAt = ends?.ToUniversalTime(),
        };
    }

    private string Sentence(ClientSummary client, Standing standing, DateTimeOffset? ends)
    {
        var provider = words.ProviderName(client.Organisation?.Provider);
        var by = client.AuthorisedByName is { Length: > 0 } name ? $" {name} authorised it; anyone who may connect clients and has access in {provider} can do it." : "";
        switch (standing)
        {
            case Standing.NotConnected:
                return "Never connected. Someone who may connect clients presses Connect.";
            case Standing.Connecting:
                return "A consent has been begun and is not confirmed yet. It ends by itself after ten minutes.";
            case Standing.Connected:
                return $"Connected to {client.OrganisationName} in {provider}.";
            case Standing.Mismatch:
                return $"Connected to {client.OrganisationName} in {provider}, which is another name than {client.Name}: probably the wrong books. Say that it is right, rename the client, or connect it to its own books.";
            case Standing.Expiring:
                return $"The access ends on {ends?.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}. A reconnect before then leaves no gap.{by}";
            case Standing.DisconnectedHere:
                return client.IsProviderPending
                    ? $"Disconnected here; {provider} has not confirmed its part yet and is asked again by itself. The copied data stays."
                    : "Disconnected here. The copied data stays. Press Connect to go on copying.";
            case Standing.ReconnectNeeded or Standing.DisconnectedThere:
                var fault = FaultWords.For(client.Fault ?? FaultKind.GrantInvalid, provider);
                return $"{fault.Title} {fault.Detail}{by}";
            default:
                throw new InvalidOperationException($"{standing} has no words.");
        }
    }
}
