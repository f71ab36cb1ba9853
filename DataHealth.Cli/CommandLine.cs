using System.CommandLine;
using DataHealth.Cli.Operations;

namespace DataHealth.Cli;

/// <summary>The command line: <c>support</c> over the API, for people on call; <c>ops</c> on the storage, for operators.</summary>
public static class CommandLine
{
    // As a shell says that it ended by Ctrl-C.
    private const int Stopped = 130;

    /// <summary>Runs one command. 0: done. 1: the API or the storage refused, or could not be reached. 2: the command is wrong. 130: it was stopped.</summary>
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Data Health from the command line.")
        {
            SupportCommands.Create(new Session(surroundings)),
            OperationsCommands.Create(surroundings),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await surroundings.Error.WriteLineAsync(error.Message);
            await surroundings.Error.WriteLineAsync("Add --help for what it takes.");
            return 2;
        }
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = surroundings.Output, Error = surroundings.Error, EnableDefaultExceptionHandler = false }, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await surroundings.Error.WriteLineAsync("Stopped. What the API had begun goes on there; a backup or restore is to be run again.");
            return Stopped;
        }
        catch (CommandFailedException failed)
        {
            await surroundings.Error.WriteLineAsync(failed.Message);
            return 1;
        }
    }
}

/// <summary>What a command reads and writes besides the API.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Variable">Reads an environment variable.</param>
public sealed record Surroundings(TextWriter Output, TextWriter Error, Func<string, string?> Variable);

/// <summary>A command that did not come to anything; its message is for the person.</summary>
public sealed class CommandFailedException(string message) : Exception(message);
