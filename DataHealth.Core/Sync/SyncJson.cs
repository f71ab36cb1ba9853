using System.Text.Json.Serialization;

namespace DataHealth.Core.Sync;

/// <summary>What the sync stores as JSON.</summary>
// Nothing is left out: a null or zero that is not written would come back as the property's initial value.
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(DatasetState))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(SyncForecast))]
internal sealed partial class SyncJson : JsonSerializerContext;
