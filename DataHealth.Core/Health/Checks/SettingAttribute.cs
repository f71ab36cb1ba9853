using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>
/// What people must know of a setting to set it, beside the setting itself. What is told (<see cref="CheckSetting"/>) and what is refused (<see cref="HealthCheck.Normalise"/>) both come from here, so that they cannot differ.
/// </summary>
/// <param name="name">What a person reads beside the field.</param>
/// <param name="meaning">What it does, for a bookkeeper; for a setting that may be left open also what holds then.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string name, string meaning) : Attribute
{
    /// <summary>The unit of an amount of money.</summary>
    public const string BaseCurrency = "base currency";

    public string Name => name;

    public string Meaning => meaning;

    /// <summary>Of a number; null: a plain number.</summary>
    public string? Unit { get; set; }

    /// <summary>The least number; not a number: none.</summary>
    public double Least { get; set; } = double.NaN;

    /// <summary>The number is greater than this one; not a number: none.</summary>
    public double Above { get; set; } = double.NaN;

    /// <summary>The greatest number; not a number: none.</summary>
    public double Most { get; set; } = double.NaN;

    /// <summary>The only numbers that there are to choose from; empty: any.</summary>
    public int[] OneOf { get; set; } = [];

    /// <summary>The most members of a list.</summary>
    public int MostItems { get; set; }

    /// <summary>It counts only where the provider's books can tell this, beside what its check needs.</summary>
    public Capability[] Needs { get; set; } = [];

    /// <summary>It counts only where the provider's books have this part, beside those that its check reads.</summary>
    public LedgerPart[] Reads { get; set; } = [];

    /// <summary>It counts only in these countries, ISO codes; empty: everywhere.</summary>
    public string[] Countries { get; set; } = [];
}
