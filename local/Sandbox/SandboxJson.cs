using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DataHealth.Local.Sandbox;

/// <summary>How the control API and the data folder spell JSON.</summary>
public static class SandboxJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Lays the given properties over a record; what is not named stays.</summary>
    /// <exception cref="JsonException">A property is unknown or of the wrong type.</exception>
    public static T Overlay<T>(T current, JsonObject changes)
    {
        var merged = JsonSerializer.SerializeToNode(current, Options)!.AsObject();
        var writable = typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        var known = writable.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
        {
            if (!known.TryGetValue(name, out var spelled))
                throw new JsonException($"There is no '{name}' here. Known: {string.Join(", ", known.Order())}.");
            merged[spelled] = value?.DeepClone();
        }

        return merged.Deserialize<T>(Options)!;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
