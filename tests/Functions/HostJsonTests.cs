using System.Text.Json;
using DataHealth.Testing;

namespace DataHealth.Functions.Tests;

/// <summary>host.json takes no comments: its reasons stand in a decision, which must not fall behind.</summary>
public sealed class HostJsonTests
{
    private static readonly string[] Obvious = ["version", "routePrefix", "default"];

    [Fact]
    public void Every_setting_of_host_json_has_its_reason_written_down()
    {
        var decisions = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "decisions"), "*.md").Where(file => Path.GetFileName(file)[..4] is "0502" or "0903").Select(File.ReadAllText));
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));

        var settings = Leaves(host.RootElement).ToList();

        settings.Count.ShouldBeGreaterThan(15);
        settings.Except(Obvious).Where(setting => !decisions.Contains(setting, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Leaves(JsonElement element) => element.EnumerateObject().SelectMany(property =>
        property.Value.ValueKind is JsonValueKind.Object ? Leaves(property.Value) : [property.Name]);
}
