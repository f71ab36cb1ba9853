using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Health.PracticeLevel;

/// <summary>A practice's own score. Row <c>score</c> in its partition of table <c>healthpractices</c>.</summary>
public sealed class PracticeScores(AppStorage storage, AuditTrail audit, TimeProvider time)
{
    private const string Row = "score";

    /// <summary>The practice's own score; null: it has the product's.</summary>
    public async Task<CustomScore?> FindAsync(PracticeId practice, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(practice.Value, Row, cancellationToken: cancellationToken);
        return row.HasValue ? JsonSerializer.Deserialize(row.Value!.GetString("Body"), PracticeHealthJson.Default.CustomScore) : null;
    }

    /// <summary>Weights that count for the practice's clients.</summary>
    public async Task<ScoreRecipe> RecipeAsync(PracticeId practice, CancellationToken cancellationToken) => (await FindAsync(practice, cancellationToken))?.Recipe ?? ScoreRecipe.Default;

    /// <summary>Saves weights; they count at once.</summary>
    /// <param name="actor">Who; may change the practice's settings.</param>
    /// <param name="recipe">Weights without fault (<see cref="ScoreRecipe.Problem"/>); null: the product's again.</param>
    /// <param name="cancellationToken">Cancels what comes before the write.</param>
    /// <exception cref="ArgumentException">They have a fault.</exception>
    public async Task<CustomScore?> SaveAsync(Actor actor, ScoreRecipe? recipe, CancellationToken cancellationToken)
    {
        actor.Demand(Permissions.PracticeSettings);
        if (recipe?.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(recipe));
        var before = await FindAsync(actor.Practice, cancellationToken);
        var table = await TableAsync(cancellationToken);
        var custom = recipe is null ? null : new CustomScore(recipe.Weights, actor.Member, time.GetUtcNow());
        // The entry comes first: a change that is broken off must not be without one.
        await audit.RecordAsync(actor, AuditAction.PracticeChanged, null, Words(before), Words(custom));
        if (custom is null)
            await table.DeleteEntityAsync(actor.Practice.Value, Row, ETag.All, CancellationToken.None);
        else
            await table.UpsertEntityAsync(new TableEntity(actor.Practice.Value, Row) { ["Body"] = JsonSerializer.Serialize(custom, PracticeHealthJson.Default.CustomScore) }, TableUpdateMode.Replace, CancellationToken.None);
        return custom;
    }

    private static string Words(CustomScore? score) => score is null
        ? "health score: the product's"
        : "health score: " + string.Join(", ", score.Weights.OrderBy(weight => weight.Key, StringComparer.Ordinal).Select(weight => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{weight.Key} {weight.Value:0.##}")));

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(PracticeHealth.Table, cancellationToken);
}

/// <summary>A practice's own score.</summary>
/// <param name="Weights">Per cent by check key; they add up to 100.</param>
/// <param name="By">Who saved it.</param>
/// <param name="At">When.</param>
public sealed record CustomScore(IReadOnlyDictionary<string, decimal> Weights, MemberId By, DateTimeOffset At)
{
    /// <summary>As the score takes it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ScoreRecipe Recipe => new(Weights);
}
