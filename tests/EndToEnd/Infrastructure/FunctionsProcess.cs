using System.Diagnostics;
using System.Text;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>The functions as a real process of their own, which a test may kill, freeze and start again on the same storage.</summary>
public sealed class FunctionsProcess : IDisposable
{
    private const int MostErrors = 20_000;

    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly StringBuilder _output = new();
    private Process? _process;

    /// <summary>Prepares a process with these settings; starts nothing.</summary>
    public FunctionsProcess(IReadOnlyDictionary<string, string> settings)
    {
        Port = FreePorts.Take(1)[0];
        _settings = settings;
        Api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}/api/"), Timeout = TimeSpan.FromMinutes(3) };
    }

    /// <summary>The port of its HTTP triggers; the same after every start.</summary>
    public int Port { get; }

    /// <summary>A client of its API.</summary>
    public HttpClient Api { get; }

    /// <summary>Its process id.</summary>
    public int Id => Running.Id;

    /// <summary>Everything that it has printed since the test began, over all starts.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Its memory in bytes: the resident set now.</summary>
    public long ResidentBytes
    {
        get
        {
            Running.Refresh();
            return Running.WorkingSet64;
        }
    }

    private Process Running => _process is { HasExited: false } running ? running : throw new InvalidOperationException($"The functions do not run. {Output}");

    /// <summary>Starts it and returns when it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "DataHealth.Functions.dll"));
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;
        start.Environment["LocalRuntime__Port"] = $"{Port}";
        // As in tests/Directory.Build.props: it lives for seconds.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync("the functions are ready", async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The functions ended with code {_process.ExitCode}: {Output}");
            try
            {
                using var answer = await Api.GetAsync("health/ready", cancellationToken);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, TimeSpan.FromMinutes(4), cancellationToken);
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        Running.Kill();
        _process!.WaitForExit();
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public void Stop()
    {
        Signal("TERM");
        if (!_process!.WaitForExit(TimeSpan.FromMinutes(2)))
            throw new InvalidOperationException($"The functions did not stop within two minutes of SIGTERM. {Output}");
    }

    /// <summary>SIGSTOP: the process stands still with everything that it holds.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal("CONT");

    /// <inheritdoc />
    public void Dispose()
    {
        if (_process is { HasExited: false })
            Kill();
        // Shown where the test fails.
        TestContext.Current.TestOutputHelper?.WriteLine(Errors());
        _process?.Dispose();
        Api.Dispose();
    }

    private string Errors()
    {
        var shown = new StringBuilder();
        var isShown = false;
        foreach (var line in Output.Split('\n'))
        {
            // A line of its own begins with the level; what belongs to it is indented.
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]))
                isShown = line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal);
            if (isShown && shown.Length < MostErrors)
                shown.AppendLine(line);
        }
        return shown.ToString();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Running.Id}"]);
        kill.WaitForExit();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
