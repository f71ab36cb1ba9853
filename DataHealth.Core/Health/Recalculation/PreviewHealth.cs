using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Records;

namespace DataHealth.Core.Health.Recalculation;

/// <summary>Judges a client's copy by another period, reporting date or other settings, and stores nothing.</summary>
public sealed class PreviewHealth(IClientBooks books, HealthStore health, NoteStore notes, SettingStore settings, PracticeScores scores, TimeProvider time)
{
    /// <summary>Judges.</summary>
    /// <param name="client">Whose books; the caller has checked that the member may see it.</param>
    /// <param name="practice">Its practice.</param>
    /// <param name="wish">What differs from what is stored.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    /// <returns>Null for a client that was never connected.</returns>
    public async Task<JudgedHealth?> ExecuteAsync(ClientId client, PracticeId practice, PreviewWish wish, CancellationToken cancellationToken)
    {
        if (await books.OpenAsync(client, cancellationToken) is not { } reader)
            return null;
        var usual = HealthRequest.ForLastMonth(wish.ReportingDate is { } day ? day.AddDays(1) : await BooksCalendar.TodayAsync(reader, time, cancellationToken));
        var own = new Dictionary<string, string>(await settings.UnderstoodAsync(client, cancellationToken), StringComparer.Ordinal);
        foreach (var (check, json) in wish.Settings)
            own[check] = json;
        var request = usual with
        {
            Period = wish.Period ?? usual.Period,
            ReportingDate = wish.ReportingDate ?? wish.Period?.To ?? usual.ReportingDate,
            Settings = own,
            Memory = await health.MemoryOfAsync(client, await reader.OrganisationAsync(cancellationToken), cancellationToken),
        };
        var at = time.GetUtcNow();
        var result = await new HealthEngine().RunAsync(reader, request, cancellationToken);
        return new JudgedHealth(
            new KeptHealth(RecalculateHealth.HeadOf(new HealthVersion(""), at, result), KeptFinding.Merge([], result.Outcomes, at)),
            await notes.AllAsync(client, cancellationToken), await scores.FindAsync(practice, cancellationToken));
    }
}

/// <summary>What a preview judges by; what is null is as stored.</summary>
public sealed record PreviewWish
{
    /// <summary>The days under review; else the last complete month up to the reporting date.</summary>
    public Period? Period { get; init; }

    /// <summary>The books are judged as of the end of this day; else the end of the period.</summary>
    public DateOnly? ReportingDate { get; init; }

    /// <summary>Settings by check key, found right by the check.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
