using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>A setting of a check as its file declares it: what a page needs to offer it, and what a value must be.</summary>
public sealed class CheckSetting
{
    private const int MostText = 100;
    private readonly PropertyInfo _property;
    private readonly SettingAttribute _words;

    private CheckSetting(PropertyInfo property, SettingAttribute words, JsonElement? defaults)
    {
        (_property, _words) = (property, words);
        Key = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        var plain = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        IsOptional = plain != property.PropertyType || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        Type = TypeOf(plain);
        Values = plain.IsEnum ? [.. Enum.GetNames(plain).Select(word => $"\"{JsonNamingPolicy.CamelCase.ConvertName(word)}\"")] : [.. words.OneOf.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        var item = Type == SettingType.List ? plain.GetGenericArguments()[0] : null;
        ItemType = item is null ? null : TypeOf(item);
        Fields = ItemType == SettingType.Group ? Of(item!, null) : [];
        Default = defaults?.GetProperty(Key).GetRawText();
    }

    /// <summary>Its name in JSON.</summary>
    public string Key { get; }

    /// <summary>What a person reads beside it.</summary>
    public string Name => _words.Name;

    /// <summary>What it does, for a bookkeeper.</summary>
    public string Meaning => _words.Meaning;

    /// <summary>What its value is.</summary>
    public SettingType Type { get; }

    /// <summary>What the members of a list are.</summary>
    public SettingType? ItemType { get; }

    /// <summary>Of a number; null: a plain number.</summary>
    public string? Unit => _words.Unit;

    /// <summary>It may be left open: null.</summary>
    public bool IsOptional { get; }

    /// <summary>What holds where nothing is set, JSON; null for a field of a list's members.</summary>
    public string? Default { get; }

    /// <summary>The least number.</summary>
    public decimal? Least => Number(_words.Least);

    /// <summary>The number is greater than this one.</summary>
    public decimal? Above => Number(_words.Above);

    /// <summary>The greatest number.</summary>
    public decimal? Most => Number(_words.Most);

    /// <summary>The only values that there are to choose from, each as JSON; empty: any.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>The longest text.</summary>
    public int? MostLetters => (ItemType ?? Type) == SettingType.Text ? MostText : null;

    /// <summary>The most members of a list.</summary>
    public int? MostItems => Type == SettingType.List ? _words.MostItems : null;

    /// <summary>Of a list's members, where those are objects.</summary>
    public IReadOnlyList<CheckSetting> Fields { get; }

    /// <summary>It counts only in these countries, ISO codes; empty: everywhere.</summary>
    public IReadOnlyList<string> Countries => _words.Countries;

    /// <summary>Whether it counts in the books of a provider.</summary>
    /// <param name="check">Its check.</param>
    /// <param name="provider">The provider.</param>
    public bool CountsAt(HealthCheck check, IAccountingProvider provider) =>
        check.Needs.Concat(_words.Needs).All(provider.Capabilities.Contains) && _words.Reads.All(part => provider.Datasets.Any(dataset => dataset.Parts.Contains(part)));

    /// <summary>The settings of a type, in the order in which it declares them.</summary>
    internal static IReadOnlyList<CheckSetting> Of(Type settings, JsonElement? defaults) =>
        [.. settings.GetProperties().Select(property => (Property: property, Words: property.GetCustomAttribute<SettingAttribute>())).Where(one => one.Words is not null).Select(one => new CheckSetting(one.Property, one.Words!, defaults))];

    /// <summary>What is wrong with it in settings that could be read, in words that name it; null: nothing.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="isStored">They were stored: the sizes of lists and texts are no matter.</param>
    internal string? Problem(object settings, bool isStored)
    {
        var value = _property.GetValue(settings);
        var isRight = value switch
        {
            null => IsOptional,
            string text => isStored || IsText(text),
            int or decimal => Fits(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
            ICollection members => (isStored || members.Count <= _words.MostItems) && members.Cast<object?>().All(member => member is string text ? isStored || IsText(text) : member is not null),
            _ => true,
        };
        if (!isRight)
            return Refusal;
        var inside = value is ICollection all && Fields.Count > 0 ? all.Cast<object>().SelectMany(member => Fields.Select(field => field.Problem(member, isStored))).FirstOrDefault(problem => problem is not null) : null;
        return inside is null ? null : $"{Key}: {inside}";
    }

    /// <summary>What it must be, in words that name it.</summary>
    internal string Refusal => $"{Key}: {Expected()}{(IsOptional ? ", or null" : "")}.";

    private string Expected() => Type switch
    {
        _ when Values.Count > 0 => $"one of {string.Join(", ", Values.Select(value => value.Trim('"')))}",
        SettingType.Boolean => "true or false",
        SettingType.Date => "a day, as 2026-03-31",
        SettingType.Text => $"a text of 1 to {MostText} characters",
        SettingType.List => $"a list of at most {MostItems} {(ItemType == SettingType.Text ? $"texts of 1 to {MostText} characters" : $"objects with {string.Join(", ", Fields.Select(field => field.Key))}")}",
        _ => $"a {(Type == SettingType.WholeNumber ? "whole number" : "number")}{Range()}{(Unit is { } unit ? $" ({unit})" : "")}",
    };

    private string Range() => (Least, Above, Most) switch
    {
        ({ } least, _, { } most) => $" from {Text(least)} to {Text(most)}",
        (_, { } above, { } most) => $" above {Text(above)} and at most {Text(most)}",
        ({ } least, _, _) => $" of at least {Text(least)}",
        (_, { } above, _) => $" above {Text(above)}",
        (_, _, { } most) => $" of at most {Text(most)}",
        _ => "",
    };

    private static bool IsText(string text) => text.Length is > 0 and <= MostText;

    private bool Fits(decimal number) =>
        !(number < Least) && !(number <= Above) && !(number > Most) && (_words.OneOf.Length == 0 || _words.OneOf.Any(one => one == number));

    private static SettingType TypeOf(Type type) =>
        type == typeof(int) ? SettingType.WholeNumber : type == typeof(decimal) ? SettingType.Number : type == typeof(bool) ? SettingType.Boolean : type == typeof(DateOnly) ? SettingType.Date
        : type == typeof(string) ? SettingType.Text : type.IsEnum ? SettingType.Choice : type.IsAssignableTo(typeof(IEnumerable)) ? SettingType.List : SettingType.Group;

    private static decimal? Number(double number) => double.IsNaN(number) ? null : (decimal)number;

    private static string Text(decimal number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);
}

/// <summary>What the value of a setting is.</summary>
public enum SettingType
{
    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A day, <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>Text.</summary>
    Text,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>Several values.</summary>
    List,

    /// <summary>Several values by name; only as a member of a list.</summary>
    Group,
}
