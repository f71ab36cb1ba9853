using DataHealth.Testing;
using DurableTask.AzureStorage;
using DurableTask.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataHealth.Azure.Tests;

/// <summary>
/// The engine that Azure runs, on this machine: the published worker and client, and the published Azure Storage backend on Azurite. What the Functions host
/// does between the two is done by the published test host's gRPC server; policies of host.json do not hold here.
/// </summary>
internal sealed class RealEngine : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly IHost _worker;

    private RealEngine(WebApplication server, IHost worker) => (_server, _worker) = (server, worker);

    public DurableTaskClient Client => _worker.Services.GetRequiredService<DurableTaskClient>();

    public static async Task<RealEngine> StartAsync(Azurite azurite, Action<DurableTaskRegistry> functions)
    {
        var backend = new AzureStorageOrchestrationService(new AzureStorageOrchestrationServiceSettings
        {
            StorageAccountClientProvider = new StorageAccountClientProvider(azurite.ConnectionString),
            TaskHubName = Azurite.NewPrefix(),
            PartitionCount = 1,
            MaxQueuePollingInterval = TimeSpan.FromMilliseconds(500),
        });
        await backend.CreateIfNotExistsAsync();
        var port = FreePorts.Take(1)[0];
        var server = WebApplication.CreateBuilder();
        server.Logging.ClearProviders();
        server.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2));
        server.Services.AddGrpc();
        server.Services.AddSingleton<IOrchestrationService>(backend);
        server.Services.AddSingleton<IOrchestrationServiceClient>(backend);
        server.Services.AddSingleton<TaskHubGrpcServer>();
        var web = server.Build();
        web.MapGrpcService<TaskHubGrpcServer>();
        await web.StartAsync();

        var worker = Host.CreateApplicationBuilder();
        worker.Logging.ClearProviders();
        worker.Services.AddDurableTaskWorker(build => build.AddTasks(functions).UseGrpc($"http://localhost:{port}"));
        worker.Services.AddDurableTaskClient(build => build.UseGrpc($"http://localhost:{port}"));
        var host = worker.Build();
        await host.StartAsync();
        return new(web, host);
    }

    public async ValueTask DisposeAsync()
    {
        // Its calls to the backend are long polls: a stop is not waited for longer than this.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        foreach (var host in (IHost[])[_worker, _server])
        {
            try
            {
                await host.StopAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Ended with the process.
            }
        }
    }
}
