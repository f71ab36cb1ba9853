using DataHealth.Core.Health.Scoring;

namespace DataHealth.Core.Health;

/// <summary>What came of a check.</summary>
public abstract record CheckOutcome
{
    private CheckOutcome()
    {
    }

    /// <summary>What it wants to be told next time (<see cref="HealthRequest.Memory"/>), JSON; null: what it was told this time.</summary>
    public string? Memory { get; init; }

    /// <summary>It ran.</summary>
    /// <param name="Measure">What the score takes from it.</param>
    /// <param name="Findings">What it found, by id.</param>
    public sealed record Checked(Measure Measure, IReadOnlyList<Finding> Findings) : CheckOutcome;

    /// <summary>The books cannot tell, or not yet. It leaves the score's denominator and is never a green tick.</summary>
    /// <param name="Needs">What is missing, in words that follow "needs".</param>
    public sealed record NotAvailable(string Needs) : CheckOutcome;

    /// <summary>There is nothing here that it could be about (no credit sales, no PAYE account set). It leaves the denominator too.</summary>
    /// <param name="Why">In plain words.</param>
    public sealed record NotApplicable(string Why) : CheckOutcome;
}
