using System.Text;
using System.Text.Json;
using DataHealth.Local.Runtime.Durable;
using DataHealth.Testing;

namespace DataHealth.Functions.Tests.Histories;

/// <summary>An orchestration that ran once, generation by generation, as a file beside the tests: what an instance in flight may hold when a newer code takes it over.</summary>
/// <param name="Scenario">Which way it went.</param>
/// <param name="Orchestration">Its function.</param>
/// <param name="InstanceId">Its id.</param>
/// <param name="Generations">Its generations.</param>
internal sealed record RecordedHistory(string Scenario, string Orchestration, string InstanceId, IReadOnlyList<RecordedGeneration> Generations)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Functions", "Histories", "recorded");

    /// <summary>The names of all files, oldest shape first.</summary>
    public static IReadOnlyList<string> Files => [.. Directory.CreateDirectory(Folder).EnumerateFiles("*.json").Select(file => file.Name).Order(StringComparer.Ordinal)];

    public static RecordedHistory Read(string file) => JsonSerializer.Deserialize<RecordedHistory>(File.ReadAllText(Path.Combine(Folder, file)))!;

    /// <summary>The file of a scenario's newest shape; null when it was never recorded.</summary>
    public static string? Newest(string scenario) => Files.Where(file => file.StartsWith($"{scenario}.", StringComparison.Ordinal)).MaxBy(NumberOf);

    /// <summary>Keeps it beside the shapes of before, which are never written again.</summary>
    public string Save()
    {
        Directory.CreateDirectory(Folder);
        var number = Newest(Scenario) is { } newest ? NumberOf(newest) + 1 : 1;
        var file = $"{Scenario}.{number:D3}.json";
        File.WriteAllText(Path.Combine(Folder, file), ToJson());
        return file;
    }

    /// <summary>A line for each event, so that two shapes can be compared by eye.</summary>
    public string ToJson()
    {
        var text = new StringBuilder();
        text.Append($"{{\n\"Scenario\": {Json(Scenario)},\n\"Orchestration\": {Json(Orchestration)},\n\"InstanceId\": {Json(InstanceId)},\n\"Generations\": [");
        foreach (var (generation, n) in Generations.Select((generation, n) => (generation, n)))
        {
            text.Append(n == 0 ? "\n{" : ",\n{").Append($"\"Status\": {Json(generation.Status)}, \"Output\": {Json(generation.Output)}, \"CustomStatus\": {Json(generation.CustomStatus)}, \"NextInput\": {Json(generation.NextInput)}, \"Events\": [\n");
            text.AppendJoin(",\n", generation.Events.Select(e => JsonSerializer.Serialize(e)));
            text.Append("]}");
        }
        return text.Append("\n]}\n").ToString();
    }

    private static int NumberOf(string file) => int.Parse(file.Split('.')[^2], System.Globalization.CultureInfo.InvariantCulture);

    private static string Json(string? text) => JsonSerializer.Serialize(text);
}

/// <summary>One generation: from a start to an end or a ContinueAsNew.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Output">What it gave.</param>
/// <param name="CustomStatus">What it last showed.</param>
/// <param name="NextInput">What the next generation was given; null when there was none.</param>
/// <param name="Events">All that happened.</param>
internal sealed record RecordedGeneration(string Status, string? Output, string? CustomStatus, string? NextInput, IReadOnlyList<HistoryEvent> Events);
