using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using DataHealth.Testing;

namespace DataHealth.Benchmarks;

/// <summary>Judging a client's whole copy beside only reading its rows, at two sizes; and judging it again after a hundred changes, when all else is kept from the time before.</summary>
internal static class HealthBenchmark
{
    private const int Changes = 100;
    private const int Rounds = 3;
    private const double MostOfFull = 0.1;

    // Seconds on a busy machine bend; twice as much for the same records is no longer that.
    private const double Slack = 1.25;

    private static readonly string[] Documents = ["invoices", "credit-notes", "bank-transactions", "overpayments", "prepayments", "manual-journals"];

    public static async Task<bool> RunAsync(int records, CancellationToken cancellationToken)
    {
        var small = await MeasureAsync(records / 10, cancellationToken);
        var large = await MeasureAsync(records, cancellationToken);
        var growth = large.Full / small.Full;
        var most = (double)large.Documents / small.Documents * Math.Log(large.Documents) / Math.Log(small.Documents) * Slack;
        Say($"Growth: {growth:N1} times the time for {(double)large.Documents / small.Documents:N1} times the documents (n log n, and a quarter on top: {most:N1}): {Word(growth <= most)}");
        foreach (var size in (Measured[])[small, large])
            Say($"After {Changes} changes of {size.Documents:N0} documents: {size.Ratio:N2} of a whole one (target at most {MostOfFull}): {Word(size.Ratio <= MostOfFull)}");
        return growth <= most && large.Ratio <= MostOfFull;
    }

    private static async Task<Measured> MeasureAsync(int records, CancellationToken cancellationToken)
    {
        using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        var tenant = await sandbox.AddOrganisationAsync(records, cancellationToken);
        using var azurite = new Azurite();
        using var functions = new FunctionsUnderTest(azurite, sandbox);
        await functions.ReadyAsync(cancellationToken);
        var sync = await functions.FirstSyncAsync(sandbox, tenant, cancellationToken);
        var documents = Documents.Sum(dataset => sync.New.GetValueOrDefault(dataset));

        await functions.BeginAgainAsync(cancellationToken);
        var idle = functions.Process.PeakBytes;
        // Beside the recalculation's own time: from the press until the score is visible, and from the last dataset's completion to the run's end.
        List<TimeSpan> seen = [], judged = [];
        // Both ways are compiled before they are measured.
        await WholeAsync();
        await AgainAsync();
        var (processor, tables) = (functions.Process.ProcessorTime, azurite.ProcessorTime);
        List<TimeSpan> full = [await WholeAsync()];
        (processor, tables) = (functions.Process.ProcessorTime - processor, azurite.ProcessorTime - tables);
        var peak = functions.Process.PeakBytes;
        var (rows, bytes, read) = await ReadRowsAsync(azurite.ConnectionString, cancellationToken);
        List<TimeSpan> again = [];
        // Turn about, so that what else the machine does meets both.
        for (var round = 0; round < Rounds; round++)
        {
            again.Add(await AgainAsync());
            full.Add(await WholeAsync());
        }

        Say($"{sync.Records:N0} records, of them {documents:N0} documents and {sync.New.GetValueOrDefault("contacts"):N0} contacts:");
        Say($"  reading the rows      {read.TotalSeconds,8:N2} s   {rows:N0} rows, {bytes / 1e6:N1} MB");
        Say($"  all checks, whole     {Middle(full),8:N2} s   {Middle(full) / read.TotalSeconds:N2} of the reading; processor time: functions {processor.TotalSeconds:N1} s, Azurite {tables.TotalSeconds:N1} s; at most {peak / 1e6:N0} MB resident ({idle / 1e6:N0} MB before)");
        Say($"  after {Changes} changes     {Middle(again),8:N2} s   {Middle(again) / Middle(full):N2} of a whole one (each in the middle of {full.Count} and {again.Count}: {string.Join(", ", full.Select(one => $"{one.TotalSeconds:N2}"))}; {string.Join(", ", again.Select(one => $"{one.TotalSeconds:N2}"))})");
        Say($"  with the orchestration around it: {Middle(seen):N2} s whole, {Middle(judged):N2} s after {Changes} changes");
        return new Measured(documents, Middle(full), Middle(again));

        // Nothing is kept of the books: every row is read.
        async Task<TimeSpan> WholeAsync()
        {
            await ForgetAsync(azurite.ConnectionString, cancellationToken);
            var told = functions.Told;
            seen.Add(await functions.RecalculateAsync(sync.Client, cancellationToken));
            return (await functions.LatestAsync(told, cancellationToken)).Took;
        }

        async Task<TimeSpan> AgainAsync()
        {
            await sandbox.ChangeAsync(tenant, Changes, cancellationToken);
            var told = functions.Told;
            judged.Add((await functions.SyncAsync(sync.Client, cancellationToken)).Judged);
            var (took, whole) = await functions.LatestAsync(told, cancellationToken);
            // Datasets of few records are read whole where anything of them changed: that is one request.
            var large = whole.Split(' ').Intersect(["invoices", "bank-transactions", "payments", "contacts"]).ToList();
            return large.Count == 0 ? took : throw new InvalidOperationException($"Read whole after {Changes} changes: {string.Join(' ', large)}.");
        }
    }

    private static double Middle(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2).TotalSeconds;

    private static async Task ForgetAsync(string connectionString, CancellationToken cancellationToken)
    {
        var service = new TableServiceClient(connectionString);
        await foreach (var table in service.QueryAsync(cancellationToken: cancellationToken))
        {
            if (!table.Name.EndsWith("mappedbooks", StringComparison.OrdinalIgnoreCase))
                continue;
            var kept = service.GetTableClient(table.Name);
            await foreach (var row in kept.QueryAsync<TableEntity>("RowKey ge 'index' and RowKey lt 'index~'", select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
                await kept.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        }
    }

    // One partition after the other, as a pass reads them.
    private static async Task<(int Rows, long Bytes, TimeSpan Took)> ReadRowsAsync(string connectionString, CancellationToken cancellationToken)
    {
        var service = new TableServiceClient(connectionString);
        var (rows, bytes, watch) = (0, 0L, Stopwatch.StartNew());
        await foreach (var table in service.QueryAsync(cancellationToken: cancellationToken))
        {
            if (!table.Name.EndsWith("ledger", StringComparison.OrdinalIgnoreCase))
                continue;
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
            {
                rows++;
                bytes += row.Select(field => field.Value).OfType<byte[]>().Sum(value => value.Length);
            }
        }
        return (rows, bytes, watch.Elapsed);
    }

    private static string Word(bool reached) => reached ? "reached" : "MISSED";

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Measured(int Documents, double Full, double Incremental)
    {
        public double Ratio => Incremental / Full;
    }
}
