using System.Collections.Frozen;

namespace DataHealth.Core.Health.Checks;

/// <summary>Every check of this build: the classes that derive from <see cref="HealthCheck"/>, by key.</summary>
public static class CheckCatalog
{
    /// <summary>All of them, in the order of keys.</summary>
    public static IReadOnlyList<HealthCheck> All { get; } =
    [
        .. typeof(HealthCheck).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(HealthCheck)) && !type.IsAbstract).Select(type => (HealthCheck)Activator.CreateInstance(type)!)
            .OrderBy(check => check.Key, StringComparer.Ordinal),
    ];

    private static readonly FrozenDictionary<string, HealthCheck> ByKey = All.ToFrozenDictionary(check => check.Key, StringComparer.Ordinal);

    /// <summary>The check of that key, or null.</summary>
    public static HealthCheck? Find(string key) => ByKey.GetValueOrDefault(key);
}
