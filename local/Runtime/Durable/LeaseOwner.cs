using System.Diagnostics;
using System.Globalization;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>
/// This engine's name on leases. It tells the process, so that another one on this machine need not sit out the lease of a process that was killed.
/// </summary>
internal sealed record LeaseOwner
{
    // The start time of one process, read by two others, differs by clock ticks.
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(2);

    public string Name { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.MachineName}|{Environment.ProcessId}|{Process.GetCurrentProcess().StartTime.ToUniversalTime().Ticks}|{Guid.NewGuid():N}");

    /// <summary>Whether the owner was a process of this machine that is no longer there.</summary>
    public static bool IsGone(string owner)
    {
        if (owner.Split('|') is not [var machine, var processId, var started, _] || machine != Environment.MachineName)
            return false;
        try
        {
            using var process = Process.GetProcessById(int.Parse(processId, CultureInfo.InvariantCulture));
            var difference = process.StartTime.ToUniversalTime() - new DateTime(long.Parse(started, CultureInfo.InvariantCulture), DateTimeKind.Utc);
            return process.HasExited || difference.Duration() > SameStart;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There, but somebody else's: cannot be told.
            return false;
        }
    }
}
