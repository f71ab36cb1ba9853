using System.Diagnostics.Metrics;
using DataHealth.Core;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Functions.Timers;
using DataHealth.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace DataHealth.Functions.Tests.Telemetry;

public sealed class DueSyncTimerTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task How_long_the_oldest_client_waits_is_told_also_when_nothing_can_be_started()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero));
        var due = new DueClients(new AppStorage(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = Azurite.NewPrefix() })), clock);
        await due.SetAsync(ClientId.New(clock), clock.GetUtcNow() - TimeSpan.FromHours(3), TestContext.Current.CancellationToken);
        await due.SetAsync(ClientId.New(clock), clock.GetUtcNow() + TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        List<double> ages = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == "datahealth.oldest_due_client.age")
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => ages.Add(value));
        listener.Start();
        var durable = Substitute.For<DurableTaskClient>("test");
        durable.GetInstanceAsync(Arg.Any<string>(), Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidOperationException("Away."));

        await Should.ThrowAsync<InvalidOperationException>(() =>
            new DueSyncTimer(due, new SyncMetrics(meters), clock, NullLogger<DueSyncTimer>.Instance).RunAsync(new TimerInfo(), durable, TestContext.Current.CancellationToken));

        ages.ShouldBe([TimeSpan.FromHours(3).TotalSeconds]);
    }
}
