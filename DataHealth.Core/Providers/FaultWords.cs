namespace DataHealth.Core.Providers;

/// <summary>Plain words for a fault: what happened and who can do what.</summary>
/// <param name="Code">Stable code in run records, problems and notices, e.g. <c>scope-missing</c>.</param>
/// <param name="Title">One sentence: what happened.</param>
/// <param name="Detail">What to do next, and who can.</param>
/// <param name="ReconnectMends">True only where a new consent mends it.</param>
public sealed record FaultWords(string Code, string Title, string Detail, bool ReconnectMends)
{
    /// <summary>The code of <see cref="FaultKind.ConnectionEnded"/>.</summary>
    public const string ConnectionEnded = "connection-ended";

    /// <summary>The words for a fault of that kind.</summary>
    /// <param name="kind">The fault.</param>
    /// <param name="provider">The provider's name for people, e.g. <c>Xero</c>.</param>
    public static FaultWords For(FaultKind kind, string provider) => kind switch
    {
        FaultKind.GrantInvalid => new("reconnect-needed", $"{provider} no longer accepts our access.",
            $"The access ran out or was withdrawn in {provider}. Someone who may connect clients presses Reconnect; the data copied so far stays.", true),
        FaultKind.OrganisationRemoved => new("organisation-removed", $"The organisation is no longer reachable through this connection in {provider}.",
            $"It was disconnected in {provider}, the person who connected it lost access, or the organisation was closed or reset, or its subscription ended. Someone with access to it in {provider} presses Reconnect; the data copied so far stays.", true),
        FaultKind.ConnectionEnded => new(ConnectionEnded, $"The connection to {provider} ended while the sync was running.",
            "Somebody disconnected the client here, or its access ended meanwhile: the connection's own state says which. The data copied so far stays.", false),
        FaultKind.ScopeMissing => new("scope-missing", $"The consent given in {provider} does not cover this part of the books.",
            "Press Reconnect and allow everything that is listed. The other parts go on being copied.", true),
        FaultKind.UserRightMissing => new("user-right-missing", $"The person who connected these books may not see this part of them in {provider}.",
            $"An administrator of the organisation gives that person the right in {provider}; no reconnect is needed. The other parts go on being copied.", false),
        FaultKind.SubscriptionLapsed => new("subscription-lapsed", $"The organisation's own subscription to {provider} has ended or is on hold.",
            $"Whoever pays for it renews it in {provider}; the next sync then goes on by itself, no reconnect is needed. The data copied so far stays.", false),
        FaultKind.NotInPlan => new("not-in-plan", $"The organisation's plan in {provider} does not include this part of the books.",
            "Nothing to do: the other parts go on being copied. It is looked at again by itself after a change of plan.", false),
        FaultKind.OrganisationOffline => new("organisation-offline", $"{provider} says that this organisation is offline for the moment.",
            "Nothing to do: the sync tries again by itself. The connection is fine.", false),
        FaultKind.ProviderUnavailable => new("provider-unavailable", $"{provider} did not answer properly.",
            "Nothing to do: the sync tries again by itself. The connection is fine.", false),
        FaultKind.HighVolumeRefused => new("high-volume-refused", $"{provider} refuses this query because the organisation is very large.",
            "Our support can replay the sync after a change on our side; the connection is fine.", false),
        FaultKind.BadAnswer => new("bad-answer", $"{provider} answered with something that is not the documented format.",
            "Nothing was changed by it. The next sync reads this part again; if it stays, our support asks the provider with the correlation id.", false),
        FaultKind.RequestRefused => new("request-refused", $"{provider} refused our request.",
            "This is ours to mend: our support sees it and replays the sync. The connection is fine.", false),
        FaultKind.ClientCredentialsWrong => new("app-credentials-wrong", $"{provider} does not accept our app's own id or secret.",
            "This is ours to mend, in our configuration. No client needs to reconnect.", false),
        FaultKind.NotConfigured => new("provider-not-configured", $"{provider} is not configured in this installation.",
            $"An operator sets the app id and secret of {provider}.", false),
        FaultKind.OurStorage => new("our-storage", "Our own storage did not answer.",
            "Nothing to do: the sync tries again by itself. The connection is fine.", false),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A fault without words."),
    };
}
