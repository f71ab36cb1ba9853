using Azure.Data.Tables;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using DataHealth.Core.Costs;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Connections.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Clients.Overview;

/// <summary>A process with summaries, on a world's storage.</summary>
internal static class Overviews
{
    public static Running WithOverview(this World world, Action<IServiceCollection>? change = null) => world.Process(services =>
    {
        services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<IConnectedBooks, ConnectedBooks>()
            .AddSync()
            .AddOverview()
            .AddCosts();
        change?.Invoke(services);
    });

    /// <summary>Writes summaries as they are, a transaction for each.</summary>
    public static async Task WriteAsync(this Running running, IEnumerable<ClientSummary> summaries)
    {
        var rows = new SummaryRows(running.Get<AppStorage>());
        await Parallel.ForEachAsync(summaries, Running.Cancellation, async (summary, cancellationToken) =>
            (await rows.TryWriteAsync(summary, null, cancellationToken)).ShouldBeTrue());
    }

    /// <summary>Every page of a list.</summary>
    public static async Task<List<ClientSummary>> AllAsync(this Running running, Actor actor, ClientListQuery query, int take = 50)
    {
        List<ClientSummary> clients = [];
        string? continuation = null;
        do
        {
            var page = await running.Get<ListClients>().ExecuteAsync(actor, query, take, continuation, Running.Cancellation);
            page.Requests.ShouldBeLessThanOrEqualTo(ListClients.MostRequests);
            page.Clients.Count.ShouldBeLessThanOrEqualTo(take);
            clients.AddRange(page.Clients);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return clients;
    }

    public static async Task<int> RowsAsync(this Running running, string table)
    {
        var count = 0;
        await foreach (var _ in (await running.Get<AppStorage>().TableAsync(table, Running.Cancellation)).QueryAsync<TableEntity>(select: ["RowKey"], cancellationToken: Running.Cancellation))
            count++;
        return count;
    }
}
