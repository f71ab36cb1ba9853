using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>What a workflow may do: run actions as they were when somebody looked at them, with the least rights, with no stored secret, and no text of others as a command.</summary>
internal static partial class WorkflowRules
{
    public static IEnumerable<string> Faults(string name, string text)
    {
        var workflow = Read(text);
        foreach (var line in text.Split('\n').Where(line => line.TrimStart(' ', '-').StartsWith("uses:", StringComparison.Ordinal)))
        {
            if (!Pinned().IsMatch(line))
                yield return $"{name}: '{line.Trim()}' is not pinned to a commit with its version beside it.";
        }
        if (Permissions(workflow) is not [("contents", "read")])
            yield return $"{name}: the workflow's own rights are not just to read the code.";
        foreach (var (job, body) in Jobs(workflow))
        {
            foreach (var (right, level) in Permissions(body).Where(one => one.Level != "read"))
            {
                if (!Needs(right, body))
                    yield return $"{name}: job {job} may {level} {right} and has nothing to do with it.";
            }
            foreach (var step in Steps(body))
            {
                if (Text(step, "uses") is { } action && action.StartsWith("actions/checkout@", StringComparison.Ordinal)
                    && (step.Children.TryGetValue("with", out var with) ? Text((YamlMappingNode)with, "persist-credentials") : null) != "false")
                    yield return $"{name}: job {job} leaves the token in the checkout.";
                if (Text(step, "run") is { } run && run.Contains("${{", StringComparison.Ordinal))
                    yield return $"{name}: job {job} puts an expression into a command; give it by the environment.";
            }
        }
        if (text.Contains("secrets.", StringComparison.Ordinal))
            yield return $"{name}: a stored secret is used.";
        if (text.Contains("pull_request_target", StringComparison.Ordinal))
            yield return $"{name}: code of strangers would run with our rights.";
    }

    /// <summary>The variables that a workflow hands over to the template.</summary>
    public static IReadOnlySet<string> Variables(string text, string job) =>
        Jobs(Read(text)).Single(one => one.Name == job).Body.Children["env"] is YamlMappingNode env ? env.Children.Keys.Select(key => key.ToString()).ToHashSet() : new HashSet<string>();

    private static bool Needs(string right, YamlMappingNode job) => right switch
    {
        "id-token" => Steps(job).Any(step => Text(step, "uses")?.StartsWith("azure/login@", StringComparison.Ordinal) == true),
        "contents" => Steps(job).Any(step => Text(step, "run")?.StartsWith("gh release create", StringComparison.Ordinal) == true),
        _ => false,
    };

    private static YamlMappingNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static List<(string Right, string Level)> Permissions(YamlMappingNode node) =>
        !node.Children.TryGetValue("permissions", out var permissions) ? []
        : permissions is YamlMappingNode rights ? [.. rights.Children.Select(one => (one.Key.ToString(), one.Value.ToString()))]
        : [("everything", permissions.ToString())];

    private static IEnumerable<(string Name, YamlMappingNode Body)> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)workflow.Children["jobs"]).Children.Select(job => (job.Key.ToString(), (YamlMappingNode)job.Value));

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) =>
        job.Children.TryGetValue("steps", out var steps) ? ((YamlSequenceNode)steps).Children.Cast<YamlMappingNode>() : [];

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value.ToString() : null;

    [GeneratedRegex(@"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*\s*$")]
    private static partial Regex Pinned();
}
