using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Control;
using DataHealth.Local.Sandbox.QuickBooks.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Limits;
using DataHealth.Local.Sandbox.QuickBooks.Reports;
using DataHealth.Local.Sandbox.QuickBooks.Webhooks;
using DataHealth.Local.Sandbox.QuickBooks.Wire;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DataHealth.Local.Sandbox.QuickBooks;

/// <summary>A running QuickBooks Online sandbox: Intuit's hosts on one port, and the control API under /sandbox.</summary>
public sealed class QuickBooksServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private QuickBooksServer(WebApplication app)
    {
        _app = app;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it answers; stands for appcenter, oauth.platform, developer, accounts and quickbooks hosts alike.</summary>
    public Uri BaseAddress { get; }

    public SandboxClock Clock => _app.Services.GetRequiredService<SandboxClock>();

    public CallLog Calls => _app.Services.GetRequiredService<CallLog>();

    public QuickBooksWorld World => _app.Services.GetRequiredService<QuickBooksWorld>();

    public RealmLibrary Library => _app.Services.GetRequiredService<RealmLibrary>();

    /// <summary>A report as a call would be answered now, without the time at which it was made: the truth about a copy of it.</summary>
    /// <param name="company">Whose.</param>
    /// <param name="name">TrialBalance…</param>
    /// <param name="parameters">As in the query of a call.</param>
    public JsonObject Report(RealmCompany company, string name, IReadOnlyDictionary<string, string> parameters)
    {
        var report = ReportsApi.Run(Library.Open(company), name, parameters, World.Switches, Clock.UtcNow);
        report["Header"]!.AsObject().Remove("Time");
        return report;
    }

    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="InvalidDataException">The data folder cannot be read.</exception>
    public static async Task<QuickBooksServer> StartAsync(QuickBooksOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new QuickBooksOptions();
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
        app.MapGet("/", StartPages.QuickBooks);
        app.MapGroup("/sandbox").MapQuickBooksControl();
        app.MapFallback("{**path}", http => http.RequestServices.GetRequiredService<RealmPipeline>().HandleAsync(http));
        await app.StartAsync(cancellationToken);
        return new QuickBooksServer(app);
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static void Add(IServiceCollection services, QuickBooksOptions options)
    {
        var folder = options.DataFolder is null ? null : new WorldFolder(options.DataFolder);
        var clock = new SandboxClock(options.TimeProvider);
        var state = folder?.Load<QuickBooksState>() ?? QuickBooksDefaultWorld.Create(options, clock.UtcNow);
        clock.Offset = state.ClockOffset;
        services.AddSingleton(options);
        services.AddSingleton(clock);
        services.AddSingleton(new QuickBooksWorld(state, clock, folder));
        services.AddSingleton(new RealmLibrary(folder));
        services.AddSingleton(new SecretsLedger(folder));
        services.AddSingleton(_ => new TokenSigner(folder));
        services.AddSingleton(provider => new AccessTokens(folder, provider.GetRequiredService<SecretsLedger>()));
        services.AddSingleton<RealmLimits>().AddSingleton<FaultBoard>().AddSingleton<CallLog>().AddSingleton<PageWatch>();
        services.AddSingleton<RealmConsent>().AddSingleton<RealmAuthorizePages>().AddSingleton<RefreshesUnderWay>().AddSingleton<RealmTokenEndpoint>().AddSingleton<IdTokens>();
        services.AddSingleton<RealmGate>().AddSingleton<RealmPipeline>().AddSingleton<QuickBooksReset>();
        services.AddSingleton<RealmPostman>().AddSingleton<RealmWebhooks>().AddHostedService<RealmWebhookPump>();
        services.ConfigureHttpJsonOptions(json =>
        {
            foreach (var converter in SandboxJson.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
    }

    private static void Remember(IServiceProvider services, QuickBooksOptions options)
    {
        var secrets = services.GetRequiredService<SecretsLedger>();
        if (secrets.All().All(secret => secret.Value != options.ClientSecret))
            secrets.Keep("client-secret", options.ClientSecret);
        if (options.WebhookUrl is not null)
            secrets.Keep("webhook-key", options.VerifierToken);
        // Whatever the folder says, the app that the command line names can sign in.
        services.GetRequiredService<QuickBooksWorld>().Change(state =>
        {
            var app = state.Apps.GetValueOrDefault(options.ClientId) ?? QuickBooksDefaultWorld.App(options);
            state.Apps[options.ClientId] = app with
            {
                ClientSecret = options.ClientSecret,
                RedirectUris = [.. app.RedirectUris.Union(options.RedirectUris)],
            };
            if (options.WebhookUrl is { } url)
                state.Webhooks[options.ClientId] = new RealmWebhook { Url = new Uri(url), Key = options.VerifierToken };
        });
    }
}
