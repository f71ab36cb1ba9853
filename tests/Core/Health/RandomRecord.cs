using System.Reflection;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Tests.Health;

/// <summary>Records of every kind with anything in them.</summary>
internal static class RandomRecord
{
    public static Type[] Kinds { get; } = [.. typeof(LedgerRecord).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LedgerRecord)) && !type.IsAbstract)];

    public static LedgerRecord Of(Type kind, Random random) => (LedgerRecord)Made(kind, random);

    private static object Made(Type type, Random random)
    {
        var constructor = type.GetConstructors().Single();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, random))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }))
            property.SetValue(made, property.Name == nameof(LedgerRecord.Id) ? Guid.NewGuid().ToString() : Value(property.PropertyType, random));
        return made;
    }

    private static object? Value(Type type, Random random)
    {
        if (Nullable.GetUnderlyingType(type) is { } own)
            return random.Next(3) == 0 ? null : Value(own, random);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length));
        if (type.IsGenericType)
        {
            var element = type.GetGenericArguments()[0];
            var list = Array.CreateInstance(element, random.Next(4));
            for (var at = 0; at < list.Length; at++)
                list.SetValue(element == typeof(string) ? $"t{random.Next(9)}" : Value(element, random), at);
            return list;
        }
        return type == typeof(string) ? random.Next(5) switch { 0 => null, 1 => "", 2 => "Café Grün ☕ \ud83d\ude00", 3 => new Guid(random.Next(5), 1, 2, new byte[8]).ToString(), _ => $"text {random.Next(20)}" }
            : type == typeof(bool) ? random.Next(2) == 0
            : type == typeof(int) ? random.Next(int.MinValue, int.MaxValue)
            : type == typeof(decimal) ? new decimal(random.Next(), random.Next(3) == 0 ? random.Next() : 0, random.Next(9) == 0 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(6))
            : type == typeof(DateOnly) ? DateOnly.FromDayNumber(random.Next(800_000))
            : type == typeof(DateTimeOffset) ? new DateTimeOffset(random.NextInt64(1_000_000_000_000, 600_000_000_000_000_000), TimeSpan.FromMinutes(random.Next(-600, 600)))
            : Made(type, random);
    }
}
