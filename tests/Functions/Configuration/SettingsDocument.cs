using System.Text.RegularExpressions;
using DataHealth.Testing;

namespace DataHealth.Functions.Tests.Configuration;

/// <summary>One row of docs/configuration.md.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Meaning">What it is for.</param>
/// <param name="Default">Its default; null for nothing.</param>
/// <param name="Need">Where it must be set: <c>""</c>, <c>required</c>, <c>required in Azure</c>.</param>
/// <param name="Local">What <c>npm start</c> gives it; null where it leaves the default.</param>
/// <param name="Azure">Where its value comes from in Azure: <c>app setting</c>, <c>Key Vault X</c>, or <c>""</c> for the default.</param>
/// <param name="IsSecret">Whether it must never be written down.</param>
internal sealed partial record SettingRow(string Name, string Meaning, string? Default, string Need, string? Local, string Azure, bool IsSecret)
{
    /// <summary>The rows of every table whose first column is a setting.</summary>
    public static IReadOnlyList<SettingRow> ReadAll() =>
        [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "configuration.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(Read)];

    private static SettingRow Read(string line)
    {
        var cells = line.Trim('|', ' ').Split(" |").Select(cell => cell.Trim()).ToList();
        cells.Count.ShouldBe(6, $"a setting, its meaning, default, local value, place in Azure, and whether it is a secret: {line}");
        var need = Ticks().Replace(cells[2], "").Trim(' ', ',', '—');
        return new(Code(cells[0])!, cells[1], Code(cells[2]), need, Code(cells[3]), cells[4].Replace("`", "", StringComparison.Ordinal), cells[5] == "yes");
    }

    private static string? Code(string cell) => Ticks().Match(cell) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Ticks();
}
