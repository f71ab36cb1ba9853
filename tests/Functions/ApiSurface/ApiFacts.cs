namespace DataHealth.Functions.Tests.ApiSurface;

/// <summary>The signatures of the published packages, from functions-api.md: its lines are kept verbatim.</summary>
internal sealed class ApiFacts
{
    private readonly Dictionary<string, HashSet<string>> _lines = [];

    public static ApiFacts Read(string path)
    {
        var facts = new ApiFacts();
        HashSet<string> current = [];
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                // A name may come twice: two assemblies declare parts of the same extension class.
                if (!facts._lines.TryGetValue(line[4..], out current!))
                    facts._lines[line[4..]] = current = [];
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal))
                current.Add(line[2..]);
            else if (line.Length > 0 && line[0] is not '#')
                current.Add(Header(line));
        }
        return facts;
    }

    /// <summary>The name of a type as the facts write it: <c>Namespace.AsyncPageable&lt;T&gt;</c>.</summary>
    public static string NameOf(Type type) => $"{type.Namespace}.{SignatureText.Name(type)}";

    /// <summary>What the facts do not say of a type: nothing when it and all of the given lines are theirs.</summary>
    public IEnumerable<string> Unknown(Type type, IEnumerable<string> lines)
    {
        if (_lines.TryGetValue(NameOf(type), out var known))
            return lines.Where(line => !known.Contains(line)).Select(line => $"{NameOf(type)}: {line}");
        var members = lines.Where(line => line != Header(SignatureText.Header(type)) && !line.StartsWith('[')).ToList();
        // The facts name some types only as the base of another; such a one may be declared, and must then offer nothing.
        var isBase = members.Count == 0 && _lines.Values.Any(of => of.Any(line => line.Split(" : ") is [_, var bases] && bases.Split(", ").Contains(type.Name)));
        return isBase ? [] : [$"{NameOf(type)}: the type itself"];
    }

    /// <summary>A type's first line with its bases in order of the alphabet: their order says nothing.</summary>
    public static string Header(string line) =>
        line.Split(" : ") is [var type, var bases] ? $"{type} : {string.Join(", ", Split(bases).Order(StringComparer.Ordinal))}" : line;

    // At commas outside of angle brackets.
    private static List<string> Split(string bases)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var i = 0; i < bases.Length; i++)
        {
            depth += bases[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0 && bases[i] == ',')
            {
                parts.Add(bases[start..i]);
                start = i + 2;
            }
        }
        return [.. parts, bases[start..]];
    }
}
