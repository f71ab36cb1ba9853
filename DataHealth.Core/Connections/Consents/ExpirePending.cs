namespace DataHealth.Core.Connections.Consents;

/// <summary>Tidies up after people: consents that nobody confirmed, and the provider's part of disconnects that it did not answer. For a timer.</summary>
public sealed class ExpirePending(ConsentStore consents, Releases releases, EndConsent end, TimeProvider time)
{
    private const int Batch = 500;

    // A confirmation that began in time may still be at work.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Does what is due, as far as the provider answers; the rest stays for the next time.</summary>
    public async Task<SweepResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        var (expired, released, left, seen) = (0, 0, 0, 0);
        await foreach (var consent in consents.AllAsync(cancellationToken))
        {
            if (time.GetUtcNow() < consent.ExpiresAt + Grace)
                continue;
            if (await end.ExecuteAsync(consent, cancellationToken))
                expired++;
            else
                left++;
            if (++seen == Batch)
                break;
        }
        seen = 0;
        await foreach (var due in releases.AllAsync(cancellationToken))
        {
            if (time.GetUtcNow() < due.NotBefore)
                continue;
            if (await releases.FinishAsync(due, cancellationToken) is null)
                released++;
            else
                left++;
            if (++seen == Batch)
                break;
        }
        return new SweepResult(expired, released, left);
    }
}

/// <summary>What a sweep did.</summary>
/// <param name="Expired">Consents that were tidied up.</param>
/// <param name="Released">Organisations let go at the provider.</param>
/// <param name="Left">Things that could not be done yet.</param>
public sealed record SweepResult(int Expired, int Released, int Left);
