using System.Text.Json;
using DataHealth.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Xero's webhooks (facts 4): one signing key an app, events of several organisations in one post, an empty list as a trial.</summary>
public sealed class XeroWebhookReader(IOptions<XeroOptions> options) : IWebhookReader
{
    // A category that is new to us is a hint all the same; a fixed set of words bounds the rows.
    private const string Others = "other";
    private static readonly string[] Kinds = ["contact", "invoice", "creditnote", "prepayment", "overpayment"];

    /// <inheritdoc />
    public string SignatureHeader => "x-xero-signature";

    /// <inheritdoc />
    public bool IsConfigured => options.Value.WebhookKey.Length > 0;

    /// <inheritdoc />
    public bool IsGenuine(ReadOnlySpan<byte> body, string? signature) => WebhookSignature.Matches(body, options.Value.WebhookKey, signature);

    /// <inheritdoc />
    public WebhookEvents Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Array)
            throw new JsonException("No list of events.");
        var hints = new HashSet<ChangeHint>();
        var ignored = 0;
        foreach (var one in events.EnumerateArray())
        {
            if (Text(one, "tenantType") is { } type && !type.Equals("ORGANISATION", StringComparison.OrdinalIgnoreCase) || !Guid.TryParse(Text(one, "tenantId"), out var tenant))
                ignored++;
            else
                hints.Add(new ChangeHint(new OrganisationId(XeroProvider.ProviderKey, tenant.ToString()), Kind(Text(one, "eventCategory"))));
        }
        return new WebhookEvents(hints, ignored);
    }

    private static string Kind(string? category) => Kinds.FirstOrDefault(kind => kind.Equals(category, StringComparison.OrdinalIgnoreCase)) ?? Others;

    private static string? Text(JsonElement one, string name) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
