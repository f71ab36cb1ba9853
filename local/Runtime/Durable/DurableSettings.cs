using System.Globalization;
using DataHealth.Local.Runtime.Hosting;
using Microsoft.Extensions.Configuration;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>The engine's settings: host.json's <c>extensions.durableTask</c>, and the length of the local lease.</summary>
internal sealed record DurableSettings(string Connection, string HubName)
{
    public int MaxActivities { get; init; } = 10 * Environment.ProcessorCount;

    public int MaxOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>How long an instance belongs to a process that has stopped answering for it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    public static DurableSettings From(IConfiguration configuration)
    {
        var host = new HostSettings(configuration);
        if (host.HubName.Length is < 3 or > 45 || !char.IsAsciiLetter(host.HubName[0]) || !host.HubName.All(char.IsAsciiLetterOrDigit))
            throw new InvalidOperationException($"The task hub's name '{host.HubName}' must begin with a letter and have 3 to 45 letters and digits.");
        return new(host.Storage ?? "UseDevelopmentStorage=true", host.HubName)
        {
            MaxActivities = Count(configuration, "maxConcurrentActivityFunctions"),
            MaxOrchestrators = Count(configuration, "maxConcurrentOrchestratorFunctions"),
            Lease = TimeSpan.FromSeconds(double.Parse(configuration["LocalRuntime:LeaseSeconds"] ?? "30", CultureInfo.InvariantCulture)),
        };
    }

    private static int Count(IConfiguration configuration, string name) =>
        configuration["AzureFunctionsJobHost:extensions:durableTask:" + name] is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : 10 * Environment.ProcessorCount;
}
