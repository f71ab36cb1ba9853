using System.Reflection;
using System.Text.RegularExpressions;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Telemetry;
using DataHealth.Functions.Composition;
using DataHealth.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

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

    /// <summary>What each log line tells, by the class that speaks and the line's id: the names in its text.</summary>
    public required IReadOnlyDictionary<(string Category, int EventId), IReadOnlySet<string>> Lines { get; init; }

    /// <summary>What metrics are told apart by, and spans tagged with.</summary>
    public required IReadOnlySet<string> Tags { get; init; }

    /// <summary>The words of closed sets that tags take: outcomes, limits, classes of a status.</summary>
    public required IReadOnlySet<string> Values { get; init; }

    public static Code Real { get; } = new()
    {
        // One call is the class's own.
        UsesTables = Sources.Any(source => source.Contains(".TableAsync(", StringComparison.Ordinal)),
        UsesBlobs = Sources.Any(source => source.Contains(".ContainerAsync(", StringComparison.Ordinal)),
        UsesQueues = Sources.Any(source => source.Contains("QueueServiceClient", StringComparison.Ordinal) || source.Contains("QueueClient", StringComparison.Ordinal)),
        VaultCalls = Sources.Single(source => source.Contains("class KeyVaultTokenVault(SecretClient client)", StringComparison.Ordinal)) is var vault
            ? VaultCall().Matches(vault).Select(match => match.Groups[1].Value).ToHashSet() : [],
        Metrics = Sources.SelectMany(source => Metric().Matches(source)).Select(match => match.Groups[1].Value).ToHashSet(),
        // The attribute of a line stands at a method of the class Log in the class that speaks: that one is the line's category.
        Lines = ((Assembly[])[typeof(DataHealthApplication).Assembly, typeof(TagName).Assembly]).SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public), (type, method) => (Speaker: type.DeclaringType, Line: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(one => one is { Speaker: not null, Line.EventId: > 0 })
            .ToDictionary(one => (one.Speaker!.Name, one.Line!.EventId), one => (IReadOnlySet<string>)Placeholder().Matches(one.Line!.Message).Select(match => match.Groups[1].Value).ToHashSet()),
        Tags = typeof(TagName).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Sources.SelectMany(source => SpanTag().Matches(source)).Select(match => match.Groups[1].Value)).ToHashSet(),
        Values = Enum.GetValues<RunOutcome>().Select(TagName.Of).Concat(Enum.GetValues<LimitKind>().Select(TagName.Of))
            .Concat(Sources.SelectMany(source => TimerOutcome().Matches(source)).SelectMany(match => ((string[])[match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value]).Where(value => value.Length > 0))).ToHashSet(),
        Timers = typeof(DataHealthApplication).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes(typeof(TimerTriggerAttribute), false)).Cast<TimerTriggerAttribute>(), (method, trigger) => (method, trigger))
            .ToDictionary(one => ((FunctionAttribute)one.method.GetCustomAttributes(typeof(FunctionAttribute), false)[0]).Name, one => one.trigger.Schedule.Trim('%')),
    };

    /// <summary>Names that the code reads straight from the environment or the configuration, beside its options.</summary>
    public static IReadOnlySet<string> ReadByName { get; } =
        Sources.SelectMany(source => NamedSetting().Matches(source)).Select(match => match.Groups[1].Value).ToHashSet();

    [GeneratedRegex(@"\{(\w+)(?::[^}]*)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"SetTag\(""([a-z_.]+)""")]
    private static partial Regex SpanTag();

    [GeneratedRegex(@"TimerRan\(name, (?:[^;]*\? )?""(\w+)""(?: : ""(\w+)"")?(?: : ""(\w+)"")?\)")]
    private static partial Regex TimerOutcome();

    [GeneratedRegex(@"client\.(\w+)Async\(")]
    private static partial Regex VaultCall();

    [GeneratedRegex(@"Create(?:Counter|Histogram|Gauge|UpDownCounter)(?:<\w+>)?\(\s*""(datahealth\.[a-z_.]+)""")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?:[cC]onfiguration\[|GetEnvironmentVariable\()""([A-Z][A-Za-z_:]+)""")]
    private static partial Regex NamedSetting();
}
