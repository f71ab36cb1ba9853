using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections;

/// <summary>
/// What is to be let go at a provider because a client left: table <c>releases</c>, written before the connection changes and removed when the provider's part is done, so that
/// neither a crash nor a provider that does not answer forgets it.
/// </summary>
public sealed partial class Releases(
    AppStorage storage, ConnectionStore connections, GrantStore grants, GrantLeases leases, GrantRelease release, LeftThere left, ClientStore clients, TimeProvider time, ILogger<Releases> logger)
{
    internal const string Table = "releases";
    internal const string Partition = "release";

    // A client that still holds what its release lets go of: the command is between its two writes, or crashed there.
    private static readonly TimeSpan CommandTime = TimeSpan.FromMinutes(10);

    // What the provider refuses for a week, for a reason that we do not know, it is going to refuse for ever.
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromDays(7);

    internal async Task AddAsync(Release wanted, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).UpsertEntityAsync(new TableEntity(Partition, wanted.Row)
        {
            ["Client"] = wanted.Client.Value,
            ["Grant"] = wanted.Grant.Value,
            ["Provider"] = wanted.Organisation.Provider,
            ["OrganisationId"] = wanted.Organisation.Id,
            ["At"] = time.GetUtcNow(),
            ["NotBefore"] = wanted.NotBefore,
        }, TableUpdateMode.Replace, cancellationToken);

    internal async IAsyncEnumerable<Release> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(row => row.PartitionKey == Partition, cancellationToken: cancellationToken))
        {
            yield return new Release(
                new ClientId(row.GetString("Client")), new GrantId(row.GetString("Grant")), new OrganisationId(row.GetString("Provider"), row.GetString("OrganisationId")))
            { At = row.GetDateTimeOffset("At") ?? default, NotBefore = row.GetDateTimeOffset("NotBefore") };
        }
    }

    /// <summary>Does the provider's part as far as nobody else needs it.</summary>
    /// <returns>Null when done; else why not yet: it stays noted.</returns>
    internal async Task<ProviderFault?> FinishAsync(Release wanted, CancellationToken cancellationToken)
    {
        try
        {
            await using var lease = await leases.AcquireAsync(wanted.Grant, cancellationToken);
            if (lease is null)
                return new ProviderFault(FaultKind.OurStorage, "The grant's lease was not to be had.");
            var connection = await connections.GetAsync(wanted.Client, cancellationToken);
            var holdsItself = connection.IsLive && connection.Grant == wanted.Grant && connection.Organisation == wanted.Organisation;
            if (holdsItself && time.GetUtcNow() - wanted.At < CommandTime)
                return new ProviderFault(FaultKind.OurStorage, "The client still holds it.");
            if (!holdsItself && await grants.FindAsync(wanted.Grant, cancellationToken) is { } grant)
            {
                var end = await release.RunAsync(
                    lease, grant, new Unneeded(wanted.Organisation, null), null, () => left.NoteAsync(wanted.Client, wanted.Grant, wanted.Organisation, time.GetUtcNow(), cancellationToken),
                    await IsLastTryAsync(wanted, cancellationToken), cancellationToken);
                if (end.Fault is { } fault)
                    return Left(wanted, fault);
                // On the provider's own answer, never because nothing is left to do here: that is so, too, after it was given up.
                if (end.IsRemoved)
                    await left.ForgetAsync(wanted.Client, wanted.Grant, wanted.Organisation, cancellationToken);
            }
            await connections.ChangeAsync(wanted.Client, current => IsReleasing(current, wanted)
                ? current with { State = ConnectionState.Disconnected, Grant = null, ProviderConnectionId = null, ProviderPending = false }
                : null, cancellationToken);
            await (await TableAsync(cancellationToken)).DeleteEntityAsync(Partition, wanted.Row, ETag.All, cancellationToken);
            return null;
        }
        catch (Exception away) when (away is VaultException or RequestFailedException)
        {
            return Left(wanted, new ProviderFault(FaultKind.OurStorage, away.GetType().Name));
        }
    }

    // A deletion has a patience of its own, after which its certificate says that the provider has not confirmed: given up here, it would say that nothing is left there.
    private async Task<bool> IsLastTryAsync(Release wanted, CancellationToken cancellationToken) =>
        time.GetUtcNow() - wanted.At > GivesUpAfter && await clients.FindAsync(wanted.Client, cancellationToken) is { ClearedBy: null };

    private static bool IsReleasing(Connection connection, Release wanted) =>
        connection.Grant == wanted.Grant && connection.Organisation == wanted.Organisation
        && (connection.State is ConnectionState.Disconnecting || (connection.ProviderPending && !connection.IsLive));

    private ProviderFault Left(Release wanted, ProviderFault fault)
    {
        Log.Left(logger, wanted.Organisation, wanted.Client, fault.Kind, fault.Technical, fault.CorrelationId);
        return fault;
    }

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Organisation {Organisation} of client {Client} could not be let go yet: {Kind}, {Technical}, correlation id {CorrelationId}")]
        public static partial void Left(ILogger logger, OrganisationId organisation, ClientId client, FaultKind kind, string technical, string? correlationId);
    }
}

/// <summary>One organisation that one client no longer reads by one grant.</summary>
internal sealed record Release(ClientId Client, GrantId Grant, OrganisationId Organisation)
{
    public DateTimeOffset At { get; init; }

    /// <summary>Something may still read by it until then.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public string Row => $"{Client}-{StorageKeys.Hash($"{Grant}|{Organisation}")}";
}
