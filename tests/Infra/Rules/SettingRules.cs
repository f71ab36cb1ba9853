using System.Text.RegularExpressions;
using DataHealth.Functions.Composition;
using DataHealth.Functions.Tests.Configuration;
using DataHealth.Infra.Tests.Compiler;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>Each setting that the code needs is set, each that is set is read, and docs/configuration.md says where each comes from.</summary>
internal static partial class SettingRules
{
    // Of the Functions host, its telemetry, and Durable Task: read before our code runs, or beside it.
    private static readonly string[] OfTheHost =
    [
        "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "TaskHub",
    ];

    private const string OfTheScheduler = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";

    public static IEnumerable<string> Faults(Deployment deployment, IReadOnlyList<SettingRow> rows)
    {
        var settings = deployment.Settings.ToDictionary(one => one.Key.Replace("__", ":", StringComparison.Ordinal), one => one.Value!.GetValue<string>());
        var known = Setting.All.Select(setting => setting.Name).Concat(OfTheHost.Append(OfTheScheduler).Select(name => name.Replace("__", ":", StringComparison.Ordinal))).ToHashSet();
        foreach (var unread in settings.Keys.Where(name => !known.Contains(name)))
            yield return $"Nobody reads {unread}.";
        foreach (var needed in rows.Where(row => row.Need.Length > 0 && row.Name is not ("Storage:ConnectionString" or "AzureWebJobsStorage")).Select(row => row.Name)
            .Concat(Settings.Defaults.Keys).Concat(OfTheHost.Select(name => name.Replace("__", ":", StringComparison.Ordinal))))
        {
            if (!settings.TryGetValue(needed, out var value) || value.Length == 0)
                yield return $"{needed} is not set.";
        }
        foreach (var (schedule, standard) in Settings.Defaults)
        {
            if (settings.GetValueOrDefault(schedule) is { } set && set != standard)
                yield return $"{schedule} is '{set}' in Azure and '{standard}' on one machine.";
        }
        if (deployment.Settings.ContainsKey(OfTheScheduler) != deployment.Of("Microsoft.DurableTask/schedulers/taskHubs").Any())
            yield return "The task hub is half at the Durable Task Scheduler.";
    }

    /// <summary>Where the document says that each setting comes from, against where it does come from. Only of an environment that uses everything.</summary>
    public static IEnumerable<string> PlaceFaults(Deployment deployment, IReadOnlyList<SettingRow> rows)
    {
        var settings = deployment.Settings.ToDictionary(one => one.Key.Replace("__", ":", StringComparison.Ordinal), one => one.Value!.GetValue<string>());
        foreach (var row in rows.Where(row => !row.Azure.Contains("durableProvider", StringComparison.Ordinal)))
        {
            var place = !settings.TryGetValue(row.Name.Replace("__", ":", StringComparison.Ordinal), out var value) ? "—"
                : SecretOf(value) is { } secret ? $"Key Vault {secret}" : "app setting";
            if (row.Azure != place)
                yield return $"{row.Name} comes from '{place}', and docs/configuration.md says '{row.Azure}'.";
        }
    }

    /// <summary>The secret that a reference names; null when the value is none.</summary>
    public static string? SecretOf(string value) => Reference().Match(value) is { Success: true } match ? match.Groups[2].Value : null;

    /// <summary>The vault that a reference names.</summary>
    public static string VaultOf(Deployment deployment, string value)
    {
        var name = Reference().Match(value).Groups[1].Value;
        return deployment.Of("Microsoft.KeyVault/vaults").SingleOrDefault(vault => Deployment.Name(vault) == name)?["id"]!.GetValue<string>() ?? $"no vault {name}";
    }

    [GeneratedRegex(@"^@Microsoft\.KeyVault\(VaultName=([\w-]+);SecretName=([\w-]+)\)$")]
    private static partial Regex Reference();
}
