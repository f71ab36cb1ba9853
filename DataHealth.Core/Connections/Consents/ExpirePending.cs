namespace DataHealth.Core.Connections.Consents;

/// <summary>Tidies up after people: consents that nobody confirmed, and the provider's part of disconnects that it did not answer. For a timer.</summary>
public sealed class ExpirePending(ConnectionStore connections)
{
    /// <summary>Does what is due, as far as the provider answers; the rest stays for the next time.</summary>
    public Task<SweepResult> ExecuteAsync(CancellationToken cancellationToken) => throw new NotImplementedException($"{connections}");
}

/// <summary>What a sweep did.</summary>
/// <param name="Expired">Consents that ended unconfirmed.</param>
/// <param name="Released">Organisations let go at the provider.</param>
/// <param name="Left">Things that could not be done yet.</param>
public sealed record SweepResult(int Expired, int Released, int Left);
