using DataHealth.Functions.Composition;
using DataHealth.Local.Sandbox;
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

    private TestApplication(IHost host, SandboxServer sandbox, LogCapture logs, string prefix, string folder, Uri api)
    {
        _host = host;
        _folder = folder;
        Server = sandbox;
        Sandbox = new SandboxDriver(sandbox.BaseAddress);
        Logs = logs;
        Prefix = prefix;
        Answers = new ContractHandler();
        Api = new HttpClient(Answers) { BaseAddress = api, Timeout = TimeSpan.FromMinutes(3) };
        Practice = new PracticeDriver(Api);
    }

    public HttpClient Api { get; }

    public ContractHandler Answers { get; }

    public PracticeDriver Practice { get; }

    /// <summary>The application's own services, for what no address shows.</summary>
    public IServiceProvider Services => _host.Services;

    public SandboxServer Server { get; }

    public SandboxDriver Sandbox { get; }

    public LogCapture Logs { get; }

    /// <summary>Begins the names of all tables and containers of this application.</summary>
    public string Prefix { get; }

    public static async Task<TestApplication> StartAsync(Azurite azurite, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var port = FreePorts.Take(1)[0];
        var callback = $"http://localhost:{port}/api";
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { RedirectUris = [$"{callback}/oauth/xero/callback"] }, cancellationToken);
        var prefix = Azurite.NewPrefix();
        var folder = Directory.CreateTempSubdirectory("datahealth-").FullName;
        List<(string Name, string Value)> all =
        [
            ("AzureWebJobsStorage", azurite.ConnectionString),
            ("AzureFunctionsJobHost:extensions:durableTask:hubName", prefix + "hub"),
            ("LocalRuntime:Port", $"{port}"),
            ("Storage:ConnectionString", azurite.ConnectionString),
            ("Storage:TablePrefix", prefix),
            ("Vault:LocalFolder", folder),
            ("Connections:CallbackBaseUri", callback),
            ("LocalMember:PracticeId", "birch"),
            ("LocalMember:Name", "Mara Lindt"),
            ("Xero:ClientId", "sandbox-client"),
            ("Xero:ClientSecret", "sandbox-secret"),
            ("Xero:LoginUri", sandbox.BaseAddress.AbsoluteUri),
            ("Xero:IdentityUri", sandbox.BaseAddress.AbsoluteUri),
            ("Xero:ApiUri", sandbox.BaseAddress.AbsoluteUri),
            .. settings,
        ];
        var builder = DataHealthApplication.CreateBuilder([.. all.Select(setting => $"--{setting.Name}={setting.Value}")]);
        var logs = new LogCapture();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new TestApplication(host, sandbox, logs, prefix, folder, new Uri($"http://localhost:{port}/api/"));
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Sandbox.Dispose();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Server.DisposeAsync();
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
