using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Clients.Overview;

/// <summary>Keeps the summaries true. The look is made on first use, because it reads the stores that report to this.</summary>
public sealed partial class ClientWatch(Storage.AppStorage storage, Func<RefreshSummary> refresh, TimeProvider time, ILogger<ClientWatch> logger) : IClientWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly SummaryMarks _marks = new(storage, time);
    private readonly Lazy<RefreshSummary> _refresh = new(refresh);

    /// <inheritdoc />
    public Task<ChangeMark> ChangingAsync(ClientId client, CancellationToken cancellationToken) => _marks.AddAsync(client, cancellationToken);

    /// <inheritdoc />
    public async Task ChangedAsync(ChangeMark mark)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _refresh.Value.ExecuteAsync(mark.Client, patience.Token);
            await _marks.RemoveAsync(mark, patience.Token);
        }
        catch (Exception problem)
        {
            // What was changed stays changed, whatever keeps the list from following now.
            Log.Behind(logger, problem, mark.Client);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The summary of client {Client} could not follow now; the sweep does it")]
        public static partial void Behind(ILogger logger, Exception problem, ClientId client);
    }
}
