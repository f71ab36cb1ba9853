using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace DataHealth.Local.Runtime.Hosting;

/// <summary>How tests host functions in their own process: the functions of a given assembly, or of given classes only.</summary>
internal static class LocalFunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(Assembly functions, params string[] args) => new(args, functions.GetTypes(), ownsProcess: false);

    public static FunctionsApplicationBuilder CreateBuilder(IReadOnlyList<Type> classes, params string[] args) => new(args, classes, ownsProcess: false);

    /// <summary>Where a started host listens; ends in a slash.</summary>
    public static Uri Address(this IHost host) => ((LocalHost)host).Address;
}
