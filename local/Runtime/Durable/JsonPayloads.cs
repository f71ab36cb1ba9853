using System.Text.Json;
using Microsoft.DurableTask;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>Inputs, outputs and events as JSON, with the options that the Functions worker uses.</summary>
internal sealed class JsonPayloads : DataConverter
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), Options);

    public override object? Deserialize(string? data, Type targetType) =>
        data is null ? null : JsonSerializer.Deserialize(data, targetType, Options);
}
