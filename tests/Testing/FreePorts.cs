using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DataHealth.Testing;

/// <summary>Ports that nobody listens on and no other test run means to, so that test runs stand beside a started stack and beside one another.</summary>
public static class FreePorts
{
    // Below the range from which the system takes ports for outgoing connections: one of ours that is not opened yet would be taken by chance.
    private const int First = 15_000;
    private const int Last = 32_000;

    // A port is opened seconds after it was taken, by another process. Until this one ends, its file keeps others of ours off it.
    private static readonly DirectoryInfo Claims = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "datahealth-ports"));
    private static readonly ConcurrentBag<FileStream> Claimed = [];

    /// <summary>Finds <paramref name="count"/> different ports.</summary>
    public static int[] Take(int count)
    {
        var ports = new List<int>();
        for (var attempt = 0; ports.Count < count; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (Claim(port) is { } claim)
            {
                Claimed.Add(claim);
                if (IsFree(port))
                    ports.Add(port);
            }
            if (attempt > 1000)
                throw new InvalidOperationException($"No free port was found between {First} and {Last}.");
        }
        return [.. ports];
    }

    private static FileStream? Claim(int port)
    {
        try
        {
            return new FileStream(Path.Combine(Claims.FullName, $"{port}"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
