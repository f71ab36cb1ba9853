using System.Text.Json.Serialization;

namespace DataHealth.Core.Insights;

/// <summary>A number that the books tell, or why they do not. Nothing is guessed: what a provider cannot tell, or has not told yet, is said to be missing.</summary>
/// <typeparam name="T">What it is when it is there.</typeparam>
/// <param name="Value">It; null when it is missing.</param>
/// <param name="Missing">Why, a whole sentence (<c>Not available, needs …</c>, <c>Not applicable: …</c>); null when it is there.</param>
public sealed record Insight<T>(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] T? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Missing)
    where T : class
{
    internal static Insight<T> Of(T value) => new(value, null);

    /// <param name="needs">What is missing, in words that follow "needs".</param>
    internal static Insight<T> Needs(string needs) => new(null, $"Not available, needs {needs}.");

    /// <param name="why">Why it says nothing of this business, in words that follow a colon.</param>
    internal static Insight<T> NotApplicable(string why) => new(null, $"Not applicable: {why}.");
}
