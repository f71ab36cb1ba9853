using System.Net.Http.Headers;
using DataHealth.Functions.Composition;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.SignIn;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Tests.Infrastructure;

/// <summary>The real application on a real port, on storage of its own, against a sandbox of its own. Every answer is held against openapi.yaml.</summary>
public sealed class TestApplication : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _folder;

    private TestApplication(IHost host, SandboxServer sandbox, SignInServer signIn, LogCapture logs, string prefix, string folder, Uri api)
    {
        _host = host;
        _folder = folder;
        Server = sandbox;
        SignInServer = signIn;
        SignIn = new SignInDriver(signIn.BaseAddress);
        Sandbox = new SandboxDriver(sandbox.BaseAddress);
        Logs = logs;
        Prefix = prefix;
        Answers = new ContractHandler();
        Api = new HttpClient(Answers) { BaseAddress = api, Timeout = TimeSpan.FromMinutes(3) };
        Practice = new PracticeDriver(Api);
    }

    public HttpClient Api { get; }

    public ContractHandler Answers { get; }

    public SignInServer SignInServer { get; }

    public SignInDriver SignIn { get; }

    /// <summary>The application's own services, for what no address shows.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The practice of <see cref="Api"/>'s person.</summary>
    public string PracticeId { get; private set; } = "";

    public PracticeDriver Practice { get; }

    public SandboxServer Server { get; }

    public SandboxDriver Sandbox { get; }

    public LogCapture Logs { get; }

    /// <summary>Begins the names of all tables and containers of this application.</summary>
    public string Prefix { get; }

    /// <summary>The folder of the local vault.</summary>
    public string VaultFolder => _folder;

    public static async Task<TestApplication> StartAsync(Azurite azurite, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var port = FreePorts.Take(1)[0];
        var callback = $"http://localhost:{port}/api";
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { RedirectUris = [$"{callback}/oauth/xero/callback"] }, cancellationToken);
        var signIn = await SignInServer.StartAsync(cancellationToken: cancellationToken);
        var prefix = Azurite.NewPrefix();
        var folder = Directory.CreateTempSubdirectory("datahealth-").FullName;
        List<(string Name, string Value)> all =
        [
            ("AzureWebJobsStorage", azurite.ConnectionString),
            ("TaskHub", prefix + "hub"),
            ("LocalRuntime:Port", $"{port}"),
            ("Storage:ConnectionString", azurite.ConnectionString),
            ("Storage:TablePrefix", prefix),
            ("Vault:LocalFolder", folder),
            ("Connections:CallbackBaseUri", callback),
            ("Auth:Authority", signIn.BaseAddress.AbsoluteUri),
            ("Auth:Audience", "datahealth-api"),
            ("Members:FirstSupportEmail", SignInDriver.SupportEmail),
            ("RateLimits:PerMember", "1000000"),
            ("RateLimits:PerAddress", "1000000"),
            ("Xero:ClientId", "sandbox-client"),
            ("Xero:ClientSecret", "sandbox-secret"),
            ("Xero:LoginUri", sandbox.BaseAddress.AbsoluteUri),
            ("Xero:IdentityUri", sandbox.BaseAddress.AbsoluteUri),
            ("Xero:ApiUri", sandbox.BaseAddress.AbsoluteUri),
            .. settings,
        ];
        var builder = DataHealthApplication.CreateBuilder([.. all.Select(setting => $"--{setting.Name}={setting.Value}")]);
        var logs = new LogCapture();
        // Those of the console and the like; what sends telemetry out is made by a factory, and stays.
        foreach (var quiet in builder.Services.Where(service => service.ServiceType == typeof(ILoggerProvider) && service.ImplementationFactory is null).ToList())
            builder.Services.Remove(quiet);
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var application = new TestApplication(host, sandbox, signIn, logs, prefix, folder, new Uri($"http://localhost:{port}/api/"));
        application.PracticeId = await application.SignIn.FoundAsync(application.Api, "Birch Accountants", "mara", cancellationToken);
        return application;
    }

    /// <summary>The API as another person sees it. Give none for nobody.</summary>
    public HttpClient As(string? token, string? practice = null)
    {
        var api = new HttpClient(Answers, disposeHandler: false) { BaseAddress = Api.BaseAddress, Timeout = Api.Timeout };
        if (token is not null)
            api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (practice is not null)
            api.DefaultRequestHeaders.Add("x-practice", practice);
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Sandbox.Dispose();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Server.DisposeAsync();
        SignIn.Dispose();
        await SignInServer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One application for a class of tests.</summary>
public sealed class ApplicationFixture(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestApplication? _application;

    public TestApplication Application => _application ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _application = await TestApplication.StartAsync(azurite, CancellationToken.None);

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;
}
