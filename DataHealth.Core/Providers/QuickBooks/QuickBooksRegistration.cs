using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Wire;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>Puts QuickBooks among the providers.</summary>
public static class QuickBooksRegistration
{
    internal const string TokenClient = "quickbooks-token";
    internal const string BooksClient = "quickbooks-books";

    // Nine tenths of what is allowed, since a call is counted there later or sooner than it was sent here.
    private const double Share = 0.9;

    /// <summary>Registers the provider. Needs <see cref="AppStorage"/> and <see cref="IAccessTokens"/> from elsewhere.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">The app's configuration; the section <c>QuickBooks</c> is read, and checked at start.</param>
    public static IServiceCollection AddQuickBooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.TryAddSingleton<ProviderMetrics>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<QuickBooksOptions>().Bind(configuration.GetSection(QuickBooksOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAccountingProvider, QuickBooksProvider>());
        services.TryAddSingleton<ProviderCatalog>();
        services.AddSingleton<IValidateOptions<QuickBooksOptions>, QuickBooksRule>();
        services.AddWireClient<QuickBooksOptions>(TokenClient, app => app.TokenTimeout)
            // A call on a fresh connection is never sent twice: the handler repeats only what it lost on an old one.
            .ConfigureHttpClient(http => http.DefaultRequestHeaders.ConnectionClose = true);
        services.AddWireClient<QuickBooksOptions>(BooksClient, _ => Timeout.InfiniteTimeSpan);
        services.TryAddSingleton(provider => new QuickBooksAuthorization(
            App(provider), Client(provider, TokenClient), provider.GetRequiredService<QuickBooksEnvironment>(), Time(provider), provider.GetRequiredService<ILogger<QuickBooksAuthorization>>()));
        services.TryAddKeyedSingleton(QuickBooksProvider.ProviderKey, (provider, _) => new CallGate(
            provider.GetRequiredService<AppStorage>(), Limits(App(provider).Value), QuickBooksProvider.ProviderKey, App(provider).Value.ClientId, Time(provider)));
        services.AddSingleton<IClientTrace>(provider => new TableTrace(provider.GetRequiredService<AppStorage>(), "quickbooks-limits", CallGate.Table, ErasureStage.Connection, (scope, _) => new(
            [.. scope.SoleOrganisations.Where(organisation => organisation.Provider == QuickBooksProvider.ProviderKey)
                .Select(organisation => $"PartitionKey eq '{Gate(provider).PartitionKey(organisation)}'")]))
        { IsExported = false });
        services.TryAddSingleton<QuickBooksChanges>();
        services.TryAddSingleton(provider => new QuickBooksCalls(
            Client(provider, BooksClient), Gate(provider), App(provider), provider.GetRequiredService<ProviderMetrics>(), Time(provider), provider.GetRequiredService<ILogger<QuickBooksCalls>>()));
        services.TryAddSingleton<QuickBooksEnvironment>();
        services.TryAddSingleton<QuickBooksSession>();
        services.TryAddSingleton(provider => new QuickBooksBooksReader(
            provider.GetRequiredService<QuickBooksSession>(), provider.GetRequiredService<QuickBooksChanges>(), Gate(provider), App(provider), Time(provider),
            provider.GetRequiredService<ILogger<QuickBooksBooksReader>>()));
        services.TryAddSingleton<Func<QuickBooksBooksReader>>(provider => provider.GetRequiredService<QuickBooksBooksReader>);
        return services;
    }

    internal static CallLimits Limits(QuickBooksOptions app) => new()
    {
        Concurrent = app.Concurrent,
        Minute = app.MinuteLimit,
        MinuteWindow = app.MinuteWindow,
        DayWindow = TimeSpan.FromHours(24),
        SlotLifetime = app.CallTimeout * 1.2,
        // The slower of the two limits sets the pace; two calls at once are taken off the second's.
        Pace = TimeSpan.FromTicks(Math.Max((app.MinuteWindow / (app.MinuteLimit * Share)).Ticks, (TimeSpan.FromSeconds(1) / ((app.SecondLimit - 2) * Share)).Ticks)),
        WaitsBeforeMonth = 2,
    };

    private static IOptions<QuickBooksOptions> App(IServiceProvider provider) => provider.GetRequiredService<IOptions<QuickBooksOptions>>();

    private static HttpClient Client(IServiceProvider provider, string name) => provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static CallGate Gate(IServiceProvider provider) => provider.GetRequiredKeyedService<CallGate>(QuickBooksProvider.ProviderKey);
}
