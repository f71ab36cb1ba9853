using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DataHealth.Infra.Tests.Compiler;

/// <summary>The Bicep compiler of the package, as a person would call it.</summary>
internal static class Bicep
{
    private static readonly string Program =
        typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "BicepPath").Value!;

    /// <summary>Ends the test as not checked where the compiler does not run.</summary>
    public static void Require()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            Assert.Skip("infra/ is NOT checked on this machine: the package holds the Bicep compiler for Linux on x64 only.");
    }

    /// <summary>Runs it to its end; its words, of both kinds.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // The environment is a parameter of the template here, so nothing of this machine's gets in.
        start.Environment.Clear();
        foreach (var name in (string[])["PATH", "HOME", "TMPDIR"])
            start.Environment[name] = Environment.GetEnvironmentVariable(name);
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + errors);
    }
}
