using System.Text.Json.Serialization;

namespace DataHealth.Core.Operations;

/// <summary>What support's work stores as JSON.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReplayBatch))]
[JsonSerializable(typeof(OpenRunFilter))]
internal sealed partial class OperationsJson : JsonSerializerContext;
