using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>Puts the durable engine and its client into the host.</summary>
internal static class DurableTaskSetup
{
    public static IServiceCollection AddLocalDurableTask(this IServiceCollection services) => throw new NotImplementedException();
}
