using System.CommandLine;

namespace DataHealth.Cli;

/// <summary>How every command reaches the API, and how it prints.</summary>
internal sealed class Session(Surroundings surroundings)
{
    /// <summary>Where the API is.</summary>
    public Option<string?> Api { get; } = new("--api") { Description = "Address of the API; else DATAHEALTH_API, else http://localhost:7071/api.", Recursive = true };

    /// <summary>Prints what the API answers instead of a table.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print the API's own JSON, for scripts.", Recursive = true };

    /// <summary>Opens the API for one command.</summary>
    /// <exception cref="CommandFailedException">There is no token that can be sent, or no address to send it to.</exception>
    public ApiClient Open(ParseResult parsed)
    {
        // Not an option: the command line of a process is for everyone on the machine to read.
        if (surroundings.Variable("DATAHEALTH_TOKEN")?.Trim() is not { Length: > 0 } token)
            throw new CommandFailedException("Set DATAHEALTH_TOKEN to an access token of yours for the API (docs/support.md says how to get one).");
        if (token.Any(letter => letter is <= ' ' or > '~'))
            throw new CommandFailedException("DATAHEALTH_TOKEN holds something that is no access token (docs/support.md says how to get one).");
        var text = parsed.GetValue(Api) ?? surroundings.Variable("DATAHEALTH_API") ?? "http://localhost:7071/api";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CommandFailedException($"'{text}' is no address of an API.");
        // A token in the clear would be anybody's on the way.
        if (address is { Scheme: "http", IsLoopback: false })
            throw new CommandFailedException($"{address} is not encrypted: the API is called over https, except on this machine.");
        return new ApiClient(address, token);
    }

    /// <summary>Prints an answer: as it is with <c>--json</c>, else as people read it.</summary>
    public Screen Screen(ParseResult parsed) => new(surroundings.Output, parsed.GetValue(Json));
}
