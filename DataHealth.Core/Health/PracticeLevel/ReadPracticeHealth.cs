using System.Globalization;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Practices;

namespace DataHealth.Core.Health.PracticeLevel;

/// <summary>A practice's clients by their health: from stored rows only, two storage requests for each thousand clients, never a look into a ledger.</summary>
public sealed class ReadPracticeHealth(PracticeHealth rows, PracticeScores scores, ListClients clients, TimeProvider time)
{
    /// <summary>Checks that are named as the worst of the practice.</summary>
    public const int MostWorst = 5;

    /// <summary>The clients that exist for the actor, the worst score first, those without one last.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="take">1 or more clients on the page.</param>
    /// <param name="continuation">From the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<PracticeHealthPage> ExecuteAsync(Actor actor, int take, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var recipe = await scores.RecipeAsync(actor.Practice, cancellationToken);
        var all = await StandingsAsync(actor, recipe, cancellationToken);
        var scored = all.Where(one => one.Score is not null).ToList();
        var changes = scored.Select(one => one.ChangeOnMonth).OfType<decimal>().ToList();
        var worst = all.SelectMany(one => one.Score?.Checks ?? []).GroupBy(check => check.Check, StringComparer.Ordinal)
            .Select(check => new WorstCheck(check.Key, check.Average(one => one.Share), check.Sum(one => one.Open), check.Count(one => one.Share < 1m)))
            .Where(check => check.Clients > 0).OrderBy(check => check.AverageShare).ThenBy(check => check.Check, StringComparer.Ordinal).Take(MostWorst).ToList();
        var start = continuation is null ? 0 : int.Parse(continuation, NumberStyles.None, CultureInfo.InvariantCulture);
        return new PracticeHealthPage
        {
            Clients = [.. all.Skip(start).Take(take)],
            Continuation = start + take < all.Count ? (start + take).ToString(CultureInfo.InvariantCulture) : null,
            Total = all.Count,
            Average = scored.Count == 0 ? null : scored.Average(one => one.Score!.Exact),
            ChangeOnMonth = changes.Count == 0 ? null : changes.Average(),
            Colours = scored.GroupBy(one => one.Score!.Colour).ToDictionary(colour => colour.Key, colour => colour.Count()),
            WithoutScore = all.Count - scored.Count,
            Worst = worst,
            Volumes = [.. all.SelectMany(one => one.Row?.Volumes ?? []).GroupBy(volume => volume.MonthEnd).OrderBy(month => month.Key).Select(month => new MonthVolume(month.Key, month.Sum(one => one.Transactions)))],
        };
    }

    /// <summary>What weights would make of the practice's clients, before they are saved.</summary>
    /// <param name="actor">Who; may change the practice's settings.</param>
    /// <param name="recipe">Weights without fault.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<ScorePreview>> PreviewAsync(Actor actor, ScoreRecipe recipe, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.PracticeSettings);
        var now = await StandingsAsync(actor, await scores.RecipeAsync(actor.Practice, cancellationToken), cancellationToken);
        return
        [
            .. now.Where(one => one.Row is not null).Select(one => new ScorePreview(one.Client, one.Score, one.Row!.Score(recipe)))
                .OrderByDescending(one => Math.Abs((one.After?.Exact ?? 0m) - (one.Before?.Exact ?? 0m))).ThenBy(one => one.Client.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>True when that can have come from a page before.</summary>
    public static bool IsContinuation(string text) => text.Length is > 0 and <= 9 && text.All(char.IsAsciiDigit);

    private async Task<List<ClientStanding>> StandingsAsync(Actor actor, ScoreRecipe recipe, CancellationToken cancellationToken)
    {
        var held = await rows.AllAsync(actor.Practice, cancellationToken).ToDictionaryAsync(row => row.Client, cancellationToken: cancellationToken);
        // A client that was not judged lately has no change on last month: what it had then is older still.
        var earliest = time.GetUtcNow().AddMonths(-2);
        return
        [
            .. (await clients.AllAsync(actor, cancellationToken)).Select(client => ClientStanding.Of(client, held.GetValueOrDefault(client.Client), recipe, earliest))
                .OrderBy(one => one.Score is null).ThenBy(one => one.Score?.Exact).ThenBy(one => one.Client.Name, StringComparer.OrdinalIgnoreCase).ThenBy(one => one.Client.Client.Value, StringComparer.Ordinal),
        ];
    }
}

/// <summary>A page of a practice's clients by their health, with what is true of all of them.</summary>
public sealed record PracticeHealthPage
{
    /// <summary>The worst score first.</summary>
    public required IReadOnlyList<ClientStanding> Clients { get; init; }

    /// <summary>Pass it to read on; null at the end.</summary>
    public string? Continuation { get; init; }

    /// <summary>Clients on all pages.</summary>
    public int Total { get; init; }

    /// <summary>Mean of the scores; null without any.</summary>
    public decimal? Average { get; init; }

    /// <summary>Mean change of those that were judged by the same rules a month ago, both scores under today's weights; null without any.</summary>
    public decimal? ChangeOnMonth { get; init; }

    /// <summary>How many clients have which colour.</summary>
    public required IReadOnlyDictionary<ScoreColour, int> Colours { get; init; }

    /// <summary>How many have no score.</summary>
    public int WithoutScore { get; init; }

    /// <summary>Transactions of all clients by month, the earliest first.</summary>
    public required IReadOnlyList<MonthVolume> Volumes { get; init; }

    /// <summary>The checks with the least mean share.</summary>
    public required IReadOnlyList<WorstCheck> Worst { get; init; }
}

/// <summary>A client's health at a glance.</summary>
/// <param name="Client">The client.</param>
/// <param name="Row">What is stored; null before the first recalculation.</param>
/// <param name="Score">Under the practice's weights of today; null without one.</param>
/// <param name="ChangeOnMonth">Points since one to two months ago, both scores under the weights of today; null where there is nothing to compare.</param>
public sealed record ClientStanding(ClientSummary Client, ClientHealthRow? Row, HealthScore? Score, decimal? ChangeOnMonth)
{
    internal static ClientStanding Of(ClientSummary client, ClientHealthRow? row, ScoreRecipe recipe, DateTimeOffset earliest)
    {
        var (score, before) = (row?.Score(recipe), row?.Former is { } former && former.At >= earliest ? former.Score(recipe, row.RulesVersion) : null);
        return new ClientStanding(client, row, score, score?.Exact - before?.Exact);
    }

    /// <summary>The checks that cost it the most points, at most <see cref="ClientHealthRow.MostWorst"/>.</summary>
    public IReadOnlyList<CheckScore> Worst =>
        [.. (Score?.Checks ?? []).Where(check => check.PointsToGain > 0m).OrderByDescending(check => check.PointsToGain).ThenBy(check => check.Check, StringComparer.Ordinal).Take(ClientHealthRow.MostWorst)];
}

/// <summary>How a check stands over a practice's clients.</summary>
/// <param name="Check">Its key.</param>
/// <param name="AverageShare">Mean pass share of the clients that it scores.</param>
/// <param name="Open">Findings that count.</param>
/// <param name="Clients">Clients at which it does not pass in full.</param>
public sealed record WorstCheck(string Check, decimal AverageShare, int Open, int Clients);

/// <summary>What weights would make of a client's score.</summary>
/// <param name="Client">The client.</param>
/// <param name="Before">Its score now.</param>
/// <param name="After">Its score with them.</param>
public sealed record ScorePreview(ClientSummary Client, HealthScore? Before, HealthScore? After);
