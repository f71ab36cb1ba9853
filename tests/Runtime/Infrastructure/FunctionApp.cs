using System.Collections.Concurrent;
using DataHealth.Local.Runtime.Hosting;
using DataHealth.Testing;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataHealth.Runtime.Tests.Infrastructure;

/// <summary>An application made of the given function classes, started in this process on a free port.</summary>
public sealed class FunctionApp : IAsyncDisposable
{
    private readonly IHost _host;

    private FunctionApp(IHost host, LogLines log)
    {
        _host = host;
        Log = log;
        Client = new HttpClient { BaseAddress = host.Address(), Timeout = TimeSpan.FromSeconds(90) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>What was logged, with the exceptions.</summary>
    public LogLines Log { get; }

    public static async Task<FunctionApp> StartAsync(IReadOnlyList<Type> functions, Action<FunctionsApplicationBuilder>? configure = null)
    {
        var builder = LocalFunctionsApplication.CreateBuilder(functions, "--LocalRuntime:Port=0");
        builder.ConfigureFunctionsWebApplication();
        // Never the developer's own storage: what is not said would be the running stack's.
        var azurite = await TestContext.Current.GetFixture<AzuriteFixture>();
        builder.Configuration["AzureWebJobsStorage"] = azurite!.ConnectionString;
        builder.Configuration["AzureFunctionsJobHost:extensions:durableTask:hubName"] = Azurite.NewPrefix();
        var log = new LogLines();
        builder.Logging.ClearProviders().AddProvider(log);
        configure?.Invoke(builder);
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new FunctionApp(host, log);
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    public static Task<FunctionApp> StartAsync<T>(Action<FunctionsApplicationBuilder>? configure = null) => StartAsync([typeof(T)], configure);

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public Task<string> GetAsync(string address) => Client.GetStringAsync(address, TestContext.Current.CancellationToken);

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string address, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

/// <summary>Everything the application logged.</summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose() { }
}
