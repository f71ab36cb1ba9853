using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DataHealth.Local.Sandbox.SignIn;

/// <summary>An OpenID Connect provider for this machine, built on OpenIddict: discovery, keys, authorization code with PKCE, and control calls under /sandbox.</summary>
public sealed class SignInServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SignInServer(WebApplication app)
    {
        _app = app;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Its address, and the authority that tokens name.</summary>
    public Uri BaseAddress { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SignInServer> StartAsync(SignInOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SignInOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls(options.Port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{options.Port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(options).AddSingleton(TimeProvider.System).AddSingleton<SignInKeys>().AddSingleton<TokenMint>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(any => any.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()));
        AddProvider(builder.Services, options);
        var app = builder.Build();
        app.UseCors();
        app.UseAuthentication();
        app.MapMethods("/connect/authorize", ["GET", "POST"], SignInPage.Answer);
        app.MapGet("/", () => StartPages.SignIn(SignInPeople.All));
        app.MapGet("/sandbox/people", () => SignInPeople.All);
        app.MapPost("/sandbox/tokens", MintAsync);
        app.MapPost("/sandbox/keys/roll", (SignInKeys keys, bool? forget) => new { kid = keys.Roll(forget ?? false) });
        await app.StartAsync(cancellationToken);
        return new SignInServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static IResult MintAsync(TokenRequest request, HttpRequest http, TokenMint mint)
    {
        try
        {
            // As OpenIddict does where no issuer is configured: the address at which it was asked.
            return Results.Json(new { access_token = mint.Mint(request, $"{http.Scheme}://{http.Host}/") });
        }
        catch (Exception wrong) when (wrong is ArgumentException or KeyNotFoundException)
        {
            return Results.Json(new { error = wrong.Message }, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    // Degraded mode: OpenIddict without a database. The one client and its addresses are checked here; tokens carry all that they need.
    private static void AddProvider(IServiceCollection services, SignInOptions options) => services.AddOpenIddict().AddServer(server =>
    {
        server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
        server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(OpenIddictConstants.Scopes.OpenId, OpenIddictConstants.Scopes.Profile, OpenIddictConstants.Scopes.Email, OpenIddictConstants.Scopes.OfflineAccess);
        server.EnableDegradedMode();
        server.AddSigningCredentials(new SigningCredentials(SignInKeys.NewKey(), SecurityAlgorithms.RsaSha256));
        server.AddEphemeralEncryptionKey();
        server.DisableAccessTokenEncryption();
        server.SetAccessTokenLifetime(options.TokenLifetime);
        server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != options.ClientId)
                context.Reject(OpenIddictConstants.Errors.InvalidClient, "There is no such client.");
            else if (!MayReturnTo(context.RedirectUri, options))
                context.Reject(OpenIddictConstants.Errors.InvalidRequest, "That redirect address is not registered.");
            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != options.ClientId)
                context.Reject(OpenIddictConstants.Errors.InvalidClient, "There is no such client.");
            return default;
        }));
    });

    private static bool MayReturnTo(string? address, SignInOptions options) =>
        address is not null && (options.RedirectUris.Contains(address) || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback));
}
