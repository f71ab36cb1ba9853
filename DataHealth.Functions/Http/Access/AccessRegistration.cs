using DataHealth.Core.Practices;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace DataHealth.Functions.Http.Access;

/// <summary>Sign-in and who may do what.</summary>
internal static class AccessRegistration
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthRule>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, BearerOptions>();
        // After the handler's own, which makes the manager: a key that the provider withdraws dies with the next look, not an hour later as the "last known good" one.
        services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
        {
            if (options.ConfigurationManager is BaseConfigurationManager keys)
                keys.UseLastKnownGoodConfiguration = false;
        });
        services.AddSingleton(_ => new MemoryCache(new MemoryCacheOptions()));
        services.AddSingleton<KnownActors>();
        services.AddScoped<CurrentMember>();
        services.AddScoped<ICurrentMember>(provider => provider.GetRequiredService<CurrentMember>());
        services.AddScoped<ClientDoor>();
    }

    // The handler is ASP.NET Core's; here stands only what we do not leave to its defaults.
    private sealed class BearerOptions(IOptions<AuthOptions> auth) : IConfigureNamedOptions<JwtBearerOptions>
    {
        public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

        public void Configure(string? name, JwtBearerOptions options)
        {
            if (name != JwtBearerDefaults.AuthenticationScheme)
                return;
            var settings = auth.Value;
            options.Authority = settings.Authority!.AbsoluteUri;
            options.Audience = settings.Audience;
            // The rule of the options allows plain http on this machine only.
            options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
            options.MapInboundClaims = false;
            options.SaveToken = false;
            options.IncludeErrorDetails = false;
            options.BackchannelTimeout = TimeSpan.FromSeconds(10);
            options.RefreshInterval = settings.KeyRefresh;
            options.AutomaticRefreshInterval = TimeSpan.FromHours(1);
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidAlgorithms = settings.Algorithms.Count > 0 ? settings.Algorithms : [SecurityAlgorithms.RsaSha256],
                ClockSkew = settings.ClockSkew,
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                ValidateIssuer = true,
                ValidateAudience = true,
                ValidateIssuerSigningKey = true,
                ValidateLifetime = true,
                RequireAudience = true,
            };
        }
    }
}
