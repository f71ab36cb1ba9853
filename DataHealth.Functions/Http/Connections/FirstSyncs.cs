using Azure;
using DataHealth.Core;
using DataHealth.Core.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Http.Connections;

/// <summary>Starts the syncs of clients that were just connected or mended. Where one cannot be started now, the schedule does it a minute later: they are due.</summary>
public sealed partial class FirstSyncs(RequestSync requests, SyncStarter starter, ILogger<FirstSyncs> logger)
{
    private const int AtATime = 8;

    /// <summary>Starts one; the ticket says what it came to.</summary>
    public async Task<SyncTicket> StartAsync(DurableTaskClient durable, ClientId client, CancellationToken cancellationToken)
    {
        var ticket = await requests.ExecuteAsync(client, RunTrigger.Connected, cancellationToken);
        await starter.CarryOutAsync(durable, client, ticket, cancellationToken);
        return ticket;
    }

    /// <summary>Starts many.</summary>
    public async Task StartAsync(DurableTaskClient durable, IEnumerable<ClientId> clients, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(clients, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (client, token) =>
        {
            try
            {
                await StartAsync(durable, client, token);
            }
            catch (RequestFailedException away)
            {
                Log.Later(logger, client, away.Status);
            }
        });

    private static partial class Log
    {
        [LoggerMessage(EventId = 1301, Level = LogLevel.Warning, Message = "The first sync of client {Client} could not be started now, status {Status}; the schedule does it.")]
        public static partial void Later(ILogger logger, ClientId client, int status);
    }
}
