using System.Diagnostics;
using DataHealth.EndToEnd.Tests.Cli;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Backup;

/// <summary><c>datahealth ops …</c> as a process of its own, on the tables of one product.</summary>
public sealed class OperationsProcess(Azurite azurite, string prefix)
{
    /// <summary>Runs a command to its end.</summary>
    public Task<CommandEnd> RunAsync(CancellationToken cancellationToken, params string[] arguments) => RunAsync(null, cancellationToken, arguments);

    /// <summary>Runs a command, and kills it once it prints a line that begins so.</summary>
    public async Task<CommandEnd> RunAsync(string? killAt, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "datahealth.dll"), "ops", .. arguments, "--prefix", prefix])
            start.ArgumentList.Add(argument);
        start.Environment["DATAHEALTH_STORAGE"] = azurite.ConnectionString;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        List<string> lines = [];
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            lines.Add(line);
            if (killAt is not null && line.StartsWith(killAt, StringComparison.Ordinal) && !process.HasExited)
                process.Kill();
        }
        await process.WaitForExitAsync(cancellationToken);
        return new CommandEnd(process.ExitCode, string.Join('\n', lines), await error);
    }
}
