using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Limits;

/// <summary>How a limits row is written.</summary>
[JsonSerializable(typeof(OrganisationLimits))]
internal sealed partial class LimitsJson : JsonSerializerContext;
