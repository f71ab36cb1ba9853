using System.CommandLine;

namespace DataHealth.Cli;

/// <summary>How every command reaches the API, and how it prints.</summary>
internal sealed class Session(Surroundings surroundings)
{
    /// <summary>Where the API is.</summary>
    public Option<Uri?> Api { get; } = new("--api") { Description = "Address of the API; else DATAHEALTH_API, else http://localhost:7071/api.", Recursive = true };

    /// <summary>Prints what the API answers instead of a table.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print the API's own JSON, for scripts.", Recursive = true };

    /// <summary>Opens the API for one command.</summary>
    /// <exception cref="CommandFailedException">There is no token.</exception>
    public ApiClient Open(ParseResult parsed)
    {
        // Not an option: the command line of a process is for everyone on the machine to read.
        if (surroundings.Variable("DATAHEALTH_TOKEN") is not { Length: > 0 } token)
            throw new CommandFailedException("Set DATAHEALTH_TOKEN to an access token of yours for the API (docs/support.md says how to get one).");
        var address = parsed.GetValue(Api) ?? new Uri(surroundings.Variable("DATAHEALTH_API") ?? "http://localhost:7071/api");
        return new ApiClient(address, token.Trim());
    }

    /// <summary>Prints an answer: as it is with <c>--json</c>, else as people read it.</summary>
    public Screen Screen(ParseResult parsed) => new(surroundings.Output, parsed.GetValue(Json));
}
