namespace DataHealth.Core.Connections.Consents;

/// <summary>The provider sends the browser back.</summary>
public sealed class ReceiveCallback(ConnectionStore connections)
{
    /// <summary>Exchanges the code and keeps what it brings pending until the member confirms it. Never throws for what a browser brings.</summary>
    /// <param name="provider">The provider's key, from our own address.</param>
    /// <param name="query">What the browser brought.</param>
    /// <param name="cancellationToken">Cancels the call; a pair that has arrived is stored all the same.</param>
    public Task<CallbackOutcome> ExecuteAsync(string provider, CallbackQuery query, CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");
}
