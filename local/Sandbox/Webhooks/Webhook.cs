namespace DataHealth.Local.Sandbox.Webhooks;

/// <summary>An app's webhook, as registered in Xero's developer portal.</summary>
public sealed record Webhook
{
    public required Uri Url { get; init; }

    /// <summary>The signing key.</summary>
    public required string Key { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = Events.Categories;

    public WebhookStatus Status { get; init; } = WebhookStatus.Pending;

    /// <summary>Why it is not enabled.</summary>
    public string? Why { get; init; }

    /// <summary>Events gather and nothing is sent by itself.</summary>
    public bool Held { get; init; }

    /// <summary>The most events in one post.</summary>
    public int EventsPerPost { get; init; } = 50;
}

public enum WebhookStatus
{
    /// <summary>The intent to receive was not shown.</summary>
    Pending,

    Enabled,

    /// <summary>By hand, or after a day of failures. Events are kept and sent in order once it is enabled again.</summary>
    Disabled,
}
