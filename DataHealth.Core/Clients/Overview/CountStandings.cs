using Azure.Data.Tables;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Clients.Overview;

/// <summary>How many of the clients that exist for a member stand how.</summary>
public sealed class CountStandings(AppStorage storage, ConnectionStandings standings, TimeProvider time)
{
    private readonly SummaryRows _rows = new(storage);

    /// <summary>Counts, with at most <see cref="ListClients.MostRequests"/> storage requests.</summary>
    public async Task<StandingCounts> ExecuteAsync(Actor actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var counts = Enum.GetValues<Standing>().ToDictionary(standing => standing, _ => 0);
        var (first, last) = SummaryOrder.ByName.Range;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {actor.Practice.Value} and RowKey gt {first} and RowKey lt {last}");
        var requests = 0;
        await foreach (var page in (await _rows.TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, 1000, ["Body"], cancellationToken).AsPages())
        {
            foreach (var client in page.Values.Select(SummaryRows.Read).Where(client => actor.MaySee(client.Client)))
                counts[standings.Of(client, now)]++;
            if (page.ContinuationToken is not null && ++requests == ListClients.MostRequests)
                return new StandingCounts(counts, IsComplete: false);
        }
        return new StandingCounts(counts, IsComplete: true);
    }
}

/// <summary>Numbers of clients by standing.</summary>
/// <param name="Clients">How many of each.</param>
/// <param name="IsComplete">False for a practice so large that only its first some thousand clients were counted.</param>
public sealed record StandingCounts(IReadOnlyDictionary<Standing, int> Clients, bool IsComplete);
