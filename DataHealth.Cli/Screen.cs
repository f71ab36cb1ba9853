using System.Text.Json;
using Spectre.Console;

namespace DataHealth.Cli;

/// <summary>Prints answers: tables and sentences for people, JSON for scripts.</summary>
internal sealed class Screen(TextWriter output, bool isJson)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The answer as it is, where JSON is wanted; else what <paramref name="print"/> makes of it.</summary>
    public void Show(JsonElement answer, Action<Screen> print)
    {
        if (isJson)
            output.WriteLine(JsonSerializer.Serialize(answer, Indented));
        else
            print(this);
    }

    public void Line(string text) => output.WriteLine(text);

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = true });
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        // Into a file or a pipe nothing may be cut.
        console.Profile.Width = 240;
        console.Write(table);
    }
}

/// <summary>Fields of an answer as texts; empty where they are absent.</summary>
internal static class Fields
{
    public static string Text(this JsonElement element, string name) => element.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.True => "yes", JsonValueKind.False => "no", JsonValueKind.String => value.GetString()!, _ => value.GetRawText() }
        : "";

    public static string Moment(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetDateTimeOffset(out var at) ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) : "";
}
