using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Puts Xero among the providers.</summary>
public static class XeroRegistration
{
    internal const string TokenClient = "xero-token";
    internal const string BooksClient = "xero-books";

    /// <summary>Registers the provider. Needs <see cref="AppStorage"/> and <see cref="IAccessTokens"/> from elsewhere.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">The app's configuration; the section <c>Xero</c> is read, and checked at start.</param>
    public static IServiceCollection AddXero(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.TryAddSingleton<ProviderMetrics>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<XeroOptions>().Bind(configuration.GetSection(XeroOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAccountingProvider, XeroProvider>());
        services.TryAddSingleton<ProviderCatalog>();
        services.AddSingleton<IValidateOptions<XeroOptions>, XeroRule>();
        services.AddWireClient<XeroOptions>(TokenClient, app => app.TokenTimeout)
            // A call on a fresh connection is never sent twice: the handler repeats only what it lost on an old one.
            .ConfigureHttpClient(http => http.DefaultRequestHeaders.ConnectionClose = true);
        services.AddWireClient<XeroOptions>(BooksClient, _ => Timeout.InfiniteTimeSpan);
        services.TryAddSingleton(provider => new XeroAuthorization(
            App(provider), Client(provider, TokenClient), Time(provider), provider.GetRequiredService<ILogger<XeroAuthorization>>()));
        services.TryAddKeyedSingleton(XeroProvider.ProviderKey, (provider, _) => new CallGate(
            provider.GetRequiredService<AppStorage>(), Limits(App(provider).Value), XeroProvider.ProviderKey, App(provider).Value.ClientId, Time(provider)));
        services.TryAddSingleton<XeroOrders>();
        services.AddSingleton<IClientTrace>(provider => new TableTrace(provider.GetRequiredService<AppStorage>(), "xero-limits", CallGate.Table, ErasureStage.Connection, (scope, _) => new(
            [.. scope.SoleOrganisations.Where(organisation => organisation.Provider == XeroProvider.ProviderKey)
                .SelectMany(organisation => (string[])[Gate(provider).PartitionKey(organisation), XeroOrders.Key(organisation)])
                .Select(key => $"PartitionKey eq '{key}'")]))
        { IsExported = false });
        services.TryAddSingleton(provider => new XeroCalls(
            Client(provider, BooksClient), Gate(provider), App(provider), provider.GetRequiredService<ProviderMetrics>(), Time(provider), provider.GetRequiredService<ILogger<XeroCalls>>()));
        services.TryAddSingleton(provider => new XeroBooksReader(
            provider.GetRequiredService<XeroCalls>(), provider.GetRequiredService<XeroOrders>(), Gate(provider), provider.GetRequiredService<IAccessTokens>(),
            provider.GetRequiredService<XeroAuthorization>(), App(provider), Time(provider), provider.GetRequiredService<ILogger<XeroBooksReader>>()));
        services.TryAddSingleton<Func<XeroBooksReader>>(provider => provider.GetRequiredService<XeroBooksReader>);
        return services;
    }

    internal static CallLimits Limits(XeroOptions app) => new()
    {
        Concurrent = app.Concurrent,
        Minute = app.MinuteLimit,
        Day = app.DayLimit,
        DayReserve = (int)Math.Ceiling(app.DayLimit * app.DayReserve),
        AppMinute = app.AppMinuteLimit,
        MinuteWindow = app.MinuteWindow,
        DayWindow = app.DayWindow,
        SlotLifetime = app.CallTimeout * 1.2,
    };

    private static IOptions<XeroOptions> App(IServiceProvider provider) => provider.GetRequiredService<IOptions<XeroOptions>>();

    private static HttpClient Client(IServiceProvider provider, string name) => provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static CallGate Gate(IServiceProvider provider) => provider.GetRequiredKeyedService<CallGate>(XeroProvider.ProviderKey);
}
