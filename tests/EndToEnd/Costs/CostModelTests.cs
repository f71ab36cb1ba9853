using System.Diagnostics;
using DataHealth.EndToEnd.Tests.Commands;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Costs;

/// <summary><c>npm run costs</c>.</summary>
public sealed class CostModelTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_arithmetic_holds_for_cases_that_were_worked_by_hand()
    {
        using var tests = Run("--test", "scripts/lib/costs.test.mjs");
        (await tests.EndAsync(Cancelled)).ShouldBe(0, tests.Output);
    }

    [Fact]
    public async Task It_prints_what_so_many_clients_take_and_which_limit_is_met_first()
    {
        using var costs = Run("scripts/costs.mjs", "--clients", "100", "--clients", "10000");
        (await costs.EndAsync(Cancelled)).ShouldBe(0, costs.Output);
        costs.Output.ShouldContain("100 clients: first met is");
        costs.Output.ShouldContain("10,000 clients: first met is");
        using var wrong = Run("scripts/costs.mjs", "--clients", "many");
        (await wrong.EndAsync(Cancelled)).ShouldBe(1);
        wrong.Output.ShouldContain("--clients is a number");
    }

    internal static Command Run(params string[] arguments) =>
        new(new ProcessStartInfo("node", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true });
}
