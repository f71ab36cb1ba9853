using System.Diagnostics;

namespace DataHealth.Testing;

/// <summary>Waits for a condition of another process or thread, with a bound; the opposite of a sleep.</summary>
public static class Eventually
{
    /// <summary>Polls until the condition holds.</summary>
    /// <param name="what">The condition in words, for the failure's message.</param>
    /// <param name="condition">Asked forty times a second at first, and more seldom the longer it takes (a twentieth of the time so far, half a second at most): asking costs the processors that it waits for.</param>
    /// <param name="within">The bound, in real time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not become true in time.</exception>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan within, CancellationToken cancellationToken = default)
    {
        for (var watch = Stopwatch.StartNew(); !await condition();)
        {
            if (watch.Elapsed > within)
                throw new TimeoutException($"Not within {within.TotalSeconds:0} s: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(watch.Elapsed.TotalMilliseconds / 20, 25, 500)), cancellationToken);
        }
    }
}
