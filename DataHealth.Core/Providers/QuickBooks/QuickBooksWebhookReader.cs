using System.Text.Json;
using DataHealth.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// Intuit's webhooks (facts 7.5) in both forms: an array of CloudEvents, and the object that went before it; the first token tells them apart. One verifier token an app and environment. No event
/// tells of a disconnect, of tax codes, or of the company itself.
/// </summary>
public sealed class QuickBooksWebhookReader(IOptions<QuickBooksOptions> options) : IWebhookReader
{
    // An entity that is new to us is a hint all the same; a fixed set of words bounds the rows.
    private const string Others = "other";

    private static readonly HashSet<string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        "account", "bill", "billpayment", "class", "creditmemo", "customer", "department", "deposit", "employee", "invoice", "item", "journalentry", "payment", "preferences", "purchase",
        "refundreceipt", "salesreceipt", "term", "transfer", "vendor", "vendorcredit",
    };

    /// <inheritdoc />
    public string SignatureHeader => "intuit-signature";

    /// <inheritdoc />
    public bool IsConfigured => options.Value.WebhookVerifierToken.Length > 0;

    /// <inheritdoc />
    public bool IsGenuine(ReadOnlySpan<byte> body, string? signature) => WebhookSignature.Matches(body, options.Value.WebhookVerifierToken, signature);

    /// <inheritdoc />
    public WebhookEvents Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var hints = new HashSet<ChangeHint>();
        var ignored = 0;
        foreach (var (company, entity) in json.RootElement.ValueKind switch
        {
            JsonValueKind.Array => CloudEvents(json.RootElement),
            JsonValueKind.Object => Notifications(json.RootElement),
            _ => throw new JsonException("Neither a list of events nor an object of notifications."),
        })
        {
            if (company is { Length: > 0 and <= 30 } && company.All(char.IsAsciiDigit))
                hints.Add(new ChangeHint(new OrganisationId(QuickBooksProvider.ProviderKey, company), entity is not null && Kinds.TryGetValue(entity, out var kind) ? kind : Others));
            else
                ignored++;
        }

        return new WebhookEvents(hints, ignored);
    }

    // type: qbo.invoice.updated.v1
    private static IEnumerable<(string? Company, string? Entity)> CloudEvents(JsonElement events) =>
        events.EnumerateArray().Select(one => (Text(one, "intuitaccountid"), Text(one, "type")?.Split('.') is [_, var entity, ..] ? entity : null));

    private static IEnumerable<(string? Company, string? Entity)> Notifications(JsonElement body)
    {
        if (!body.TryGetProperty("eventNotifications", out var notifications) || notifications.ValueKind != JsonValueKind.Array)
            throw new JsonException("No eventNotifications.");
        foreach (var notification in notifications.EnumerateArray())
        {
            var company = Text(notification, "realmId");
            if (notification.ValueKind == JsonValueKind.Object && notification.TryGetProperty("dataChangeEvent", out var change) && change.ValueKind == JsonValueKind.Object
                && change.TryGetProperty("entities", out var entities) && entities.ValueKind == JsonValueKind.Array)
            {
                foreach (var entity in entities.EnumerateArray())
                    yield return (company, Text(entity, "name"));
            }
            else
            {
                yield return (null, null);
            }
        }
    }

    private static string? Text(JsonElement one, string name) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
