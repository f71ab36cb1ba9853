using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Costs;
using DataHealth.Core.Notices;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Clients.Overview;

/// <summary>
/// Looks at one client and writes its summary and notices anew. Repeatable at any time: the former summary is read before the truth and written over only if nobody else wrote meanwhile,
/// so a later look never loses to an earlier one.
/// </summary>
public sealed class RefreshSummary(
    AppStorage storage, ClientStore clients, ConnectionStore connections, GrantStore grants, RunStore runs, NoticeRules notices, IReadsCap reads, IOptions<SyncOptions> options, TimeProvider time)
{
    private const int MaxAttempts = 20;
    private readonly SummaryRows _rows = new(storage);

    /// <summary>Looks.</summary>
    /// <returns>What stands now; null for a client that is gone.</returns>
    public async Task<ClientSummary?> ExecuteAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (await clients.PracticeOfAsync(client, cancellationToken) is not { } practice)
            return null;
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var former = await _rows.FindAsync(practice, client, cancellationToken);
            var looked = await LookAsync(practice, client, cancellationToken);
            if (looked is null)
            {
                if (former is null || await _rows.TryRemoveAsync(former.Value.Summary, former.Value.ETag, cancellationToken))
                    return null;
                continue;
            }
            var summary = looked with { Notices = notices.Of(looked, former?.Summary.Notices ?? [], time.GetUtcNow()) };
            if (former is { Summary: var held } && SummaryRows.Write(held) == SummaryRows.Write(summary))
                return held;
            if (await _rows.TryWriteAsync(summary, former, cancellationToken))
                return summary;
        }
        throw new InvalidOperationException($"The summary of client {client} is being fought over.");
    }

    private async Task<ClientSummary?> LookAsync(PracticeId practice, ClientId id, CancellationToken cancellationToken)
    {
        var client = clients.FindAsync(practice, id, cancellationToken);
        var connected = connections.GetAsync(id, cancellationToken);
        var latest = runs.CurrentAsync(id, cancellationToken);
        await Task.WhenAll(client, connected, latest);
        if (await client is not { } found)
            return null;
        var connection = (await connected).WithoutConnecting();
        var grant = connection is { IsLive: true, Grant: { } held } ? await grants.FindAsync(held, cancellationToken) : null;
        var run = await latest;
        var summary = Of(found, connection, (await connected).ConnectingUntil, grant, run);
        // A sync that is due and is not let begin waits as one in flight does, and is shown so.
        return IsDue(connection, run) && await reads.WaitUntilAsync(connection.Organisation!.Value.Provider, cancellationToken) is { } until
            ? summary with { PausedUntil = until, PausedBy = LimitKind.Month }
            : summary;
    }

    private bool IsDue(Connection connection, RunRecord? run) =>
        connection is { State: ConnectionState.Connected, Organisation: not null } && run is null or { State: RunState.Finished }
        && (run?.LastSuccessAt is not { } last || time.GetUtcNow() - last >= options.Value.Interval);

    private ClientSummary Of(Client client, Connection connection, DateTimeOffset? connectingUntil, Grant? grant, RunRecord? run) => new()
    {
        Client = client.Id,
        Practice = client.Practice,
        Name = client.Name,
        CreatedAt = client.CreatedAt,
        Manager = client.Manager,
        TaxNumber = client.TaxNumber,
        State = connection.State,
        ConnectingUntil = connectingUntil,
        Since = connection.Since,
        Organisation = connection.Organisation,
        OrganisationName = connection.OrganisationName,
        Fault = connection.State is ConnectionState.ReconnectNeeded ? connection.Fault?.Kind : null,
        AuthorisedBy = connection.AuthorisedBy,
        AuthorisedByName = connection.AuthorisedByName,
        IsProviderPending = connection.ProviderPending,
        Grant = connection.Grant,
        AccessEndsAt = grant?.RefreshExpiresAt,
        ConsentEndsAt = connection.IsLive ? connection.AccessEndsAt : null,
        IsMismatch = connection is { State: ConnectionState.Connected, OrganisationName: { Length: > 0 } name }
            && name != client.AcceptedOrganisationName && !BusinessName.AreAlike(client.Name, name),
        Run = run?.State,
        RunSince = run?.RequestedAt,
        Outcome = run?.Outcome,
        ErrorCode = run?.Error?.Code,
        LastSyncAt = run?.LastSuccessAt,
        FailingSince = run?.FailingSince,
        FailedDays = run?.FailedDays ?? 0,
        WaitingSince = run?.WaitsSince(time.GetUtcNow()),
        PausedUntil = run?.Pause?.Until,
        PausedBy = run?.Pause?.Limit,
    };
}
