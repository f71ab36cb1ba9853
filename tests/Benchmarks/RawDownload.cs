using System.Diagnostics;

namespace DataHealth.Benchmarks;

/// <summary>The upper bound on the reading side: the same addresses by a plain HttpClient, decompressed and thrown away.</summary>
internal static class RawDownload
{
    public static async Task<(TimeSpan Took, long Bytes)> RunAsync(HttpClient http, IReadOnlyCollection<string> addresses, int sideBySide, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(addresses, new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellationToken }, async (address, stop) =>
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stop);
            answer.EnsureSuccessStatusCode();
            var buffer = new byte[64 * 1024];
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            for (int read; (read = await body.ReadAsync(buffer, stop)) > 0;)
                Interlocked.Add(ref bytes, read);
        });
        return (watch.Elapsed, bytes);
    }
}
