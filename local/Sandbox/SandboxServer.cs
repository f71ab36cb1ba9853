using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Connections;
using DataHealth.Local.Sandbox.Control;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.Webhooks;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DataHealth.Local.Sandbox;

/// <summary>A running sandbox: Xero's three hosts on one port, and the control API under /sandbox.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SandboxServer(WebApplication app)
    {
        _app = app;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it answers; stands for login, identity and api hosts alike.</summary>
    public Uri BaseAddress { get; }

    public SandboxClock Clock => _app.Services.GetRequiredService<SandboxClock>();

    public CallLog Calls => _app.Services.GetRequiredService<CallLog>();

    public SandboxWorld World => _app.Services.GetRequiredService<SandboxWorld>();

    public Library Library => _app.Services.GetRequiredService<Library>();

    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="InvalidDataException">The data folder cannot be read.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SandboxOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        // "localhost" listens on both loopback addresses but cannot take a free port.
        builder.WebHost.UseUrls(options.Port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{options.Port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        });
        Add(builder.Services, options);
        var app = builder.Build();
        Remember(app.Services, options);
        app.Services.GetRequiredService<Library>().Edited = app.Services.GetRequiredService<WebhookDesk>().Record;
        app.MapGet("/", StartPages.Xero);
        app.MapGroup("/sandbox").MapControl();
        app.MapFallback("{**path}", http => http.RequestServices.GetRequiredService<ProviderPipeline>().HandleAsync(http));
        await app.StartAsync(cancellationToken);
        return new SandboxServer(app);
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static void Add(IServiceCollection services, SandboxOptions options)
    {
        var folder = options.DataFolder is null ? null : new WorldFolder(options.DataFolder);
        var clock = new SandboxClock(options.TimeProvider);
        var kept = folder?.Load<WorldState>();
        var state = kept ?? DefaultWorld.Create(options, clock.UtcNow);
        clock.Offset = state.ClockOffset;
        services.AddSingleton(options);
        services.AddSingleton(clock);
        services.AddSingleton(new SandboxWorld(state, clock, folder));
        services.AddSingleton(new Library(folder));
        services.AddSingleton(new SecretsLedger(folder));
        services.AddSingleton(_ => new TokenSigner(folder));
        services.AddSingleton(provider => new TokenIssuer(
            provider.GetRequiredService<TokenSigner>(), provider.GetRequiredService<SecretsLedger>(), clock, options.Issuer));
        services.AddSingleton(provider => new Discovery(provider.GetRequiredService<TokenSigner>(), options.Issuer));
        services.AddSingleton<LimitGate>().AddSingleton<FaultBoard>().AddSingleton<CallLog>().AddSingleton<PageWatch>();
        services.AddSingleton<ConsentFlow>().AddSingleton<AuthorizeEndpoint>().AddSingleton<TokenEndpoint>().AddSingleton<ConnectionsEndpoint>();
        services.AddSingleton<Postman>().AddSingleton<WebhookDesk>().AddHostedService<WebhookPump>();
        services.AddSingleton<DataGate>().AddSingleton<ProviderPipeline>();
        services.ConfigureHttpJsonOptions(json =>
        {
            foreach (var converter in SandboxJson.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
    }

    private static void Remember(IServiceProvider services, SandboxOptions options)
    {
        var secrets = services.GetRequiredService<SecretsLedger>();
        if (secrets.All().All(secret => secret.Value != options.ClientSecret))
            secrets.Keep("client-secret", options.ClientSecret);
        // Whatever the folder says, the app that the command line names can sign in.
        services.GetRequiredService<SandboxWorld>().Change(state =>
        {
            var app = state.Apps.GetValueOrDefault(options.ClientId);
            if (app is null)
                app = new XeroApp { ClientId = options.ClientId, ClientSecret = options.ClientSecret, Name = options.AppName, RedirectUris = options.RedirectUris };
            state.Apps[options.ClientId] = app with { ClientSecret = options.ClientSecret, RedirectUris = [.. app.RedirectUris.Union(options.RedirectUris)] };
        });
    }
}
