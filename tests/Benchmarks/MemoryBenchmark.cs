using System.Globalization;
using DataHealth.Testing;

namespace DataHealth.Benchmarks;

/// <summary>Whether the memory of the functions process depends on how large a client's books are: the peak of copying all records beside that of a tenth of them. The peak of judging them, which ends the run, is told beside it.</summary>
internal static class MemoryBenchmark
{
    private const double Target = 1.3;

    public static async Task<bool> RunAsync(int records, CancellationToken cancellationToken)
    {
        var small = await PeakAsync(records / 10, cancellationToken);
        var large = await PeakAsync(records, cancellationToken);
        var ratio = (double)large.Copied / small.Copied;
        Say($"Ratio of copying: {ratio:N2} (target at most {Target}): {(ratio <= Target ? "reached" : "MISSED")}; with judging {(double)large.Judged / small.Judged:N2}");
        return ratio <= Target;
    }

    private static async Task<(long Copied, long Judged)> PeakAsync(int records, CancellationToken cancellationToken)
    {
        using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        var tenant = await sandbox.AddOrganisationAsync(records, cancellationToken);
        using var azurite = new Azurite();
        using var functions = new FunctionsUnderTest(azurite, sandbox);
        await functions.ReadyAsync(cancellationToken);
        var idle = functions.Process.PeakBytes;
        var sync = await functions.FirstSyncAsync(sandbox, tenant, cancellationToken);
        var peak = functions.Process.PeakBytes;
        Say($"{sync.Records,8:N0} records: at most {sync.CopiedPeakBytes / 1e6:N0} MB resident while they were copied, {peak / 1e6:N0} MB while they were judged ({idle / 1e6:N0} MB before the first call), {sync.PerSecond:N0} records/s");
        return (sync.CopiedPeakBytes, peak);
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
