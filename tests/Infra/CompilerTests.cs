using DataHealth.Infra.Tests.Compiler;
using DataHealth.Testing;

namespace DataHealth.Infra.Tests;

/// <summary>Every Bicep file is taken by the real compiler and its linter without a word.</summary>
public sealed class CompilerTests
{
    private static readonly string Infra = Path.Combine(Repository.Root, "infra");

    // One process for all: each starts for seconds.
    [Fact]
    public async Task Every_file_compiles_and_lints_without_a_word()
    {
        Bicep.Require();
        Directory.EnumerateFiles(Infra, "*.bicep", SearchOption.AllDirectories).Count().ShouldBeGreaterThan(10);

        var (code, output) = await Bicep.RunAsync(["lint", "--pattern", Path.Combine(Infra, "**", "*.bicep")]);

        output.Trim().ShouldBeEmpty();
        code.ShouldBe(0);
    }

    [Fact]
    public async Task The_parameters_compile_and_lint_without_a_word()
    {
        Bicep.Require();
        var (code, output) = await Bicep.RunAsync(["lint", Path.Combine(Infra, "main.bicepparam")], Deployments.Variables("prod"));

        output.Trim().ShouldBeEmpty();
        code.ShouldBe(0);
    }

    [Fact]
    public async Task A_warning_is_an_error()
    {
        Bicep.Require();
        var folder = Directory.CreateTempSubdirectory("datahealth-lint-").FullName;
        File.Copy(Path.Combine(Infra, "bicepconfig.json"), Path.Combine(folder, "bicepconfig.json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "main.bicep"), "param nobodyReadsThis string\n", TestContext.Current.CancellationToken);

        var (code, output) = await Bicep.RunAsync(["lint", "--pattern", Path.Combine(folder, "**", "*.bicep")]);

        code.ShouldNotBe(0);
        output.ShouldContain("no-unused-params");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_parameter_that_must_be_given_is_named_when_it_is_not()
    {
        Bicep.Require();
        var (code, output) = await Bicep.RunAsync(["lint", Path.Combine(Infra, "main.bicepparam")]);

        code.ShouldNotBe(0);
        foreach (var variable in Deployments.Variables("dev").Keys)
            output.ShouldContain(variable);
    }

    // The package and host.json's block are not there: such an app would not start.
    [Fact]
    public async Task A_provider_that_the_code_is_not_built_for_is_refused()
    {
        Bicep.Require();
        var variables = new Dictionary<string, string>(Deployments.Variables("dev")) { ["DATAHEALTH_DURABLE_PROVIDER"] = "durableTaskScheduler" };
        var (code, output) = await Bicep.RunAsync(["lint", Path.Combine(Infra, "main.bicepparam")], variables);

        code.ShouldNotBe(0);
        output.ShouldContain("durableTaskScheduler");
        (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "host.json"), TestContext.Current.CancellationToken)).ShouldContain("\"type\": \"AzureStorage\"");
        (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "DataHealth.Functions", "DataHealth.Functions.csproj"), TestContext.Current.CancellationToken)).ShouldNotContain("AzureManaged");
    }

    // As GitHub gives a variable that nobody has set. The compiler names the line; of lists it leaves the length to the deployment.
    [Theory]
    [InlineData("DATAHEALTH_FIRST_SUPPORT_EMAIL")]
    [InlineData("DATAHEALTH_SIGNIN_AUTHORITY")]
    [InlineData("DATAHEALTH_SIGNIN_AUDIENCE")]
    [InlineData("DATAHEALTH_OPERATOR_ID")]
    public async Task A_parameter_that_must_be_given_is_refused_when_it_is_empty(string variable)
    {
        Bicep.Require();
        var variables = new Dictionary<string, string>(Deployments.Variables("dev")) { [variable] = "" };
        var (code, output) = await Bicep.RunAsync(["lint", Path.Combine(Infra, "main.bicepparam")], variables);

        code.ShouldNotBe(0);
        var line = 1 + Array.FindIndex(await File.ReadAllLinesAsync(Path.Combine(Infra, "main.bicepparam"), TestContext.Current.CancellationToken), text => text.Contains(variable, StringComparison.Ordinal));
        output.ShouldContain($"({line},");
    }
}
