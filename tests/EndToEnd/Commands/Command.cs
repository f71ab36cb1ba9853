using System.Diagnostics;
using System.Text;

namespace DataHealth.EndToEnd.Tests.Commands;

/// <summary>One of the repository's commands as a process of its own.</summary>
internal sealed class Command : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(20);

    private readonly StringBuilder _output = new();
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    public Command(ProcessStartInfo start)
    {
        _process = Process.Start(start) ?? throw new InvalidOperationException("node could not be started.");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>True after its end.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Waits for its end; gives its exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Within);
        await _process.WaitForExitAsync(bound.Token);
        return _process.ExitCode;
    }

    /// <summary>Ctrl-C, and its end.</summary>
    public Task<int> InterruptAsync(CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]))
            kill.WaitForExit();
        return EndAsync(cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
