using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using DataHealth.Core;
using DataHealth.Core.Sync;
using DataHealth.Core.Telemetry;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DataHealth.Functions.Tests.Telemetry;

/// <summary>One full sync that the provider's day interrupts, sent to a collector as in production; all that the tests of this folder ask about.</summary>
public sealed class TracedStory(AzuriteFixture azurite) : IAsyncLifetime
{
    /// <summary>Names that nothing but the books and the people hold.</summary>
    private const string ClientName = "Quillfeather Holdings";

    private TestApplication? _application;
    private Collector? _collector;
    private Capture? _capture;

    internal Capture Capture => _capture!;

    internal Collector Collector => _collector!;

    internal TestApplication Application => _application!;

    /// <summary>The spans of the sync's trace.</summary>
    internal IReadOnlyList<Activity> Trace { get; private set; } = [];

    /// <summary>The run's record.</summary>
    internal RunRecord Run { get; private set; } = null!;

    /// <summary>What must stand nowhere: secrets in all their spellings, and what only people and books hold.</summary>
    internal IReadOnlyList<string> Forbidden { get; private set; } = [];

    /// <summary>All that was told, by where.</summary>
    internal IReadOnlyDictionary<string, string> Told { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        var cancelled = CancellationToken.None;
        _collector = await Collector.StartAsync(cancelled);
        _application = await TestApplication.StartAsync(
            azurite, cancelled, ("Xero:DayLimit", "8"), ("Xero:DayReserve", "0"), ("Xero:DayWindow", "00:00:10"), ("DueSyncSchedule", "*/2 * * * * *"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        _capture = new Capture(_application.Services.GetRequiredService<IMeterFactory>());
        await _application.Sandbox.SendAsync(HttpMethod.Patch, "limits", new { day = 8, daySeconds = 10 }, cancelled);
        var client = await _application.Practice.AddClientAsync(ClientName, cancelled);
        await _application.Practice.ConnectAsync(client, "Ada Birch", "Birch & Ash Ltd", cancelled);
        var ended = await _application.Practice.WaitForEndAsync(client, TimeSpan.FromMinutes(6), cancelled);
        PracticeDriver.Text(ended, "outcome").ShouldBe("succeeded", ended.ToString());
        await Eventually.TrueAsync("the last step's span is over", () => Task.FromResult(_capture.Spans.Any(span => span.OperationName == "FinishSync" && TraceOf(client, span))), TimeSpan.FromMinutes(1), cancelled);
        await Eventually.TrueAsync("a timer has fired", () => Task.FromResult(_capture.Count("datahealth.oldest_due_client.age") > 0), TimeSpan.FromMinutes(1), cancelled);

        Run = (await _application.Services.GetRequiredService<RunStore>().FindAsync(new ClientId(client), new RunId(PracticeDriver.Text(ended, "id")), cancelled))!;
        var root = _capture.Spans.Single(span => span.OperationName == "sync.run" && Equals(span.GetTagItem(TagName.Client), client)).TraceId;
        Trace = [.. _capture.Spans.Where(span => span.TraceId == root)];
        Forbidden = [.. await SecretsAsync(cancelled), .. await PersonalAsync(client, cancelled)];
        Told = Snapshot();
    }

    /// <summary>Sends what is still on its way.</summary>
    internal Dictionary<string, string> Snapshot()
    {
        Application.Services.GetRequiredService<TracerProvider>().ForceFlush(30_000);
        Application.Services.GetRequiredService<MeterProvider>().ForceFlush(30_000);
        Application.Services.GetRequiredService<LoggerProvider>().ForceFlush(30_000);
        return new()
        {
            ["traces"] = string.Join('\n', Collector.Of("traces")),
            ["metrics"] = string.Join('\n', Collector.Of("metrics")),
            ["logs"] = string.Join('\n', Collector.Of("logs")),
            ["spans"] = string.Join('\n', Capture.Spans.Select(Text)),
            ["lines"] = string.Join('\n', Application.Logs.Lines),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _capture?.Dispose();
        if (_application is not null)
            await _application.DisposeAsync();
        if (_collector is not null)
            await _collector.DisposeAsync();
    }

    private bool TraceOf(string client, Activity span) => _capture!.Spans.Any(run => run.OperationName == "sync.run" && Equals(run.GetTagItem(TagName.Client), client) && run.TraceId == span.TraceId);

    private static string Text(Activity span) =>
        $"{span.OperationName} {span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags)}"))} {string.Join(' ', span.Baggage)}";

    private async Task<IEnumerable<string>> SecretsAsync(CancellationToken cancelled) =>
        (await Application.Sandbox.SecretsAsync(cancelled)).Where(secret => secret.Length >= 8)
            .SelectMany(secret => (string[])[secret, Uri.EscapeDataString(secret), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)).TrimEnd('=')]).Append("sandbox-secret");

    // Everybody's names, addresses and numbers in the books, and those of the people who work with them.
    private async Task<IEnumerable<string>> PersonalAsync(string client, CancellationToken cancelled)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { ClientName, "Birch & Ash Ltd", "Birch &amp; Ash", "Ada Birch", "Mara Lindt", "mara@birch.example" };
        foreach (var dataset in (string[])["contacts", "organisation", "accounts", "users"])
        {
            var page = await Application.Practice.GetAsync($"clients/{client}/data/{dataset}?take=100", cancelled);
            Collect(page.GetProperty("items"), found, dataset);
        }
        return found.Where(word => word.Length >= 6);
    }

    private static void Collect(JsonElement element, HashSet<string> found, string dataset)
    {
        if (element.ValueKind is JsonValueKind.Array)
        {
            foreach (var one in element.EnumerateArray())
                Collect(one, found, dataset);
        }
        else if (element.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                var isPersonal = property.Name.ToUpperInvariant() switch
                {
                    "EMAILADDRESS" or "EMAIL" or "BANKACCOUNTNUMBER" or "BANKACCOUNTDETAILS" or "TAXNUMBER" or "FIRSTNAME" or "LASTNAME" or "PHONENUMBER" or "ADDRESSLINE1" => true,
                    // A chart's account is called Sales: no person's, and a word that anybody may say.
                    "NAME" or "LEGALNAME" => dataset is "contacts" or "organisation",
                    _ => false,
                };
                if (isPersonal && property.Value.ValueKind is JsonValueKind.String)
                    found.Add(property.Value.GetString()!);
                else
                    Collect(property.Value, found, dataset);
            }
        }
    }
}
