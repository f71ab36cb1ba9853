using System.Diagnostics;
using System.Globalization;
using System.Text;
using DataHealth.Testing;

namespace DataHealth.Benchmarks;

/// <summary>One part of the product, as a process of its own in its Release build.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private readonly string _name;

    public ChildProcess(string folder, string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null)
    {
        _name = name;
        var program = Path.Combine(Repository.Root, folder, "bin", "Release", "net10.0", $"{name}.dll");
        if (!File.Exists(program))
            throw new InvalidOperationException($"{program} is missing; run `npm run bench`, which builds it.");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (setting, value) in settings ?? new Dictionary<string, string>())
            start.Environment[setting] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The most memory that was ever resident, in bytes (VmHWM).</summary>
    public long PeakBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Processor time used so far, all threads.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Returns when it answers at an address.</summary>
    public Task AnswersAsync(HttpClient http, string address, CancellationToken cancellationToken) => Eventually.TrueAsync($"{_name} answers", async () =>
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"{_name} ended with code {_process.ExitCode}: {Output}");
        try
        {
            using var answer = await http.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, TimeSpan.FromSeconds(120), cancellationToken);

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
