using System.Globalization;
using DataHealth.Testing;

namespace DataHealth.Benchmarks;

/// <summary>Whether the memory of the functions process depends on how large a client's books are: the peak for all records beside that for a tenth of them.</summary>
internal static class MemoryBenchmark
{
    private const double Target = 1.3;

    public static async Task<bool> RunAsync(int records, CancellationToken cancellationToken)
    {
        var small = await PeakAsync(records / 10, cancellationToken);
        var large = await PeakAsync(records, cancellationToken);
        var ratio = (double)large / small;
        Say($"Ratio: {ratio:N2} (target at most {Target}): {(ratio <= Target ? "reached" : "MISSED")}");
        return ratio <= Target;
    }

    private static async Task<long> PeakAsync(int records, CancellationToken cancellationToken)
    {
        using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        var tenant = await sandbox.AddOrganisationAsync(records, cancellationToken);
        using var azurite = new Azurite();
        using var functions = new FunctionsUnderTest(azurite, sandbox);
        await functions.ReadyAsync(cancellationToken);
        var idle = functions.Process.PeakBytes;
        var sync = await functions.FirstSyncAsync(sandbox, tenant, cancellationToken);
        var peak = functions.Process.PeakBytes;
        Say($"{sync.Records,8:N0} records: at most {peak / 1e6:N0} MB resident ({idle / 1e6:N0} MB before the first call), {sync.PerSecond:N0} records/s");
        return peak;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
