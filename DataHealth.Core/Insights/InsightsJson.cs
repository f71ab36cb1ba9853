using System.Text.Json.Serialization;

namespace DataHealth.Core.Insights;

/// <summary>Insights as they are stored and answered: camel case, days as <c>yyyy-MM-dd</c>, amounts as numbers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClientInsights))]
[JsonSerializable(typeof(InsightSettings))]
public sealed partial class InsightsJson : JsonSerializerContext;
