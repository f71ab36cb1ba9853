using System.Text.Json;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Webhooks;

/// <summary>Takes a post in: proves it, keeps its hints, and does nothing else, since the provider waits a few seconds only.</summary>
public sealed partial class ReceiveWebhook(WebhookHints hints, WebhookMetrics metrics, ILogger<ReceiveWebhook> logger)
{
    /// <summary>Takes it in. A post with no events (the provider's trial) is taken like any other.</summary>
    /// <param name="provider">Whose address it came to.</param>
    /// <param name="reader">That provider's reader.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="signature">What its header says; null when it is missing.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Azure.RequestFailedException">Our storage did not take the hints: the provider is to send it again.</exception>
    public async Task<WebhookOutcome> ExecuteAsync(IAccountingProvider provider, IWebhookReader reader, ReadOnlyMemory<byte> body, string? signature, CancellationToken cancellationToken)
    {
        if (!reader.IsGenuine(body.Span, signature))
        {
            metrics.Forged(provider.Key);
            if (reader.IsConfigured)
                Log.Forged(logger, provider.Key);
            else
                Log.NoKey(logger, provider.Key);
            return WebhookOutcome.Forged;
        }
        WebhookEvents events;
        try
        {
            events = reader.Read(body);
        }
        catch (JsonException)
        {
            // It is the provider's own, so a refusal would only bring it again until the hook is switched off; the daily sync misses nothing.
            metrics.Unreadable(provider.Key);
            Log.Unreadable(logger, provider.Key, body.Length);
            return WebhookOutcome.Taken;
        }
        await hints.AddAsync(events.Hints, cancellationToken);
        metrics.Taken(provider.Key, events);
        return WebhookOutcome.Taken;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A webhook that claims to be of {Provider} is not signed by it: refused.")]
        public static partial void Forged(ILogger logger, string provider);

        [LoggerMessage(LogLevel.Warning, "A webhook of {Provider} was refused, because no signing key is configured.")]
        public static partial void NoKey(ILogger logger, string provider);

        [LoggerMessage(LogLevel.Error, "A genuine webhook of {Provider} ({Bytes} bytes) is not in a form that we know: dropped.")]
        public static partial void Unreadable(ILogger logger, string provider, int bytes);
    }
}

/// <summary>What became of a post.</summary>
public enum WebhookOutcome
{
    /// <summary>It is genuine, and what it says is kept.</summary>
    Taken,

    /// <summary>The provider did not sign it.</summary>
    Forged,
}
