using System.Globalization;
using DataHealth.Core.Connections;
using DataHealth.Core.Providers;

namespace DataHealth.Functions.Http.Connections;

/// <summary>A connection as it is answered: its state, and the same in a sentence.</summary>
public sealed class ConnectionWords(ProviderCatalog providers, TimeProvider time)
{
    // Intuit warns the owner of the books 30 days before, and the practice should know sooner.
    private static readonly TimeSpan TellsBefore = TimeSpan.FromDays(60);

    /// <summary>The provider's name for people.</summary>
    public string ProviderName(string? key) => key is null ? "the provider" : providers.Find(key)?.Name ?? key;

    /// <summary>The connection in our JSON dialect.</summary>
    public ConnectionBody Of(Connection connection)
    {
        var name = ProviderName(connection.Organisation?.Provider);
        return new(
            connection.State,
            Sentence(connection, name) + (EndsSoon(connection) ? string.Create(CultureInfo.InvariantCulture, $" {name} ends this access on {connection.AccessEndsAt:d MMM yyyy}: press Reconnect before.") : ""),
            connection.Organisation?.Provider,
            connection.Organisation is { } organisation ? new OrganisationBody(organisation.Id, connection.OrganisationName) : null,
            connection.AuthorisedByName,
            connection.ConnectedAt?.ToUniversalTime(),
            connection.AccessEndsAt?.ToUniversalTime(),
            connection.Since?.ToUniversalTime(),
            connection.ConnectingUntil?.ToUniversalTime(),
            connection.ProviderPending ? true : null,
            connection.Fault is { } fault ? FaultBody.Of(fault.Kind, name, fault.At, fault.CorrelationId) : null);
    }

    private bool EndsSoon(Connection connection) => connection is { State: ConnectionState.Connected, AccessEndsAt: { } end } && end - time.GetUtcNow() < TellsBefore;

    private static string Sentence(Connection connection, string provider) => connection.State switch
    {
        ConnectionState.NotConnected => "Not connected. Press Connect to copy this client's books.",
        ConnectionState.Connecting => "A consent has been begun and is not confirmed yet. It ends by itself after ten minutes.",
        ConnectionState.Connected => $"Connected to {connection.OrganisationName} in {provider}.",
        ConnectionState.ReconnectNeeded => FaultWords.For(connection.Fault?.Kind ?? FaultKind.GrantInvalid, provider) is { } words ? $"{words.Title} {words.Detail}" : "",
        ConnectionState.Disconnecting => $"Disconnected here; {provider} has not confirmed its part yet and is asked again by itself. The data copied so far stays.",
        ConnectionState.Disconnected => "Disconnected. The data copied so far stays. Press Connect to go on copying.",
        var other => throw new InvalidOperationException($"{other} has no words."),
    };
}
