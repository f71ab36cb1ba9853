using DataHealth.Core.Connections;
using DataHealth.Core.Costs;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Costs;

/// <summary>What syncs cost, by client, day and practice, and what the tier allows.</summary>
public sealed class CostFunctions(
    ICurrentMember member, ClientDoor door, CostLedger ledger, ConnectionCap cap, MonthlyReads reads, ConnectionStore connections, ProviderCatalog providers, IOptions<CostOptions> options, TimeProvider time)
{
    private const decimal Gigabyte = 1024m * 1024m * 1024m;

    [Function("GetPracticeCosts")]
    public async Task<IResult> OfPracticeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "costs")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.PracticeSettings))
            return Problems.MayNot(member.Actor, Permissions.PracticeSettings);
        if (Month(request) is not { } month)
            return BadMonth;
        var days = await ledger.OfPracticeAsync(member.Practice, month, cancellationToken);
        List<TierBody> tiers = [];
        foreach (var provider in providers.All.Where(provider => provider.IsConfigured))
            tiers.Add(await TierAsync(provider.Key, month, cancellationToken));
        var sum = Sum(days);
        return Answer.Ok(new PracticeCostsBody(month.ToString(), sum.Calls, sum.Bytes, [.. days.Select(DayCostBody.Of)], tiers), ApiJson.Default.PracticeCostsBody);
    }

    [Function("GetClientCosts")]
    public async Task<IResult> OfClientAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/costs")] HttpRequest request, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ViewClients, cancellationToken);
        if (client is null)
            return problem!;
        if (Month(request) is not { } month)
            return BadMonth;
        var days = await ledger.OfClientAsync(client.Practice, client.Id, month, cancellationToken);
        var books = (await connections.GetAsync(client.Id, cancellationToken)).Books;
        var left = books is null ? null : await providers.Get(books.Organisation.Provider).Books.HeadroomAsync(books.Organisation, cancellationToken);
        var sum = Sum(days);
        return Answer.Ok(
            new ClientCostsBody(
                month.ToString(), sum.Calls, sum.Bytes, [.. days.Select(DayCostBody.Of)],
                left is null ? null : new HeadroomBody(left.DayRemaining, left.DayLimit, left.MinuteLimit, left.PausedUntil?.ToUniversalTime(), left.PausedBy)),
            ApiJson.Default.ClientCostsBody);
    }

    private static Problem BadMonth => Problems.BadField("month", "a month as 2026-11.");

    private async Task<TierBody> TierAsync(string provider, CostMonth month, CancellationToken cancellationToken)
    {
        var tier = options.Value.Of(provider);
        var used = await ledger.OfAppAsync(provider, month, cancellationToken);
        var connected = await cap.FindAsync(provider, cancellationToken);
        var beyond = tier.EgressGigabytes is { } allowed ? Math.Max(0, (used.Bytes / Gigabyte) - allowed) : (decimal?)null;
        return new TierBody
        {
            Provider = provider,
            Name = tier.Name.Length > 0 ? tier.Name : null,
            AppCalls = used.Calls,
            MeteredReads = tier.MeteredReads,
            SyncsWaitUntil = await reads.WaitUntilAsync(provider, cancellationToken),
            AppBytes = used.Bytes,
            EgressGigabytes = tier.EgressGigabytes,
            EgressCost = beyond is { } gigabytes && tier.PricePerGigabyte is { } price ? Math.Round(gigabytes * price, 2, MidpointRounding.AwayFromZero) : null,
            Currency = tier.PricePerGigabyte is null ? null : tier.Currency,
            Connections = connected?.Used,
            MostConnections = connected?.Most,
        };
    }

    private CostMonth? Month(HttpRequest request) =>
        !request.Query.TryGetValue("month", out var asked) ? CostMonth.Of(time.GetUtcNow())
            : asked.Count == 1 && CostMonth.TryParse(asked[0] ?? "", out var month) ? month
            : null;

    private static RunCost Sum(IEnumerable<DayCost> days) => days.Aggregate(default(RunCost), (sum, day) => sum + day.Cost);
}
