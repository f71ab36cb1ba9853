using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Clients;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections;

/// <summary>Every client's connection: table <c>connections</c>, partition: client. The row is the truth; <see cref="Holders"/> only help to find it.</summary>
public sealed class ConnectionStore(AppStorage storage, IClientWatch watch, TimeProvider time)
{
    internal const string Table = "connections";
    private const string Row = "connection";
    private const int MaxAttempts = 20;

    /// <summary>A client's connection; <see cref="ConnectionState.NotConnected"/> when there is none. The caller has checked that the client is the member's.</summary>
    public async Task<Connection> GetAsync(ClientId client, CancellationToken cancellationToken)
    {
        if (!Clients.ClientStore.IsWellFormed(client))
            return new Connection(client, ConnectionState.NotConnected);
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(client.Value, Row, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : new Connection(client, ConnectionState.NotConnected);
    }

    /// <summary>Changes a connection, reading it again when someone else was faster.</summary>
    /// <param name="client">The client.</param>
    /// <param name="change">The new connection, or null to leave it. Run again with what is there by then.</param>
    /// <param name="cancellationToken">Cancels what comes before the write; the caller's audit entry follows what was written.</param>
    /// <returns>What is stored now.</returns>
    internal async Task<Connection> ChangeAsync(ClientId client, Func<Connection, Connection?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await GetAsync(client, cancellationToken);
            if (change(current) is not { } wanted)
                return current;
            if (Stored(wanted) != Stored(current))
                wanted = wanted with { Since = time.GetUtcNow() };
            var mark = await watch.ChangingAsync(client, cancellationToken);
            try
            {
                var table = await TableAsync(cancellationToken);
                var response = current.ETag == default
                    ? await table.AddEntityAsync(Write(wanted), CancellationToken.None)
                    : await table.UpdateEntityAsync(Write(wanted), current.ETag, TableUpdateMode.Replace, CancellationToken.None);
                await watch.ChangedAsync(mark);
                return wanted with { ETag = response.Headers.ETag ?? default };
            }
            catch (RequestFailedException faster) when (faster.Status is 409 or 412 && attempt < MaxAttempts)
            {
                // Someone else was faster: decide again on what is there now.
            }
        }
    }

    private static ConnectionState Stored(Connection connection) => connection.WithoutConnecting().State;

    // "Connecting" is never stored: it is a time until which the row shows it, so that a person who walks away leaves nothing to mend.
    private Connection Read(TableEntity row)
    {
        var state = Enum.Parse<ConnectionState>(row.GetString("State"));
        var until = row.GetDateTimeOffset("ConnectingUntil");
        if (state is ConnectionState.NotConnected or ConnectionState.Disconnected && until > time.GetUtcNow())
            state = ConnectionState.Connecting;
        return new Connection(new ClientId(row.PartitionKey), state)
        {
            Practice = new PracticeId(row.GetString("Practice")),
            Organisation = row.GetString("OrganisationId") is { } organisation ? new OrganisationId(row.GetString("Provider"), organisation) : null,
            OrganisationName = row.GetString("OrganisationName"),
            Grant = row.GetString("Grant") is { } grant ? new GrantId(grant) : null,
            ProviderConnectionId = row.GetString("ProviderConnectionId"),
            AuthorisedBy = row.GetString("AuthorisedBy") is { } member ? new MemberId(member) : null,
            AuthorisedByName = row.GetString("AuthorisedByName"),
            ConnectedAt = row.GetDateTimeOffset("ConnectedAt"),
            AccessEndsAt = row.GetDateTimeOffset("AccessEndsAt"),
            Since = row.GetDateTimeOffset("Since"),
            ConnectingUntil = until,
            Fault = row.GetString("FaultKind") is { } kind
                ? new ConnectionFault(Enum.Parse<FaultKind>(kind), row.GetDateTimeOffset("FaultAt") ?? default, row.GetString("FaultTechnical") ?? "", row.GetString("FaultCorrelationId"))
                : null,
            ProviderPending = row.GetBoolean("ProviderPending") ?? false,
            ETag = row.ETag,
        };
    }

    private static TableEntity Write(Connection connection) => new(connection.Client.Value, Row)
    {
        ["State"] = Stored(connection).ToString(),
        ["Practice"] = connection.Practice.Value,
        ["Provider"] = connection.Organisation?.Provider,
        ["OrganisationId"] = connection.Organisation?.Id,
        ["OrganisationName"] = connection.OrganisationName,
        ["Grant"] = connection.Grant?.Value,
        ["ProviderConnectionId"] = connection.ProviderConnectionId,
        ["AuthorisedBy"] = connection.AuthorisedBy?.Value,
        ["AuthorisedByName"] = connection.AuthorisedByName,
        ["ConnectedAt"] = connection.ConnectedAt,
        ["AccessEndsAt"] = connection.AccessEndsAt,
        ["Since"] = connection.Since,
        ["ConnectingUntil"] = connection.ConnectingUntil,
        ["FaultKind"] = connection.Fault?.Kind.ToString(),
        ["FaultAt"] = connection.Fault?.At,
        ["FaultTechnical"] = connection.Fault?.Technical is { Length: > 2000 } text ? text[..2000] : connection.Fault?.Technical,
        ["FaultCorrelationId"] = connection.Fault?.CorrelationId,
        ["ProviderPending"] = connection.ProviderPending,
    };

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}
