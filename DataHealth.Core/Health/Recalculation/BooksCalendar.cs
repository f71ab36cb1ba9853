using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Recalculation;

/// <summary>What day it is where the books are kept.</summary>
internal static class BooksCalendar
{
    /// <summary>Today in the organisation's time zone; in UTC where the books do not tell one.</summary>
    public static async Task<DateOnly> TodayAsync(ILedgerReader books, TimeProvider time, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.Utc;
        await foreach (var record in books.ReadAsync(new HashSet<LedgerPart> { LedgerPart.Organisation }, cancellationToken))
        {
            if (record is not Organisation organisation)
                continue;
            if (organisation.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var told))
                zone = told;
            // The reader goes on through all that can tell of an organisation, which may be as many as the documents.
            break;
        }
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);
    }
}
