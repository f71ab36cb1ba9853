using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using DataHealth.Testing;

namespace DataHealth.Benchmarks;

/// <summary>Judging a client's whole copy beside only reading its rows, at two sizes; and judging it again after a hundred changes.</summary>
internal static class HealthBenchmark
{
    private const int Changes = 100;
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
        var again = large.Incremental / large.Full;
        Say($"Growth: {growth:N1} times the time for {(double)large.Documents / small.Documents:N1} times the documents (n log n, and a quarter on top: {most:N1}): {Word(growth <= most)}");
        Say($"After {Changes} changes: {again:N2} of a whole one (target at most {MostOfFull}): {Word(again <= MostOfFull)}");
        return growth <= most && again <= MostOfFull;
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
        await functions.RecalculateAsync(sync.Client, cancellationToken); // compiles
        var (processor, tables) = (functions.Process.ProcessorTime, azurite.ProcessorTime);
        var full = await functions.RecalculateAsync(sync.Client, cancellationToken);
        (processor, tables) = (functions.Process.ProcessorTime - processor, azurite.ProcessorTime - tables);
        var peak = functions.Process.PeakBytes;
        var (rows, bytes, read) = await ReadRowsAsync(azurite.ConnectionString, cancellationToken);

        await sandbox.ChangeAsync(tenant, Changes, cancellationToken);
        var incremental = (await functions.SyncAsync(sync.Client, cancellationToken)).Judged;
        Say($"{sync.Records:N0} records, of them {documents:N0} documents and {sync.New.GetValueOrDefault("contacts"):N0} contacts:");
        Say($"  reading the rows      {read.TotalSeconds,8:N2} s   {rows:N0} rows, {bytes / 1e6:N1} MB");
        Say($"  all checks, whole     {full.TotalSeconds,8:N2} s   {full / read:N2} of the reading; processor time: functions {processor.TotalSeconds:N1} s, Azurite {tables.TotalSeconds:N1} s; at most {peak / 1e6:N0} MB resident ({idle / 1e6:N0} MB before)");
        Say($"  after {Changes} changes     {incremental.TotalSeconds,8:N2} s");
        return new Measured(documents, full.TotalSeconds, incremental.TotalSeconds);
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

    private sealed record Measured(int Documents, double Full, double Incremental);
}
