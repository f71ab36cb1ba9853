using System.Text.Json.Nodes;
using DataHealth.Testing;

namespace DataHealth.Infra.Tests.Compiler;

/// <summary>The environments that are looked at, compiled once each.</summary>
public sealed class Deployments
{
    private static readonly Dictionary<string, string> Least = new()
    {
        ["AZURE_LOCATION"] = "uksouth",
        ["DATAHEALTH_SIGNIN_AUTHORITY"] = "https://login.example/",
        ["DATAHEALTH_SIGNIN_AUDIENCE"] = "datahealth-api",
        ["DATAHEALTH_FIRST_SUPPORT_EMAIL"] = "sam@example.com",
        ["DATAHEALTH_ALERT_EMAILS"] = "oncall@example.com, lead@example.com",
        ["DATAHEALTH_OPERATOR_ID"] = "none",
    };

    private static readonly Dictionary<string, Dictionary<string, string>> Environments = new()
    {
        // With as little as possible.
        ["dev"] = new(Least) { ["AZURE_ENV_NAME"] = "datahealth-dev", ["DATAHEALTH_STAGE"] = "dev" },
        // With everything.
        ["prod"] = new(Least)
        {
            ["AZURE_ENV_NAME"] = "datahealth-prod",
            ["DATAHEALTH_STAGE"] = "prod",
            ["DATAHEALTH_XERO_CLIENT_ID"] = "xero-app",
            ["DATAHEALTH_XERO_WEBHOOKS"] = "true",
            ["DATAHEALTH_QUICKBOOKS_CLIENT_ID"] = "quickbooks-app",
            ["DATAHEALTH_QUICKBOOKS_WEBHOOKS"] = "true",
            ["DATAHEALTH_MAIL_HOST"] = "smtp.example.com",
            ["DATAHEALTH_MAIL_FROM"] = "Data Health <no-reply@example.com>",
            ["DATAHEALTH_MAIL_USER"] = "mailer",
            ["DATAHEALTH_FRONT_END"] = "true",
            ["DATAHEALTH_BUDGET_START"] = "2026-12-01",
            ["DATAHEALTH_OPERATOR_ID"] = "5b0e3f3a-2d0c-4d0a-9f5e-111122223333",
        },
        // With the other keeper of the task hub.
        ["scheduler"] = new(Least) { ["AZURE_ENV_NAME"] = "datahealth-dts", ["DATAHEALTH_STAGE"] = "dev", ["DATAHEALTH_DURABLE_PROVIDER"] = "durableTaskScheduler" },
    };

    private readonly Dictionary<string, Lazy<Task<Deployment>>> _compiled =
        Environments.ToDictionary(one => one.Key, one => new Lazy<Task<Deployment>>(() => CompileAsync(one.Value)));

    public static IEnumerable<string> Names => Environments.Keys;

    /// <summary>The variables of an environment, as azd would hand them over.</summary>
    internal static IReadOnlyDictionary<string, string> Variables(string environment) => Environments[environment];

    internal Task<Deployment> OfAsync(string environment)
    {
        Bicep.Require();
        return _compiled[environment].Value;
    }

    private static async Task<Deployment> CompileAsync(IReadOnlyDictionary<string, string> variables)
    {
        // The compiler writes its prediction beside its input.
        var folder = Directory.CreateTempSubdirectory("datahealth-infra-").FullName;
        try
        {
            Copy(Path.Combine(Repository.Root, "infra"), folder);
            var (code, output) = await Bicep.RunAsync(
            [
                "snapshot", "--mode", "overwrite", "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002",
                "--location", "uksouth", "--deployment-name", "infra", Path.Combine(folder, "main.bicepparam"),
            ], variables);
            code.ShouldBe(0, output);
            output.Trim().ShouldBeEmpty("what the compiler cannot predict is not checked either");
            return new Deployment(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "main.snapshot.json"), TestContext.Current.CancellationToken))!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
