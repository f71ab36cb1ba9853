using System.Text.RegularExpressions;
using DataHealth.Testing;

namespace DataHealth.Functions.Tests.Deletion;

/// <summary>What every table and container holds of a client: <c>places.csv</c>, which people wrote and review. No code of the product knows it.</summary>
internal static partial class Places
{
    /// <summary>It must name a client that has everything, and nothing of it afterwards.</summary>
    public const string Client = "client";

    /// <summary>Rows that a client may share with others and that name it by a hash at most: gone with the last one.</summary>
    public const string Alone = "alone";

    /// <summary>The place, and what it holds.</summary>
    public static IReadOnlyDictionary<string, string> Declared { get; } = File.ReadLines(Path.Combine(Repository.Root, "tests", "Functions", "Deletion", "places.csv"))
        .Skip(1).Select(line => line.Split(';')).ToDictionary(cells => cells[0], cells => cells.Length == 3 && cells[2].Length > 0 ? cells[1] : throw new InvalidOperationException($"Say why: {cells[0]}"));

    /// <summary>Every table and container that the product's code names.</summary>
    public static IReadOnlyList<string> InCode() =>
    [
        .. ((string[])["DataHealth.Core", "DataHealth.Functions"])
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Name().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value)
            .Distinct().Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("""(?:TableAsync\(|ContainerAsync\(|const string \w*(?:Table|Container) = )"(?<name>[a-z0-9-]+)"[,;)]""")]
    private static partial Regex Name();
}
