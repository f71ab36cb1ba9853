using System.Net;
using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Durable;
using DataHealth.Local.Runtime.Http;
using DataHealth.Local.Runtime.Invocation;
using DataHealth.Local.Runtime.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DataHealth.Local.Runtime.Hosting;

/// <summary>What the runtime is made of.</summary>
internal static class LocalRuntimeSetup
{
    /// <summary>What the real host takes by default.</summary>
    private const long LargestBody = 100 * 1024 * 1024;

    public static void AddLocalRuntime(this WebApplicationBuilder web, IReadOnlyList<Type> candidates, InvocationPipeline pipeline)
    {
        HostSettings.AddHostJson(web.Configuration, AppContext.BaseDirectory);
        // The web server's own lines hold whole addresses, with whatever secret a query carries.
        web.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        web.Services.TryAddSingleton(TimeProvider.System);
        web.Services.AddSingleton<HostSettings>();
        web.Services.AddSingleton(pipeline);
        web.Services.AddSingleton<IFunctionCatalog>(services => new FunctionCatalog(candidates, services.GetRequiredService<IConfiguration>()));
        web.Services.AddSingleton<IFunctionInvoker, FunctionInvoker>();
        web.Services.AddSingleton<TimerStore>();
        web.Services.AddHostedService<TimerListener>();
    }

    public static void AddFunctionsWebServer(this WebApplicationBuilder web)
    {
        web.Services.AddMvcCore();
        web.Services.AddSingleton<FunctionEndpoints>();
        web.Services.AddLocalDurableTask();
        web.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            // What is wrong with the port is said when the host starts, with everything else.
            kestrel.Listen(IPAddress.Loopback, new HostSettings(context.Configuration).Port ?? 0);
        });
    }
}
