using System.Net.Sockets;
using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DataHealth.Local.Runtime.Hosting;

/// <summary>The application's host. What keeps it from starting is one message: thrown to a test, printed with exit code 1 when the functions are the process.</summary>
internal sealed class LocalHost(WebApplication web, bool ownsProcess) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => web.Services;

    /// <summary>Where it listens, once started; ends in a slash.</summary>
    public Uri Address => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        ?? throw new InvalidOperationException("The host has not been started."));

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var functions = Services.GetRequiredService<IFunctionCatalog>().Functions;
            var endpoints = Services.GetService<FunctionEndpoints>()
                ?? throw new FunctionAppStartException("Program.cs has to call builder.ConfigureFunctionsWebApplication() before Build().");
            endpoints.Map(web, functions);
            await web.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (Sentence(failure) is { } sentence)
        {
            if (!ownsProcess)
                throw failure as FunctionAppStartException ?? new FunctionAppStartException(sentence, failure);
            await Console.Error.WriteLineAsync(sentence);
            Environment.Exit(1);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => web.StopAsync(cancellationToken);

    public void Dispose() => ((IDisposable)web).Dispose();

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private string? Sentence(Exception failure) => failure switch
    {
        FunctionAppStartException start => start.Message,
        IOException or SocketException => $"Port {Services.GetRequiredService<HostSettings>().Port} on 127.0.0.1 cannot be opened; something else is using it. "
            + $"Stop that, or set LocalRuntime__Port to another port. ({failure.Message})",
        _ => null,
    };
}
