using DataHealth.Core.Providers;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Connections.Grants;

/// <summary>The proven death of a grant: told to all its connections, of all practices.</summary>
public sealed partial class GrantEnd(GrantStore grants, Holders holders, ConnectionEvidence evidence, ILogger<GrantEnd> logger)
{
    /// <summary>Notes the proof and moves the grant's connections. A crash in between is finished by <see cref="TellAsync"/>. Under the grant's lease.</summary>
    internal async Task DieAsync(Grant grant, ProviderFault fault, CancellationToken cancellationToken)
    {
        Log.Dead(logger, grant.Id, fault.Technical, fault.CorrelationId);
        await grants.AddDueAsync(Due.Dead, grant.Id, null, cancellationToken);
        await grants.WriteAsync(grant with { State = GrantState.Dead, Fault = fault }, cancellationToken);
        await grants.RemoveDueAsync(Due.Doubt, grant.Id, cancellationToken);
        await TellAsync(grant.Id, fault, cancellationToken);
    }

    /// <summary>Moves every connection of a dead grant. Repeatable. Under the grant's lease.</summary>
    internal async Task TellAsync(GrantId grant, ProviderFault fault, CancellationToken cancellationToken)
    {
        foreach (var connection in (await holders.OfGrantAsync(grant, cancellationToken)).Live)
        {
            if (connection.Books is { } books)
                await evidence.RecordLostAsync(connection.Client, books, fault with { Kind = FaultKind.GrantInvalid }, cancellationToken);
        }
        await grants.RemoveDueAsync(Due.Dead, grant, cancellationToken);
    }

    /// <summary>Tells every connection of a grant when it will end for good. Repeatable. Under the grant's lease.</summary>
    internal async Task TellHardEndAsync(GrantId grant, DateTimeOffset endsAt, CancellationToken cancellationToken)
    {
        foreach (var connection in (await holders.OfGrantAsync(grant, cancellationToken)).Live)
        {
            await evidence.RecordEndAsync(connection.Client, grant, endsAt, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Grant {Grant} is proven dead: {Technical}, correlation id {CorrelationId}")]
        public static partial void Dead(ILogger logger, GrantId grant, string technical, string? correlationId);
    }
}
