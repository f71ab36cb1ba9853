using System.Diagnostics.Metrics;
using DataHealth.Core.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Providers;

/// <summary>Metrics that nobody listens to, for readers that are put together by hand.</summary>
internal static class Meters
{
    public static ProviderMetrics Providers { get; } = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
