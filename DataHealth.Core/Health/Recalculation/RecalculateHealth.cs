using DataHealth.Core.Clients;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.PracticeLevel;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Insights;
using DataHealth.Core.Storage;
using DataHealth.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Health.Recalculation;

/// <summary>
/// Judges a client's copy and makes the result visible, whole or not at all. Can be repeated and broken off anywhere; of two at once the one that began later is seen.
/// </summary>
public sealed partial class RecalculateHealth(
    IClientBooks books, ClientStore clients, HealthStore health, NoteStore notes, SettingStore settings, PracticeScores scores, PracticeHealth practice, MappedBooks mapped, HealthMetrics metrics, TimeProvider time,
    ILogger<RecalculateHealth> logger)
{
    /// <summary>Called at named places between the writes; tests crash or freeze there.</summary>
    internal Func<HealthPlace, Task>? Reached { get; set; }

    /// <summary>Recalculates.</summary>
    /// <param name="client">Whose books.</param>
    /// <param name="request">Period and reporting date; null: the last complete month, judged at its end. Settings and memory are the stored ones whatever it says.</param>
    /// <param name="cancellationToken">Breaks it off; what was visible stays.</param>
    public async Task<RecalculateOutcome> ExecuteAsync(ClientId client, HealthRequest? request, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new RunScope(client));
        using var span = Tracing.Source.StartActivity("health.pass")?.SetTag(TagName.Client, client.Value);
        var began = time.GetTimestamp();
        var end = RecalculationEnd.Failed;
        try
        {
            var outcome = await RunAsync(client, request, began, cancellationToken);
            end = outcome switch
            {
                RecalculateOutcome.Done => RecalculationEnd.Done,
                RecalculateOutcome.Superseded => RecalculationEnd.Superseded,
                _ => RecalculationEnd.Nothing,
            };
            return outcome;
        }
        finally
        {
            span?.SetTag(TagName.Outcome, TagName.Of(end));
            if (end == RecalculationEnd.Failed)
                span.Fail("exception");
            metrics.Recalculated(end, time.GetElapsedTime(began));
        }
    }

    private async Task<RecalculateOutcome> RunAsync(ClientId client, HealthRequest? request, long began, CancellationToken cancellationToken)
    {
        if (await clients.FindAsync(client, cancellationToken) is null)
            return new RecalculateOutcome.NoClient();
        if (await books.OpenAsync(client, cancellationToken) is not { } reader)
            return new RecalculateOutcome.NoBooks();
        HealthVersion? version = null;
        HealthPublication? publication = null;
        try
        {
            publication = await HealthPublication.BeginAsync(await health.TableAsync(cancellationToken), client, Reached, cancellationToken);
            await using var kept = reader is LedgerStoreReader copy ? await mapped.BeginAsync(copy, Reached, cancellationToken) : null;
            // Only now: a client whose deletion began before the partition was taken must get nothing back; one whose deletion begins later takes the fence away.
            if (await clients.FindAsync(client, cancellationToken) is not { ClearedBy: null } owner)
            {
                await publication.LeaveAsync(cancellationToken);
                if (kept is not null)
                    await kept.LeaveAsync(cancellationToken);
                return new RecalculateOutcome.NoClient();
            }
            version = HealthVersion.New(time);
            var head = await JudgeAsync(publication, owner, version.Value, reader, kept, request, cancellationToken);
            await TidyAsync(publication, owner, version.Value, kept, cancellationToken);
            Log.Done(logger, client, version.Value, head.ReportingDate, (long)time.GetElapsedTime(began).TotalMilliseconds, kept is null ? "all" : string.Join(' ', kept.ReadWhole));
            return new RecalculateOutcome.Done(version.Value);
        }
        catch (FencedOutException)
        {
            // Also when our own batch was carried out and its answer lost: then it is visible.
            if (publication is not null && version is { } own && (await health.HeadAsync(client, cancellationToken))?.Version == own && await clients.FindAsync(client, cancellationToken) is { } owner)
            {
                await TidyAsync(publication, owner, own, null, cancellationToken);
                return new RecalculateOutcome.Done(own);
            }
            // A batch was carried out, its answer was lost, and nothing is visible: whoever called begins again.
            if (publication is not null && await publication.IsOursAsync(cancellationToken))
                throw;
            Log.Overtaken(logger, client);
            return new RecalculateOutcome.Superseded();
        }
    }

    private async Task<HealthHead> JudgeAsync(
        HealthPublication publication, Client owner, HealthVersion version, ILedgerReader reader, MappedPass? mapped, HealthRequest? asked, CancellationToken cancellationToken)
    {
        var client = owner.Id;
        var at = time.GetUtcNow();
        var looking = LookAsync();
        await Task.WhenAll(looking, mapped?.OpenAsync(cancellationToken) ?? Task.CompletedTask);
        var known = await looking;
        HealthResult result;
        ClientInsights insights;
        try
        {
            (result, insights) = await PassAsync(mapped?.Books ?? reader);
        }
        catch (DamagedBodyException damaged) when (mapped is { IsInUse: true })
        {
            // Nothing depends on what is kept of the books but time.
            Log.Damaged(logger, damaged, client);
            await mapped.ForgetAsync();
            (result, insights) = await PassAsync(mapped.Books);
        }
        var recipe = await scores.RecipeAsync(owner.Practice, cancellationToken);
        var noted = await notes.AllAsync(client, cancellationToken);
        var findings = await WithEvidenceAsync(client, known.Before, KeptFinding.Merge(known.Before?.Findings ?? [], result.Outcomes, at), cancellationToken);
        var head = HeadOf(version, at, result) with { Organisation = known.Organisation };
        head = head with { Chunks = await publication.WriteAsync(version, findings, KeptState.Of(head, recipe, result.Outcomes, noted.IsOpen), result.Memory, insights, cancellationToken) };
        var score = result.Score(recipe, noted.IsOpen);
        await publication.PublishAsync(
            head,
            new ScorePoint
            {
                Version = version,
                At = at,
                ReportingDate = head.ReportingDate,
                Exact = score?.Exact,
                RulesVersion = head.RulesVersion,
                IsPartial = !head.IsComplete,
                Weights = recipe.Weights,
                Checks = score?.Checks ?? [],
            },
            cancellationToken);
        return head;

        // A client that was connected to other books starts anew: what stood there is neither resolved nor changed here.
        async Task<Known> LookAsync()
        {
            var organisation = await reader.OrganisationAsync(cancellationToken);
            var before = await health.FindAsync(client, cancellationToken) is { } kept && kept.Head.Organisation == organisation ? kept : null;
            var memory = before is null ? new Dictionary<string, string>() : await health.MemoryOfAsync(client, organisation, cancellationToken);
            return new(organisation, before, memory, await settings.UnderstoodAsync(client, cancellationToken), await settings.OfInsightsAsync(client, cancellationToken));
        }

        async Task<(HealthResult, ClientInsights)> PassAsync(ILedgerReader books)
        {
            var request = (asked ?? HealthRequest.ForLastMonth(await BooksCalendar.TodayAsync(books, time, cancellationToken))) with
            {
                Settings = known.Settings,
                Memory = known.Memory,
                Only = null,
            };
            mapped?.Keep();
            return await new HealthPass(metrics).RunAsync(books, request, known.InsightSettings, cancellationToken);
        }
    }

    // The result is visible. What is left over and the practice's copy of it are put right by the next recalculation as well: it does not fail for them.
    private async Task TidyAsync(HealthPublication publication, Client owner, HealthVersion version, MappedPass? mapped, CancellationToken cancellationToken)
    {
        try
        {
            await practice.RefreshAsync(owner.Practice, owner.Id, cancellationToken);
            await publication.SweepAsync(version, time.GetUtcNow(), cancellationToken);
            if (mapped is not null)
                await mapped.SaveAsync(cancellationToken);
        }
        catch (Exception away) when (away is Azure.RequestFailedException or FencedOutException or InvalidDataException)
        {
            Log.Untidy(logger, away, owner.Id, version);
        }
    }

    // What is not found any more is carried over from the version before, where its evidence is stored apart.
    private async Task<IReadOnlyList<KeptFinding>> WithEvidenceAsync(ClientId client, KeptHealth? before, IReadOnlyList<KeptFinding> findings, CancellationToken cancellationToken)
    {
        var carried = findings.Where(kept => kept.Sight != FindingSight.Found && kept.Finding.EvidenceCount > 1).Select(kept => kept.Finding.Id).ToList();
        if (before is null || carried.Count == 0)
            return findings;
        var evidence = await health.EvidenceAsync(client, before, carried, cancellationToken);
        return [.. findings.Select(kept => evidence.TryGetValue(kept.Finding.Id, out var all) ? kept with { Finding = kept.Finding with { Evidence = all } } : kept)];
    }

    internal static HealthHead HeadOf(HealthVersion version, DateTimeOffset at, HealthResult result) => new()
    {
        Version = version,
        CalculatedAt = at,
        Period = result.Request.Period,
        ReportingDate = result.Request.ReportingDate,
        RulesVersion = result.RulesVersion,
        OrganisationName = result.Organisation.Name,
        BaseCurrency = result.Organisation.BaseCurrency,
        PeriodLock = result.Organisation.PeriodLock,
        YearEndLock = result.Organisation.YearEndLock,
        Settings = result.Request.Settings,
        Coverage = result.Coverage,
        Outcomes = result.Outcomes.ToDictionary(outcome => outcome.Key, outcome => KeptOutcome.Of(outcome.Value), StringComparer.Ordinal),
    };

    /// <summary>What a recalculation begins with.</summary>
    /// <param name="Organisation">Whose books they are.</param>
    /// <param name="Before">The results before, of the same books.</param>
    /// <param name="Memory">What checks remember of them.</param>
    /// <param name="Settings">Of the checks.</param>
    /// <param name="InsightSettings">Of the insights.</param>
    private sealed record Known(string? Organisation, KeptHealth? Before, IReadOnlyDictionary<string, string> Memory, IReadOnlyDictionary<string, string> Settings, InsightSettings InsightSettings);

    private static partial class Log
    {
        // The benchmark reads how long it took (tests/Benchmarks).
        [LoggerMessage(LogLevel.Information, "Client {Client}: health {Version} as of {Day} is done after {Milliseconds} ms; datasets read whole: {Whole}")]
        public static partial void Done(ILogger logger, ClientId client, HealthVersion version, DateOnly day, long milliseconds, string whole);

        [LoggerMessage(LogLevel.Warning, "Client {Client}: health {Version} is visible; what comes after waits for the next recalculation")]
        public static partial void Untidy(ILogger logger, Exception exception, ClientId client, HealthVersion version);

        [LoggerMessage(LogLevel.Warning, "Client {Client}: what is kept of its books is damaged; they are read whole")]
        public static partial void Damaged(ILogger logger, Exception exception, ClientId client);

        [LoggerMessage(LogLevel.Information, "Client {Client}: a later recalculation took over")]
        public static partial void Overtaken(ILogger logger, ClientId client);
    }
}

/// <summary>What a recalculation came to.</summary>
public abstract record RecalculateOutcome
{
    private RecalculateOutcome()
    {
    }

    /// <summary>Its result is visible.</summary>
    /// <param name="Version">Which.</param>
    public sealed record Done(HealthVersion Version) : RecalculateOutcome;

    /// <summary>One that began later has taken over; nothing of this one is visible.</summary>
    public sealed record Superseded : RecalculateOutcome;

    /// <summary>The client was never connected.</summary>
    public sealed record NoBooks : RecalculateOutcome;

    /// <summary>The client is gone, or its data is being deleted.</summary>
    public sealed record NoClient : RecalculateOutcome;
}
