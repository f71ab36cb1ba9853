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
            if (rule["properties"]!["actions"]!["actionGroups"]!.AsArray().Count == 0)
                yield return $"{Deployment.Name(rule)} tells nobody.";
            if (Minutes(rule, "evaluationFrequency") > Minutes(rule, "windowSize"))
                yield return $"{Deployment.Name(rule)} looks away between two looks.";
        }
        foreach (var unknown in MetricsIn(deployment.Of("Microsoft.Insights/workbooks").Single()["properties"]!["serializedData"]!.GetValue<string>()).Except(code.Metrics))
            yield return $"The workbook shows {unknown}, which nobody measures.";
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

    private static IEnumerable<string> MetricsIn(string query) => Metric().Matches(query).Select(match => match.Value).Distinct();

    private static double Minutes(System.Text.Json.Nodes.JsonObject rule, string property) =>
        System.Xml.XmlConvert.ToTimeSpan(rule["properties"]![property]!.GetValue<string>()).TotalMinutes;

    [GeneratedRegex(@"datahealth\.[a-z_]+(?:\.[a-z_]+)*")]
    private static partial Regex Metric();

    [GeneratedRegex(@"'(\w+)', \d+m")]
    private static partial Regex Timer();
}
