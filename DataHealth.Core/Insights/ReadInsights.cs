using DataHealth.Core.Health;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Insights;

/// <summary>A client's insights: those of the latest recalculation, or for a reporting date that is asked for gathered anew, in one pass over the copy.</summary>
public sealed class ReadInsights(IClientBooks books, HealthStore health, SettingStore settings, TimeProvider time)
{
    /// <summary>Those that the latest recalculation left; null before the first. The caller has checked that the member may see the client.</summary>
    public async Task<ClientInsights?> FindAsync(ClientId client, CancellationToken cancellationToken) =>
        await health.HeadAsync(client, cancellationToken) is { } head ? await health.InsightsAsync(client, head.Version, cancellationToken) : null;

    /// <summary>Gathers them in a pass over the whole copy; null for a client that was never connected. The caller has checked that the member may see the client.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="reportingDate">The books as they stood at the end of this day; null: at the end of the last complete month.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    public async Task<ClientInsights?> GatherAsync(ClientId client, DateOnly? reportingDate, CancellationToken cancellationToken)
    {
        if (await books.OpenAsync(client, cancellationToken) is not { } reader)
            return null;
        var request = reportingDate is { } day
            ? new HealthRequest { Period = Period.MonthOf(day), ReportingDate = day }
            : HealthRequest.ForLastMonth(await BooksCalendar.TodayAsync(reader, time, cancellationToken));
        // Filed returns are entered as settings of a check.
        return await new HealthPass().InsightsAsync(reader, request with { Settings = await settings.UnderstoodAsync(client, cancellationToken) }, await settings.OfInsightsAsync(client, cancellationToken), cancellationToken);
    }
}
