using System.Globalization;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Notices;

/// <summary>Notices in words.</summary>
public sealed class NoticeWords(ProviderCatalog providers)
{
    /// <summary>A client's notice as people read it.</summary>
    public Notice Of(ClientSummary client, RaisedNotice notice)
    {
        var provider = client.Organisation is { } organisation ? providers.Find(organisation.Provider)?.Name ?? organisation.Provider : "the provider";
        var (title, detail) = notice.Kind switch
        {
            NoticeKind.ReconnectNeeded => FaultWords.For(client.Fault ?? FaultKind.GrantInvalid, provider) is { } words
                ? (words.Title, words.Detail + By(client))
                : throw new InvalidOperationException("A fault without words."),
            NoticeKind.AccessExpiring => (
                $"The access to {provider} ends on {Day(Soonest(client))}.",
                $"Someone who may connect clients presses Reconnect before then, and nothing is missed.{By(client)}"),
            NoticeKind.FailedThreeNights => (
                $"Syncs have failed on {client.FailedDays} days in a row, since {Day(client.FailingSince)}.",
                "It is tried again by itself. Open the client's latest run to see what happened; if it stays, our support sees it as well."),
            NoticeKind.PausedForADay => (
                $"A sync has been waiting for a limit of {provider} since {Day(client.WaitingSince)}.",
                $"It goes on by itself{(client.PausedUntil is { } until ? $" at {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "")}. If that is too slow, an operator can move our app to a higher tier."),
            NoticeKind.NameMismatch => (
                $"It is connected to {client.OrganisationName}, which is another name: probably the wrong books.",
                "Say that it is right, rename the client, or connect it to its own books."),
            _ => throw new ArgumentOutOfRangeException(nameof(notice), notice.Kind, "A notice without words."),
        };
        return new Notice(client.Client, client.Name, notice.Kind, notice.RaisedAt, title, detail) { Manager = client.Manager };
    }

    private static string By(ClientSummary client) => client.AuthorisedByName is { Length: > 0 } name ? $" {name} authorised it." : "";

    private static DateTimeOffset? Soonest(ClientSummary client) =>
        client is { AccessEndsAt: { } access, ConsentEndsAt: { } consent } ? (access < consent ? access : consent) : client.AccessEndsAt ?? client.ConsentEndsAt;

    private static string Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) ?? "a day";
}
