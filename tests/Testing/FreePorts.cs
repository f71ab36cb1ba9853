using System.Net;
using System.Net.Sockets;

namespace DataHealth.Testing;

/// <summary>Ports that nobody listens on at this moment, so that test runs stand beside a started stack and beside one another.</summary>
public static class FreePorts
{
    /// <summary>Reserves <paramref name="count"/> different ports and lets go of them together.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }
}
