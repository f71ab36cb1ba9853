namespace DataHealth.Local.Sandbox.Books;

/// <summary>An ordered, immutable set of named values: the small kinds of record, as the provider writes them.</summary>
/// <remarks>Values: string, bool, int, Guid, <see cref="Fixed"/>, DateOnly (a date), <see cref="DayText"/>, DateTime (an instant), Bag, object[] or null (left out).</remarks>
internal sealed class Bag(params (string Name, object? Value)[] fields)
{
    public IReadOnlyList<(string Name, object? Value)> Fields => fields;

    public object? this[string name]
    {
        get
        {
            foreach (var field in fields)
            {
                if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
                    return field.Value;
            }

            return null;
        }
    }

    public Bag With(string name, object? value)
    {
        var at = Array.FindIndex(fields, f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
            return new Bag([.. fields, (name, value)]);
        var copy = ((string Name, object? Value)[])fields.Clone();
        copy[at] = (copy[at].Name, value);
        return new Bag(copy);
    }
}

/// <summary>A decimal written with a fixed number of decimals.</summary>
internal readonly record struct Fixed(decimal Value, int Decimals = 2);

/// <summary>The twin of a date: <c>2026-11-23T00:00:00</c>.</summary>
internal readonly record struct DayText(DateOnly Day);

/// <summary>An instant or day in ISO form, as the assets API writes it.</summary>
internal readonly record struct IsoDay(DateOnly Day);
