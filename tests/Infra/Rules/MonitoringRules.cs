using System.Text.RegularExpressions;
using DataHealth.Infra.Tests.Compiler;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>What somebody is woken for is measured by the code, and reaches somebody.</summary>
internal static partial class MonitoringRules
{
    public static IEnumerable<string> Faults(Deployment deployment, Code code)
    {
        var rules = deployment.Of("Microsoft.Insights/scheduledQueryRules").ToList();
        foreach (var rule in rules)
        {
            var query = rule["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>();
            foreach (var unknown in MetricsIn(query).Except(code.Metrics))
                yield return $"{Deployment.Name(rule)} looks for {unknown}, which nobody measures.";
            foreach (var fault in WordFaults(query, code))
                yield return $"{Deployment.Name(rule)} {fault}";
            if (rule["properties"]!["actions"]!["actionGroups"]!.AsArray().Count == 0)
                yield return $"{Deployment.Name(rule)} tells nobody.";
            if (Minutes(rule, "evaluationFrequency") > Minutes(rule, "windowSize"))
                yield return $"{Deployment.Name(rule)} looks away between two looks.";
        }
        var workbook = deployment.Of("Microsoft.Insights/workbooks").Single()["properties"]!["serializedData"]!.GetValue<string>();
        foreach (var unknown in MetricsIn(workbook).Except(code.Metrics))
            yield return $"The workbook shows {unknown}, which nobody measures.";
        foreach (var fault in QueriesIn(System.Text.Json.Nodes.JsonNode.Parse(workbook)).SelectMany(query => WordFaults(query, code)))
            yield return $"The workbook {fault}";
        var watched = rules.Where(rule => Deployment.Name(rule).EndsWith("-timers-silent", StringComparison.Ordinal))
            .SelectMany(rule => Timer().Matches(rule["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>())).Select(match => match.Groups[1].Value).ToHashSet();
        foreach (var timer in code.Timers.Keys.Except(watched))
            yield return $"Nobody would notice that {timer} does not fire.";
        foreach (var gone in watched.Except(code.Timers.Keys))
            yield return $"{gone} is watched and is no timer.";
        foreach (var schedule in code.Timers.Values.Where(schedule => !deployment.Settings.ContainsKey(schedule)))
            yield return $"A timer's schedule is in {schedule}, which is not set: the host would not index it.";
        foreach (var vault in deployment.Of("Microsoft.KeyVault/vaults"))
        {
            if (!deployment.Of("Microsoft.Insights/diagnosticSettings").Any(one => one["id"]!.GetValue<string>().Contains(Deployment.Name(vault), StringComparison.Ordinal)))
                yield return $"Nobody sees who read what in {Deployment.Name(vault)}.";
        }
        if (deployment.Of("Microsoft.Insights/components").Any(component => component["properties"]!["WorkspaceResourceId"] is null))
            yield return "Application Insights is not based on the workspace.";
        if (deployment.Of("Microsoft.Insights/actionGroups").Single()["properties"]!["emailReceivers"]!.AsArray().Count == 0)
            yield return "Nobody is told of alerts.";
    }

    // An alert on a word that the code has changed stays silent for ever: each query's words are held to the code's.
    private static IEnumerable<string> WordFaults(string query, Code code)
    {
        var asked = Property().Matches(query).Select(match => match.Groups[1].Value + match.Groups[2].Value).Where(name => name is not ("CategoryName" or "EventId")).Distinct().ToList();
        if (Category().Matches(query) is { Count: > 0 } categories)
        {
            foreach (var category in categories.Select(match => match.Groups[1].Value))
            {
                if (!int.TryParse(EventId().Match(query).Groups[1].Value, out var id) || !code.Lines.TryGetValue((category, id), out var told))
                    yield return $"looks for line {EventId().Match(query).Groups[1].Value} of {category}, which nobody writes.";
                else
                    foreach (var unknown in asked.Except(told))
                        yield return $"looks for {unknown} in line {id} of {category}, which does not tell it.";
            }
            yield break;
        }
        foreach (var unknown in asked.Except(code.Tags))
            yield return $"looks for {unknown}, by which nothing is told apart.";
        foreach (var unknown in Compared().Matches(query).SelectMany(match => Word().Matches(match.Groups[1].Value)).Select(match => match.Groups[1].Value).Except(code.Values))
            yield return $"looks for '{unknown}', which nothing is.";
    }

    private static IEnumerable<string> QueriesIn(System.Text.Json.Nodes.JsonNode? node) => node switch
    {
        System.Text.Json.Nodes.JsonObject fields => fields.SelectMany(field => field is { Key: "query", Value: System.Text.Json.Nodes.JsonValue query } ? [query.GetValue<string>()] : QueriesIn(field.Value)),
        System.Text.Json.Nodes.JsonArray items => items.SelectMany(QueriesIn),
        _ => [],
    };

    private static IEnumerable<string> MetricsIn(string query) => Metric().Matches(query).Select(match => match.Value).Distinct();

    private static double Minutes(System.Text.Json.Nodes.JsonObject rule, string property) =>
        System.Xml.XmlConvert.ToTimeSpan(rule["properties"]![property]!.GetValue<string>()).TotalMinutes;

    [GeneratedRegex(@"datahealth\.[a-z_]+(?:\.[a-z_]+)*")]
    private static partial Regex Metric();

    [GeneratedRegex(@"Properties(?:\.(\w+)|\['([\w.]+)'\])")]
    private static partial Regex Property();

    [GeneratedRegex(@"CategoryName\) endswith '(\w+)'")]
    private static partial Regex Category();

    [GeneratedRegex(@"EventId\) == '(\d+)'")]
    private static partial Regex EventId();

    // What outcomes and limits are held against.
    [GeneratedRegex(@"\b(?:outcome\)?|limit\)?) (?:==|!=|in|!in) ('\w+'|\([^)]*\))")]
    private static partial Regex Compared();

    [GeneratedRegex(@"'(\w+)'")]
    private static partial Regex Word();

    [GeneratedRegex(@"'(\w+)', \d+m")]
    private static partial Regex Timer();
}
