using System.Diagnostics;
using System.Text.Json;

namespace DataHealth.EndToEnd.Tests.Cli;

/// <summary>What a command printed, and how it ended.</summary>
public sealed record CommandEnd(int Code, string Output, string Error)
{
    /// <summary>What was printed, as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Output);
}

/// <summary><c>datahealth …</c> as a process of its own, with nothing of ours in its environment but what is given.</summary>
public sealed class CommandLineProcess(Uri api, string? token)
{
    /// <summary>Runs a command to its end.</summary>
    public async Task<CommandEnd> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "datahealth.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DATAHEALTH_API"] = api.AbsoluteUri;
        start.Environment.Remove("DATAHEALTH_TOKEN");
        if (token is not null)
            start.Environment["DATAHEALTH_TOKEN"] = token;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return new CommandEnd(process.ExitCode, await output, await error);
    }
}
