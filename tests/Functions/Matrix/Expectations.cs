using DataHealth.Testing;

namespace DataHealth.Functions.Tests.Matrix;

/// <summary>One endpoint at one kind of target: what each caller is to be answered. From <c>expectations.csv</c>, which people wrote and review; no code computes it.</summary>
public sealed record Expectation(string Method, string Path, string Target, string Body, IReadOnlyDictionary<string, string> Answers)
{
    private static readonly Lazy<IReadOnlyList<Expectation>> Read = new(Load);

    public static IReadOnlyList<Expectation> All => Read.Value;

    /// <summary>True when the call changes its target, so that each case needs one of its own.</summary>
    public bool NeedsFreshTarget => Target.EndsWith('!') || Path.Contains("{memberId}", StringComparison.Ordinal);

    public string Owner => Target.TrimEnd('!');

    public override string ToString() => $"{Method} {Path} ({Target})";

    private static IReadOnlyList<Expectation> Load()
    {
        var lines = File.ReadAllLines(System.IO.Path.Combine(Repository.Root, "tests", "Functions", "Matrix", "expectations.csv"));
        var callers = lines[0].Split(';')[4..];
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select(line => Parse(line.Split(';'), callers))];
    }

    private static Expectation Parse(string[] cells, string[] callers) => cells.Length == callers.Length + 4
        ? new(cells[0], cells[1], cells[2], cells[3], callers.Zip(cells[4..]).ToDictionary())
        : throw new InvalidOperationException($"A row with {cells.Length} cells: {string.Join(';', cells)}");
}
