using System.Reflection;

namespace DataHealth.EndToEnd.Tests.Architecture;

/// <summary>The arrows of the design: Functions → Core; the local runtime knows neither; the sandbox knows none of them.</summary>
public sealed class ArrowsTests
{
    [Fact]
    public void Core_knows_no_trigger_no_durable_type_and_no_web_type() =>
        ReferencesOf("DataHealth.Core").ShouldNotContain(name =>
            name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal) || name.StartsWith("DataHealth", StringComparison.Ordinal));

    [Fact]
    public void The_local_runtime_knows_no_product_code() =>
        ReferencesOf("DataHealth.Local.Runtime").ShouldNotContain(name => name.StartsWith("DataHealth", StringComparison.Ordinal));

    [Fact]
    public void The_sandbox_knows_no_product_code() =>
        ReferencesOf("DataHealth.Local.Sandbox").ShouldNotContain(name => name.StartsWith("DataHealth", StringComparison.Ordinal));

    [Fact]
    public void The_functions_know_the_product_and_their_runtime_only() =>
        ReferencesOf("DataHealth.Functions").Where(name => name.StartsWith("DataHealth", StringComparison.Ordinal))
            .ShouldBeSubsetOf(["DataHealth.Core", "DataHealth.Local.Runtime"]);

    [Fact]
    public void The_command_line_knows_the_product_but_not_the_functions() =>
        ReferencesOf("datahealth").Where(name => name.StartsWith("DataHealth", StringComparison.Ordinal)).ShouldBeSubsetOf(["DataHealth.Core"]);

    private static List<string> ReferencesOf(string assembly) => [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)];
}
