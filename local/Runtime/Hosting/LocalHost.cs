using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
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
            var settings = Services.GetRequiredService<HostSettings>();
            settings.CheckPort();
            endpoints.Map(web, functions);
            try
            {
                await web.StartAsync(cancellationToken);
            }
            catch (IOException taken) when (taken.InnerException is AddressInUseException)
            {
                throw settings.PortTaken(taken);
            }
        }
        catch (FunctionAppStartException failure) when (ownsProcess)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            Environment.Exit(1);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => web.StopAsync(cancellationToken);

    public void Dispose() => ((IDisposable)web).Dispose();

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
