using System.Text.RegularExpressions;
using DataHealth.Infra.Tests.Compiler;
using DataHealth.Testing;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>The runtime that Azure is asked for is the one that the project files build for.</summary>
internal static partial class RuntimeRules
{
    // They are parts of functionAppConfig on this plan, and refused as settings.
    private static readonly string[] Refused = ["FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE"];

    public static IEnumerable<string> Faults(Deployment deployment)
    {
        var runtime = deployment.App["properties"]!["functionAppConfig"]!["runtime"]!;
        if (runtime["name"]!.GetValue<string>() != "dotnet-isolated")
            yield return "The functions are .NET in a process of their own (isolated).";
        var framework = Read("Directory.Build.props", FrameworkOf());
        if (runtime["version"]!.GetValue<string>() != framework)
            yield return $"Azure is asked for .NET {runtime["version"]}, and the projects are built for {framework}.";
        if (Read("global.json", SdkOf()) != framework.Split('.')[0])
            yield return $"global.json names another SDK than that of .NET {framework}.";
        if (Read("DataHealth.Functions/DataHealth.Functions.csproj", FunctionsOf()) != "v4")
            yield return "The Flex Consumption plan runs version 4 of the Functions host only.";
        // Workers of .NET 10 begin with 2.50 and its SDK with 2.0.5.
        foreach (var (package, least) in ((string, Version)[])[("Microsoft.Azure.Functions.Worker", new(2, 50)), ("Microsoft.Azure.Functions.Worker.Sdk", new(2, 0, 5))])
        {
            if (Version.Parse(Read("Directory.Packages.props", PackageOf(package))) < least)
                yield return $"{package} is too old for .NET {framework}.";
        }
        foreach (var refused in Refused.Where(name => deployment.Settings.ContainsKey(name)))
            yield return $"The Flex Consumption plan takes no {refused}.";
        if (deployment.Of("Microsoft.Web/serverfarms").Single()["sku"]!["name"]!.GetValue<string>() != "FC1")
            yield return "The plan is not Flex Consumption.";
        if (deployment.App["properties"]!["siteScopedCertificatesEnabled"]?.GetValue<bool>() != true)
            yield return "An app that is made so can never have a certificate for its own domain.";
        var storage = deployment.App["properties"]!["functionAppConfig"]!["deployment"]!["storage"]!;
        var place = storage["value"]!.GetValue<string>();
        var container = deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers").Select(one => Deployment.Name(one)).SingleOrDefault();
        if (container is null || !place.Contains($"'{container.Split('/')[^1]}'", StringComparison.Ordinal) || Deployment.TargetOf(place)?.EndsWith($"/{container.Split('/')[0]}", StringComparison.Ordinal) != true)
            yield return "The container for the deployed package is not there.";
        if (storage["authentication"]!["type"]!.GetValue<string>() != "UserAssignedIdentity")
            yield return "The deployed package is read with a key.";
        // Only so does the scale controller, which is told what stands in host.json, watch the hub that the app works on.
        var setting = Read("host.json", HubOf());
        var name = deployment.Settings[setting]?.GetValue<string>();
        if (string.IsNullOrEmpty(name))
            yield return $"The task hub of host.json is the setting {setting}, which is not there.";
        if (deployment.Of("Microsoft.DurableTask/schedulers/taskHubs").SingleOrDefault() is { } hub
            && (!Deployment.Name(hub).EndsWith($"/{name}", StringComparison.Ordinal)
                || !deployment.Settings["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"]!.GetValue<string>().Contains("TaskHub=", StringComparison.Ordinal)))
            yield return $"The scheduler has no task hub {name}, or its connection names none.";
    }

    private static string Read(string file, Regex what)
    {
        var match = what.Match(File.ReadAllText(Path.Combine(Repository.Root, file)));
        match.Success.ShouldBeTrue($"{file} has no {what}");
        return match.Groups[1].Value;
    }

    private static Regex PackageOf(string package) => new($"Include=\"{Regex.Escape(package)}\" Version=\"([0-9.]+)");

    [GeneratedRegex("<TargetFramework>net([0-9.]+)</TargetFramework>")]
    private static partial Regex FrameworkOf();

    [GeneratedRegex("\"version\": \"([0-9]+)\\.")]
    private static partial Regex SdkOf();

    [GeneratedRegex("<AzureFunctionsVersion>(\\w+)</AzureFunctionsVersion>")]
    private static partial Regex FunctionsOf();

    [GeneratedRegex("\"hubName\": \"%(\\w+)%\"")]
    private static partial Regex HubOf();
}
