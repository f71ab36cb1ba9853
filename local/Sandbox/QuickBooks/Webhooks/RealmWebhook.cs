using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Webhooks;

/// <summary>An app's webhook, as registered in Intuit's developer portal.</summary>
public sealed record RealmWebhook
{
    public required Uri Url { get; init; }

    /// <summary>The verifier token.</summary>
    public required string Key { get; init; }

    /// <summary>Switched off by hand, or after a day of failures.</summary>
    public bool Disabled { get; init; }

    /// <summary>Why it is off.</summary>
    public string? Why { get; init; }

    /// <summary>Events gather and nothing is sent by itself.</summary>
    public bool Held { get; init; }

    /// <summary>The most events in one post.</summary>
    public int EventsPerPost { get; init; } = 100;
}

/// <summary>One event, numbered from 1 for each app.</summary>
internal sealed record RealmEvent(long Sequence, Guid Id, string RealmId, EntityChange Change);

/// <summary>One post that was sent: the numbers of its first and last event, and whether it was answered as Intuit asks (200 within three seconds).</summary>
public sealed record RealmPost(DateTime AtUtc, long First, long Last, RealmSigning Signing, int? Status, double Milliseconds, bool Good, string? Why);

/// <summary>How a post is signed.</summary>
public enum RealmSigning
{
    Right,

    /// <summary>With another verifier token.</summary>
    Wrong,

    Missing,
}

/// <summary>What to send once more.</summary>
internal sealed record RealmReplay(
    long? From = null, long? To = null, RealmOrder Order = RealmOrder.Ascending, int Seed = 0, int Times = 1, RealmSigning Signature = RealmSigning.Right, int? EventsPerPost = null,
    int SideBySide = 1);

internal enum RealmOrder { Ascending, Descending, Shuffled }
