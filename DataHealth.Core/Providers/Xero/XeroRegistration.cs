using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Puts Xero among the providers.</summary>
public static class XeroRegistration
{
    internal const string TokenClient = "xero-token";
    internal const string BooksClient = "xero-books";

    /// <summary>Registers the provider. Needs <see cref="Storage.AppStorage"/> and <see cref="IAccessTokens"/> from elsewhere.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">The app's configuration; the section <c>Xero</c> is read, and checked at start.</param>
    public static IServiceCollection AddXero(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<XeroOptions>().Bind(configuration.GetSection(XeroOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAccountingProvider, XeroProvider>());
        services.TryAddSingleton<ProviderCatalog>();
        services.AddHttpClient(TokenClient);
        services.TryAddSingleton(provider => new XeroAuthorization(
            provider.GetRequiredService<IOptions<XeroOptions>>(), provider.GetRequiredService<IHttpClientFactory>().CreateClient(TokenClient), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<XeroBooksReader>();
        services.TryAddSingleton<Func<XeroBooksReader>>(provider => provider.GetRequiredService<XeroBooksReader>);
        return services;
    }
}
