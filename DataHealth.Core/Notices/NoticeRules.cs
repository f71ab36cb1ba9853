using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Notices;

/// <summary>What needs a person, told from a client's summary. Pure but for the settings: the same summary at the same time gives the same notices.</summary>
public sealed class NoticeRules(IOptions<NoticeOptions> options)
{
    private static readonly TimeSpan PausedTooLong = TimeSpan.FromDays(1);
    private const int FailedTooOften = 3;

    /// <summary>The notices of a client. One that was raised before and still has its cause keeps its time; one whose cause is gone is not among them.</summary>
    /// <param name="client">The client as it stands.</param>
    /// <param name="raised">What was raised before.</param>
    /// <param name="now">Now.</param>
    public IReadOnlyList<RaisedNotice> Of(ClientSummary client, IReadOnlyList<RaisedNotice> raised, DateTimeOffset now) =>
        [.. Causes(client, now).Select(kind => raised.FirstOrDefault(notice => notice.Kind == kind) ?? new RaisedNotice(kind, now))];

    /// <summary>True when the access or the consent of a live connection ends soon.</summary>
    public bool IsExpiring(ClientSummary client, DateTimeOffset now) =>
        client.State is ConnectionState.Connected
        && (client.AccessEndsAt - now < options.Value.AccessEndsSoon || client.ConsentEndsAt - now < options.Value.ConsentEndsSoon);

    private IEnumerable<NoticeKind> Causes(ClientSummary client, DateTimeOffset now)
    {
        if (client.State is ConnectionState.ReconnectNeeded)
            yield return NoticeKind.ReconnectNeeded;
        if (IsExpiring(client, now))
            yield return NoticeKind.AccessExpiring;
        if (client is { State: ConnectionState.Connected, FailedDays: >= FailedTooOften })
            yield return NoticeKind.FailedThreeNights;
        if (client is { State: ConnectionState.Connected, WaitingSince: { } since } && now - since > PausedTooLong)
            yield return NoticeKind.PausedForADay;
        if (client.IsMismatch)
            yield return NoticeKind.NameMismatch;
    }
}
