using DataHealth.Core.Health;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Insights;

/// <summary>Gathers a client's insights from its copy, for any reporting date: one pass over the books, nothing is stored.</summary>
public sealed class ReadInsights(IClientBooks books, SettingStore settings, TimeProvider time)
{
    /// <summary>Gathers them; null for a client that was never connected. The caller has checked that the member may see the client.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="reportingDate">The books as they stood at the end of this day; null: of the last complete month.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    public async Task<ClientInsights?> ExecuteAsync(ClientId client, DateOnly? reportingDate, CancellationToken cancellationToken)
    {
        if (await books.OpenAsync(client, cancellationToken) is not { } reader)
            return null;
        var request = reportingDate is { } day
            ? new HealthRequest { Period = Period.MonthOf(day), ReportingDate = day }
            : HealthRequest.ForLastMonth(await BooksCalendar.TodayAsync(reader, time, cancellationToken));
        // Filed returns are entered as settings of a check.
        return await new HealthPass().InsightsAsync(reader, request with { Settings = await settings.AllAsync(client, cancellationToken) }, InsightSettings.Default, cancellationToken);
    }
}
