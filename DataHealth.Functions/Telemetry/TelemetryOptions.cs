using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Telemetry;

/// <summary>
/// Where telemetry goes besides what the standard variables say: <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> sends it to Application Insights, <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (with its
/// sisters) to a collector. Section <c>Telemetry</c>. With none of them nothing is collected.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>Writes spans and metrics to the console: to look at, not for production.</summary>
    public bool Console { get; set; }

    /// <summary>The share of traces that are kept, 0 to 1, decided by the trace's id: whole traces, the same ones in every process. Metrics and logs are not sampled.</summary>
    public double SampleRatio { get; set; } = 1;

    /// <summary>In Azure: the client id of the user-assigned identity that may publish (role Monitoring Metrics Publisher); empty for the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; set; }
}

/// <summary>What the telemetry options must be, said at start.</summary>
public sealed class TelemetryRule : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) => new SettingFaults(TelemetryOptions.Section)
        .Range(nameof(options.SampleRatio), options.SampleRatio, 0.0, 1.0)
        .Identity(nameof(options.ManagedIdentityClientId), options.ManagedIdentityClientId)
        .Result;
}
