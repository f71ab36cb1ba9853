namespace DataHealth.Core.Webhooks;

/// <summary>One provider's webhooks: what proves that a post is its own, and what the post says. Knows bytes and texts only, keeps nothing and calls nobody.</summary>
public interface IWebhookReader
{
    /// <summary>The header that carries the signature, e.g. <c>x-xero-signature</c>.</summary>
    string SignatureHeader { get; }

    /// <summary>True when a signing key is configured; without one nothing is genuine.</summary>
    bool IsConfigured { get; }

    /// <summary>Whether the provider signed these bytes. Takes the same time whatever the signature is.</summary>
    /// <param name="body">The body as it came, byte for byte.</param>
    /// <param name="signature">The header's value; null when it is missing.</param>
    bool IsGenuine(ReadOnlySpan<byte> body, string? signature);

    /// <summary>What a genuine body says.</summary>
    /// <exception cref="System.Text.Json.JsonException">Not in a form that the provider documents.</exception>
    WebhookEvents Read(ReadOnlyMemory<byte> body);
}

/// <summary>What one post says, as far as we can use it.</summary>
/// <param name="Hints">What has changed, each once.</param>
/// <param name="Ignored">Events that are no change of an organisation's books (a subscription), or lack their organisation.</param>
public sealed record WebhookEvents(IReadOnlyCollection<ChangeHint> Hints, int Ignored);

/// <summary>Something of a kind changed in an organisation's books. Says when to look, never what is there: the books are only ever read from the provider.</summary>
/// <param name="Organisation">Whose books.</param>
/// <param name="Kind">A word of ours: lower-case letters and hyphens, of a small fixed set for each provider.</param>
public readonly record struct ChangeHint(OrganisationId Organisation, string Kind);
