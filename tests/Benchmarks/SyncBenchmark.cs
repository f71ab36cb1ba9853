using System.Globalization;
using DataHealth.Testing;

namespace DataHealth.Benchmarks;

/// <summary>Records per second of a first sync, beside the lower of its two raw halves: downloading the same pages, and writing the same rows.</summary>
internal static class SyncBenchmark
{
    private const double Target = 0.5;
    private const int SideBySide = 5;

    public static async Task<bool> RunAsync(int records, CancellationToken cancellationToken)
    {
        using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        var tenant = await sandbox.AddOrganisationAsync(records, cancellationToken);
        using var plain = await sandbox.PlainClientAsync(tenant, cancellationToken);
        await WarmAsync(sandbox, plain, cancellationToken);
        await sandbox.ForgetCallsAsync(cancellationToken);

        FirstSync sync;
        TimeSpan processor, tables, books;
        long peak;
        List<Azure.Data.Tables.TableEntity> rows;
        using (var azurite = new Azurite())
        {
            using (var functions = new FunctionsUnderTest(azurite, sandbox))
            {
                await functions.ReadyAsync(cancellationToken);
                var (before, tablesBefore, booksBefore) = (functions.Process.ProcessorTime, azurite.ProcessorTime, sandbox.ProcessorTime);
                sync = await functions.FirstSyncAsync(sandbox, tenant, cancellationToken);
                processor = functions.Process.ProcessorTime - before;
                (tables, books) = (azurite.ProcessorTime - tablesBefore, sandbox.ProcessorTime - booksBefore);
                peak = functions.Process.PeakBytes;
            }
            rows = await RawWrites.RowsAsync(azurite.ConnectionString, cancellationToken);
        }

        var addresses = await sandbox.AddressesReadAsync(tenant, cancellationToken);
        var (downloadTook, bytes) = await RawDownload.RunAsync(plain, addresses, SideBySide, cancellationToken);
        TimeSpan writeTook, rawTables;
        var own = Environment.CpuUsage.TotalTime;
        using (var azurite = new Azurite())
        {
            var idle = azurite.ProcessorTime;
            writeTook = await RawWrites.RunAsync(azurite.ConnectionString, rows, SideBySide, cancellationToken);
            rawTables = azurite.ProcessorTime - idle;
            own = Environment.CpuUsage.TotalTime - own;
        }

        var download = sync.Records / downloadTook.TotalSeconds;
        var write = sync.Records / writeTook.TotalSeconds;
        var lower = Math.Min(download, write);
        var ratio = sync.PerSecond / lower;
        Say($"(a) raw download, {SideBySide} side by side   {download,9:N0} records/s   {addresses.Count} pages, {bytes / 1e6:N1} MB of JSON in {downloadTook.TotalSeconds:N2} s");
        Say($"(b) raw batch writes, {SideBySide} writers      {write,9:N0} records/s   {rows.Count:N0} rows in {writeTook.TotalSeconds:N2} s");
        Say($"(c) first sync                      {sync.PerSecond,9:N0} records/s   {sync.Records:N0} records, {sync.Calls} calls, {sync.Bytes / 1e6:N1} MB on the wire in {sync.Took.TotalSeconds:N2} s");
        Say($"    then judging the copy           {sync.Records / sync.Judged.TotalSeconds,9:N0} records/s   and the run's end, in {sync.Judged.TotalSeconds:N2} s");
        Say($"    processor time of (b): writer {own.TotalSeconds:N1} s, Azurite {rawTables.TotalSeconds:N1} s; of (c): functions {processor.TotalSeconds:N1} s (at most {peak / 1e6:N0} MB resident), Azurite {tables.TotalSeconds:N1} s, sandbox {books.TotalSeconds:N1} s");
        Say($"Lower of (a) and (b): {lower:N0} records/s. Ratio: {ratio:N2} (target at least {Target}): {(ratio >= Target ? "reached" : "MISSED")}");
        return ratio >= Target;
    }

    // The sandbox makes its books up when they are first read; neither side shall pay for that.
    private static async Task WarmAsync(SandboxProcess sandbox, HttpClient plain, CancellationToken cancellationToken)
    {
        foreach (var list in (string[])["Contacts", "Invoices", "CreditNotes", "Payments", "BankTransactions", "ManualJournals", "Overpayments", "Prepayments"])
        {
            using var answer = await plain.GetAsync($"{sandbox.Address}/api.xro/2.0/{list}?page=1&pageSize=1000&order={list[..^1]}ID%20ASC", cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
