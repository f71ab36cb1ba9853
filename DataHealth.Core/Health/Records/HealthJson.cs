using System.Text.Json.Serialization;

namespace DataHealth.Core.Health.Records;

/// <summary>What Health stores as JSON.</summary>
// Nothing is left out: a null or zero that is not written would come back as the property's initial value.
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(HealthHead))]
[JsonSerializable(typeof(KeptFinding[]))]
[JsonSerializable(typeof(Dictionary<string, Evidence[]>))]
[JsonSerializable(typeof(KeptState))]
[JsonSerializable(typeof(ScorePoint))]
[JsonSerializable(typeof(Recomputation))]
[JsonSerializable(typeof(RecomputedPoint))]
[JsonSerializable(typeof(Dismissal))]
[JsonSerializable(typeof(FindingLabel))]
internal sealed partial class HealthJson : JsonSerializerContext;
