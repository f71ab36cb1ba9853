using System.Text.RegularExpressions;
using DataHealth.Functions.Composition;
using DataHealth.Testing;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Infra.Tests;

/// <summary>What the product's code asks of Azure, read from the code.</summary>
internal sealed partial record Code
{
    private static readonly IReadOnlyList<string> Sources = [.. ((string[])["DataHealth.Core", "DataHealth.Functions"])
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText)];

    /// <summary>Whether it reads or writes tables.</summary>
    public bool UsesTables { get; init; }

    /// <summary>Whether it reads or writes blobs.</summary>
    public bool UsesBlobs { get; init; }

    /// <summary>Whether it reads or writes queues of its own.</summary>
    public bool UsesQueues { get; init; }

    /// <summary>What it asks of Key Vault: the client's methods.</summary>
    public required IReadOnlySet<string> VaultCalls { get; init; }

    /// <summary>The names of the metrics that it has.</summary>
    public required IReadOnlySet<string> Metrics { get; init; }

    /// <summary>The timer functions, and the setting that each one's schedule is in.</summary>
    public required IReadOnlyDictionary<string, string> Timers { get; init; }

    public static Code Real { get; } = new()
    {
        // One call is the class's own.
        UsesTables = Sources.Any(source => source.Contains(".TableAsync(", StringComparison.Ordinal)),
        UsesBlobs = Sources.Any(source => source.Contains(".ContainerAsync(", StringComparison.Ordinal)),
        UsesQueues = Sources.Any(source => source.Contains("QueueServiceClient", StringComparison.Ordinal) || source.Contains("QueueClient", StringComparison.Ordinal)),
        VaultCalls = Sources.Single(source => source.Contains("class KeyVaultTokenVault(SecretClient client)", StringComparison.Ordinal)) is var vault
            ? VaultCall().Matches(vault).Select(match => match.Groups[1].Value).ToHashSet() : [],
        Metrics = Sources.SelectMany(source => Metric().Matches(source)).Select(match => match.Groups[1].Value).ToHashSet(),
        Timers = typeof(DataHealthApplication).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes(typeof(TimerTriggerAttribute), false)).Cast<TimerTriggerAttribute>(), (method, trigger) => (method, trigger))
            .ToDictionary(one => ((FunctionAttribute)one.method.GetCustomAttributes(typeof(FunctionAttribute), false)[0]).Name, one => one.trigger.Schedule.Trim('%')),
    };

    /// <summary>Names that the code reads straight from the environment or the configuration, beside its options.</summary>
    public static IReadOnlySet<string> ReadByName { get; } =
        Sources.SelectMany(source => NamedSetting().Matches(source)).Select(match => match.Groups[1].Value).ToHashSet();

    [GeneratedRegex(@"client\.(\w+)Async\(")]
    private static partial Regex VaultCall();

    [GeneratedRegex(@"Create(?:Counter|Histogram|Gauge|UpDownCounter)(?:<\w+>)?\(\s*""(datahealth\.[a-z_.]+)""")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?:[cC]onfiguration\[|GetEnvironmentVariable\()""([A-Z][A-Za-z_:]+)""")]
    private static partial Regex NamedSetting();
}
