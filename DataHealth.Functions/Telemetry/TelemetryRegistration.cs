using System.Reflection;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using DataHealth.Core.Practices;
using DataHealth.Core.Telemetry;
using DataHealth.Core.Webhooks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DataHealth.Functions.Telemetry;

/// <summary>
/// Traces, metrics and logs by OpenTelemetry. Only our own sources are listened to, and Durable Task's: the instrumentations of HTTP clients and of ASP.NET Core would write addresses, and so a
/// callback's code and the ids of records.
/// </summary>
internal static class TelemetryRegistration
{
    /// <summary>Where Durable Task's client shows that an orchestration was asked for; on one machine the local engine shows what the host's extension shows in Azure.</summary>
    private const string DurableTask = "Microsoft.DurableTask";

    /// <summary>Adds it, with the middleware that begins a span for each invocation: add it before all other middleware.</summary>
    public static void AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        builder.UseMiddleware<TraceInvocation>();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<InvocationMetrics>();
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryRule>();
        var targets = new Targets(builder.Configuration);
        if (!targets.HasAny)
            return;
        // Tells the host that our logs go out by themselves; it would send them a second time.
        if (targets.ApplicationInsights is not null || targets.HasCollector)
            builder.Services.Configure<WorkerOptions>(worker => worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                "datahealth", serviceVersion: typeof(TelemetryRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion))
            .WithTracing(tracing => targets.Add(tracing.AddSource(Tracing.SourceName, DurableTask)))
            .WithMetrics(metrics => targets.Add(metrics.AddMeter(ProductMeter.Name, WebhookMetrics.Meter)))
            .WithLogging(targets.Add, logging =>
            {
                logging.IncludeScopes = true;
                logging.IncludeFormattedMessage = true;
            });
    }

    private sealed class Targets(IConfiguration configuration)
    {
        private readonly TelemetryOptions _options = Options(configuration);

        public string? ApplicationInsights { get; } = configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 } connection ? connection : null;

        public bool HasCollector { get; } = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

        public bool HasAny => ApplicationInsights is not null || HasCollector || _options.Console;

        public void Add(TracerProviderBuilder tracing)
        {
            if (ApplicationInsights is not null)
                tracing.AddAzureMonitorTraceExporter(Describe);
            if (HasCollector)
                tracing.AddOtlpExporter();
            if (_options.Console)
                tracing.AddConsoleExporter();
            // Last, since an exporter may bring one of its own. By the trace's id alone: whatever another process or the host decided, a trace is kept whole or not at all.
            tracing.SetSampler(new TraceIdRatioBasedSampler(_options.SampleRatio));
        }

        public void Add(MeterProviderBuilder metrics)
        {
            if (ApplicationInsights is not null)
                metrics.AddAzureMonitorMetricExporter(Describe);
            if (HasCollector)
                metrics.AddOtlpExporter();
            if (_options.Console)
                metrics.AddConsoleExporter();
        }

        // The console has its own log already.
        public void Add(LoggerProviderBuilder logging)
        {
            if (ApplicationInsights is not null)
                logging.AddAzureMonitorLogExporter(Describe);
            if (HasCollector)
                logging.AddOtlpExporter();
        }

        private void Describe(AzureMonitorExporterOptions target)
        {
            target.ConnectionString = ApplicationInsights;
            // Traces may be sampled; what the log says must not go with them: alerts stand on it.
            target.EnableTraceBasedLogsSampler = false;
            if (HostingPlace.From(Environment.GetEnvironmentVariable).IsAzure)
            {
                target.Credential = new ManagedIdentityCredential(
                    _options.ManagedIdentityClientId is { Length: > 0 } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);
            }
        }

        // What is wrong with it is said at start, with the name of the setting: here the provider must only not fall over it first.
        private static TelemetryOptions Options(IConfiguration configuration)
        {
            var section = configuration.GetSection(TelemetryOptions.Section);
            return new TelemetryOptions
            {
                Console = bool.TryParse(section[nameof(TelemetryOptions.Console)], out var console) && console,
                SampleRatio = double.TryParse(section[nameof(TelemetryOptions.SampleRatio)], System.Globalization.CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio : 1,
                ManagedIdentityClientId = section[nameof(TelemetryOptions.ManagedIdentityClientId)],
            };
        }
    }
}
