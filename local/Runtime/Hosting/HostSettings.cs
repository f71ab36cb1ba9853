using System.Net;
using System.Net.Sockets;
using DataHealth.Local.Runtime.Discovery;
using Microsoft.Extensions.Configuration;

namespace DataHealth.Local.Runtime.Hosting;

/// <summary>The settings of the host: host.json beside the application's binaries, overridden as on Azure by <c>AzureFunctionsJobHost__…</c>, and our own section.</summary>
internal sealed class HostSettings(IConfiguration configuration)
{
    private const string HostJson = "AzureFunctionsJobHost";

    public string RoutePrefix => configuration[$"{HostJson}:extensions:http:routePrefix"] ?? "api";

    /// <summary>The task hub's name. <c>%Setting%</c> as a whole is read from that setting; the real host reads parts of a text too, which nobody needs here. Where it is not set the text stays, and is refused as a name.</summary>
    public string HubName
    {
        get
        {
            var name = configuration[$"{HostJson}:extensions:durableTask:hubName"] ?? "LocalHub";
            return name is ['%', .. var setting, '%'] && configuration[setting] is { Length: > 0 } value ? value : name;
        }
    }

    /// <summary>The table that keeps the timers' status; apart for each hub, as the durable tables are.</summary>
    public string TimersTable => HubName + "Timers";

    public string? Storage => configuration["AzureWebJobsStorage"] is { Length: > 0 } storage ? storage : null;

    /// <summary>The key that functions above anonymous ask for; none means that all are accepted, as Core Tools do.</summary>
    public string? FunctionKey => configuration["LocalRuntime:FunctionKey"] is { Length: > 0 } key ? key : null;

    /// <summary>The port on 127.0.0.1; 0 takes a free one. Null when the setting is no port number.</summary>
    public int? Port => configuration["LocalRuntime:Port"] switch
    {
        null or "" => 7071,
        var text when int.TryParse(text, out var port) && port is >= 0 and <= 65535 => port,
        _ => null,
    };

    /// <summary>Looks before anything starts: the server would bind its port last, when timers and orchestrations already run.</summary>
    /// <exception cref="FunctionAppStartException">The port is not a number, or taken.</exception>
    public void CheckPort()
    {
        var port = Port ?? throw new FunctionAppStartException(
            $"The setting LocalRuntime:Port is '{configuration["LocalRuntime:Port"]}', which is not a port number.");
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw PortTaken(taken);
        }
    }

    public FunctionAppStartException PortTaken(Exception reason) => new(
        $"Port {Port} on 127.0.0.1 cannot be opened; something else is using it. Stop that, or set LocalRuntime__Port to another port. ({reason.Message})",
        reason);

    /// <summary>Puts host.json below every other source of configuration.</summary>
    public static void AddHostJson(ConfigurationManager configuration, string folder)
    {
        var path = Path.Combine(folder, "host.json");
        if (!File.Exists(path))
            return;
        var values = new ConfigurationBuilder().AddJsonFile(path, optional: false).Build().AsEnumerable()
            .Select(pair => KeyValuePair.Create($"{HostJson}:{pair.Key}", pair.Value));
        configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = values });
    }
}
