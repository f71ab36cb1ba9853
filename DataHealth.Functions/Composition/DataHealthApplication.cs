using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using DataHealth.Core.Costs;
using DataHealth.Core.Health;
using DataHealth.Core.Operations;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Providers.Xero;
using DataHealth.Core.Retention;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Webhooks;
using DataHealth.Functions.Http;
using DataHealth.Functions.Http.About;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Http.Connections;
using DataHealth.Functions.Http.Members;
using DataHealth.Functions.Http.Pipeline;
using DataHealth.Functions.Http.Support;
using DataHealth.Functions.Orchestrations;
using DataHealth.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Composition;

/// <summary>What the product is put together from.</summary>
public static class DataHealthApplication
{
    /// <summary>The builder that Program.cs makes, for hosting in a test: made here, so that this assembly's functions are found.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        return builder.AddDataHealth();
    }

    /// <summary>Adds everything.</summary>
    public static FunctionsApplicationBuilder AddDataHealth(this FunctionsApplicationBuilder builder)
    {
        builder.AddSettings();
        builder.AddQuietLogging();
        builder.AddTelemetry();
        builder.AddHttpPipeline();
        builder.Services.AddStorage();
        builder.Services.AddPractices(builder.Configuration);
        builder.Services.AddConnections(builder.Configuration);
        builder.Services.AddXero(builder.Configuration);
        builder.Services.AddQuickBooks(builder.Configuration);
        builder.Services.AddSync();
        builder.Services.AddRetention();
        builder.Services.AddOverview();
        builder.Services.AddCosts();
        builder.Services.AddHealth();
        builder.Services.AddOperations();
        builder.Services.AddWebhooks(builder.Configuration);
        builder.Services.AddWeb();
        return builder;
    }

    // The order counts: the outermost first.
    private static void AddHttpPipeline(this FunctionsApplicationBuilder builder)
    {
        builder.UseMiddleware<RequestIdentity>();
        builder.UseMiddleware<AnswerHeaders>();
        builder.UseMiddleware<CrossOrigin>();
        builder.UseMiddleware<UnexpectedFaults>();
        builder.UseMiddleware<AddressLimit>();
        builder.UseMiddleware<BodyLimit>();
        builder.UseMiddleware<SignedInMember>();
    }

    private static void AddStorage(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageRule>();
        services.AddSingleton<AppStorage>();
        services.AddSingleton<IConnectedBooks, ConnectedBooks>();
    }

    private static void AddWeb(this IServiceCollection services)
    {
        services.AddOptions<WebOptions>().BindConfiguration(WebOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebOptions>, WebRule>();
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitRule>();
        services.AddCors();
        services.AddAccess();
        services.AddScoped<SupportDoor>();
        services.AddScoped<InvitationLinks>();
        services.AddSingleton<ConnectionWords>();
        services.AddSingleton<Http.Health.PassGate>();
        services.AddSingleton<StandingWords>();
        services.AddSingleton<FirstSyncs>();
        services.AddSingleton<RouteTable>();
        services.AddSingleton<SyncStarter>();
        services.AddSingleton<HealthStarter>();
    }

    // ASP.NET Core's request log writes whole addresses, and so a callback's code; the HTTP clients' logs write tokens' addresses.
    private static void AddQuietLogging(this FunctionsApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Azure", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
    }
}
