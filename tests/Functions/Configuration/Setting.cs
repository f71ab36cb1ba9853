using System.Collections;
using System.Globalization;
using System.Reflection;
using DataHealth.Functions.Composition;

namespace DataHealth.Functions.Tests.Configuration;

/// <summary>One setting that the code reads, found by looking at the options classes and the schedules.</summary>
/// <param name="Name">As an operator writes it, with <c>{n}</c> for a place in a list and <c>{provider}</c> for a key.</param>
/// <param name="Type">What it is read into.</param>
/// <param name="Default">What holds when nobody sets it, as text; null for nothing.</param>
internal sealed record Setting(string Name, Type Type, string? Default)
{
    /// <summary>Every setting of ours.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. SettingTexts.Sections.SelectMany(section => Of(section.Section, section.Options)),
        .. Settings.Defaults.Select(schedule => new Setting(schedule.Key, typeof(string), schedule.Value)),
    ];

    /// <summary>The name as it is given to configuration, for the first place of a list and for Xero.</summary>
    public string Key => Name.Replace("{n}", "0", StringComparison.Ordinal).Replace("{provider}", "xero", StringComparison.Ordinal);

    /// <summary>The name as a fault tells it: of the list, not of a place in it.</summary>
    public string Told => Name.Replace(":{n}", "", StringComparison.Ordinal).Replace("{provider}", "xero", StringComparison.Ordinal);

    public override string ToString() => Name;

    private static IEnumerable<Setting> Of(string path, Type type)
    {
        var defaults = Activator.CreateInstance(type);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = $"{path}:{property.Name}";
            var inner = property.PropertyType;
            if (inner.IsGenericType && typeof(IDictionary).IsAssignableFrom(inner))
            {
                foreach (var deeper in Of($"{name}:{{provider}}", inner.GetGenericArguments()[1]))
                    yield return deeper;
            }
            else if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(IList<>))
                yield return new Setting($"{name}:{{n}}", inner.GetGenericArguments()[0], null);
            else
                yield return new Setting(name, Nullable.GetUnderlyingType(inner) ?? inner, Text(property.GetValue(defaults)));
        }
    }

    private static string? Text(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "true" : "false",
        Uri address => address.OriginalString,
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
