using System.Net;
using System.Net.Sockets;

namespace DataHealth.Testing;

/// <summary>Ports that nobody listens on at this moment, so that test runs stand beside a started stack and beside one another.</summary>
public static class FreePorts
{
    // Below the range from which the system takes ports for outgoing connections: one of ours that is not opened yet would be taken by chance.
    private const int First = 15_000;
    private const int Last = 32_000;

    /// <summary>Finds <paramref name="count"/> different ports.</summary>
    public static int[] Take(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            for (var attempt = 0; listeners.Count < count; attempt++)
            {
                var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, Last));
                try
                {
                    listener.Start();
                    listeners.Add(listener);
                }
                catch (SocketException) when (attempt < 1000)
                {
                    listener.Dispose();
                }
            }
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }
}
