using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataHealth.Local.Sandbox.World;

/// <summary>What a provider calls an organisation: Xero's tenant id, Intuit's realm id.</summary>
[JsonConverter(typeof(AsText))]
public readonly record struct TenantKey(string Value) : IParsable<TenantKey>
{
    public static implicit operator TenantKey(Guid tenantId) => FromGuid(tenantId);

    public static TenantKey FromGuid(Guid tenantId) => new(tenantId.ToString());

    public static TenantKey Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var key) ? key : throw new FormatException("A tenant or realm id is missing.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TenantKey result)
    {
        result = Guid.TryParse(s, out var id) ? id : new TenantKey(s ?? "");
        return !string.IsNullOrWhiteSpace(s);
    }

    public override string ToString() => Value;

    private sealed class AsText : JsonConverter<TenantKey>
    {
        public override TenantKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), null, out var key) ? key : throw new JsonException("A tenant or realm id is missing.");

        public override void Write(Utf8JsonWriter writer, TenantKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
