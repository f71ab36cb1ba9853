using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Wire;

/// <summary>HTTP clients for providers: no redirects, no cookies, compression undone by us (so that bytes can be counted), nothing logged.</summary>
internal static class WireClient
{
    /// <summary>Adds one under a name.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="timeout">The time for a whole call, by the provider's options.</param>
    public static IHttpClientBuilder AddWireClient<TOptions>(this IServiceCollection services, string name, Func<TOptions, TimeSpan> timeout)
        where TOptions : class =>
        services.AddHttpClient(name)
            .ConfigureHttpClient((provider, http) => http.Timeout = timeout(provider.GetRequiredService<IOptions<TOptions>>().Value))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = System.Net.DecompressionMethods.None,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                MaxConnectionsPerServer = 256,
                // The ids of our traces are no business of a provider's.
                ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // The factory's own logging writes headers at its lowest level; ours says what is needed.
            .RemoveAllLoggers();
}
