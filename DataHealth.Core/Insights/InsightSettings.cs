using DataHealth.Core.Health.Balances;

namespace DataHealth.Core.Insights;

/// <summary>What a practice knows of a client and the books do not say. The defaults are for a client of which nothing is set.</summary>
public sealed record InsightSettings
{
    /// <summary>Nothing set.</summary>
    public static InsightSettings Default { get; } = new();

    /// <summary>The turnover from which a business must register for sales tax, base currency; null: the one of the organisation's country (<see cref="RegistrationThresholds"/>).</summary>
    public decimal? RegistrationThreshold { get; init; }

    /// <summary>Registered for sales tax; null: as the provider says.</summary>
    public bool? IsRegistered { get; init; }

    /// <summary>The first day of the tax period that is not filed yet; null: the day after the last filed return, or as the provider's word for the period allows (<see cref="OpenTaxPeriod"/>).</summary>
    public DateOnly? OpenTaxPeriodFrom { get; init; }

    /// <summary>Bank accounts whose statements come by hand and not by a feed, by code or id; null: nobody has said, and no provider tells it.</summary>
    public IReadOnlyList<string>? ManualFeeds { get; init; }

    // Set, and not init: generated serializers give what is left out of a JSON text nought instead of the initialiser where it is init.
    /// <summary>From which day what is owed ages.</summary>
    public AgeFrom AgeFrom { get; set; } = AgeFrom.DueDate;

    /// <summary>How many customers, and how many suppliers, are named.</summary>
    public int TopContacts { get; set; } = 10;

    /// <summary>What is wrong with settings that somebody wants to store, in plain words; null when nothing is.</summary>
    public string? Problem() =>
        RegistrationThreshold is <= 0m ? "The registration threshold is above nought."
        : TopContacts is < 1 or > 50 ? "Between 1 and 50 contacts are named."
        : ManualFeeds is { Count: > 200 } ? "At most 200 accounts have a manual feed."
        : !Enum.IsDefined(AgeFrom) ? "What is owed ages from its date or its due date."
        : null;
}
