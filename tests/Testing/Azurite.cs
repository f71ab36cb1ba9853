using System.Diagnostics;
using Azure.Data.Tables;

namespace DataHealth.Testing;

/// <summary>An Azurite of this test run alone, on free ports. In memory unless it is given a folder.</summary>
public class Azurite : IAsyncDisposable, IDisposable
{
    private const string Account = "devstoreaccount1";

    // The published key of every Azurite; not a secret.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly string? _folder;
    private Process? _process;

    /// <summary>Starts Azurite.</summary>
    /// <param name="folder">Where it keeps its data, or null for memory only.</param>
    /// <param name="ports">Blob, queue and table port; free ones when null. Pass the ports of an earlier one to start it again at the same address.</param>
    public Azurite(string? folder = null, int[]? ports = null)
    {
        _folder = folder;
        Ports = ports ?? FreePorts.Take(3);
        Start();
    }

    /// <summary>Blob, queue and table port.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>The connection string for tables, blobs and queues.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{Ports[0]}/{Account};"
        + $"QueueEndpoint=http://127.0.0.1:{Ports[1]}/{Account};TableEndpoint=http://127.0.0.1:{Ports[2]}/{Account};";

    /// <summary>Processor time that it has used since it was last started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>A prefix for table names that no other test uses: a letter and eleven hexadecimal digits.</summary>
    public static string NewPrefix() => "t" + Guid.NewGuid().ToString("N")[..11];

    /// <summary>Starts it (again) and returns when tables answer.</summary>
    public void Start()
    {
        if (_process is { HasExited: false })
            return;
        var entry = Path.Combine(Repository.Root, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(entry))
            throw new InvalidOperationException("Azurite is not installed. Run `npm ci` in the repository's root.");
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            entry, "--silent", "--skipApiVersionCheck", "--disableProductStyleUrl", "--disableTelemetry",
            "--blobPort", $"{Ports[0]}", "--queuePort", $"{Ports[1]}", "--tablePort", $"{Ports[2]}",
            .. _folder is null ? (string[])["--inMemoryPersistence"] : ["--location", _folder]])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("node could not be started.");
        var output = new System.Text.StringBuilder();
        _process.OutputDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        _process.ErrorDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var service = new TableServiceClient(ConnectionString, new TableClientOptions { Retry = { MaxRetries = 0 } });
        for (var deadline = Stopwatch.StartNew(); ; Thread.Sleep(50))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"Azurite ended with code {_process.ExitCode}: {output}");
            try
            {
                service.GetProperties();
                return;
            }
            catch (Azure.RequestFailedException) when (deadline.Elapsed < TimeSpan.FromMinutes(3))
            {
                // Not listening yet.
            }
        }
    }

    /// <summary>Stops it as an operator would, with SIGTERM, so that it saves what it acknowledged.</summary>
    public void Stop()
    {
        if (_process is not { HasExited: false } process)
            return;
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            kill?.WaitForExit();
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_folder is not null)
            Stop();
        else if (_process is { HasExited: false } process)
            process.Kill(entireProcessTree: true);
        _process?.Dispose();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>One Azurite for a whole test assembly: <c>[assembly: AssemblyFixture(typeof(AzuriteFixture))]</c>. Tests keep apart by <see cref="Azurite.NewPrefix"/>.</summary>
public sealed class AzuriteFixture() : Azurite(folder: null);
