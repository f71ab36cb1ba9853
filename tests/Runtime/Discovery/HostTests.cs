using System.Net;
using System.Net.Sockets;
using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Hosting;
using DataHealth.Runtime.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Runtime.Tests.Discovery;

public sealed class HostTests
{
    public sealed class Ping
    {
        [Function("ping")]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text("pong");
    }

    [Fact]
    public async Task Several_applications_live_in_one_process()
    {
        await using var one = await FunctionApp.StartAsync<Ping>();
        await using var other = await FunctionApp.StartAsync<Ping>();

        one.Client.BaseAddress.ShouldNotBe(other.Client.BaseAddress);
        (await one.GetAsync("api/ping")).ShouldBe("pong");
        (await other.GetAsync("api/ping")).ShouldBe("pong");
    }

    [Fact]
    public async Task It_listens_on_this_machine_only()
    {
        await using var app = await FunctionApp.StartAsync<Ping>();

        app.Client.BaseAddress!.Host.ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_sentence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var refusal = await Should.ThrowAsync<FunctionAppStartException>(
            () => FunctionApp.StartAsync<Ping>(builder => builder.Configuration["LocalRuntime:Port"] = $"{port}"));

        refusal.Message.ShouldStartWith($"Port {port} on 127.0.0.1 cannot be opened; something else is using it.");
        refusal.Message.ShouldContain("LocalRuntime__Port");
    }

    [Fact]
    public async Task A_port_that_is_no_number_is_named()
    {
        var refusal = await Should.ThrowAsync<FunctionAppStartException>(
            () => FunctionApp.StartAsync<Ping>(builder => builder.Configuration["LocalRuntime:Port"] = "seven"));

        refusal.Message.ShouldBe("The setting LocalRuntime:Port is 'seven', which is not a port number.");
    }

    [Fact]
    public async Task Program_has_to_call_ConfigureFunctionsWebApplication()
    {
        using var host = LocalFunctionsApplication.CreateBuilder([typeof(Ping)]).Build();

        var refusal = await Should.ThrowAsync<FunctionAppStartException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        refusal.Message.ShouldContain("ConfigureFunctionsWebApplication()");
    }
}
