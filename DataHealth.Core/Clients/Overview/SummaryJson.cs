using System.Text.Json.Serialization;

namespace DataHealth.Core.Clients.Overview;

/// <summary>A summary as its rows keep it: what has no value is left out, since rows are read by the thousand.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ClientSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
