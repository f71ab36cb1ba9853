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

    private static readonly Dictionary<string, string> Everything = new(Least)
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
    };

    // What can be asked for beside: each adds resources or opens something.
    private static readonly (string Name, string Variable, string Value)[] Further =
    [
        ("addresses", "DATAHEALTH_OPERATOR_ADDRESSES", "198.51.100.7, 203.0.113.0/24"),
        ("scheduler", "DATAHEALTH_DURABLE_PROVIDER", "durableTaskScheduler"),
        ("taken", "DATAHEALTH_TOKEN_VAULT_ID", TakenVault),
    ];

    /// <summary>The token vault of another environment, whose backup is restored.</summary>
    public const string TakenVault = "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/rg-datahealth-old/providers/Microsoft.KeyVault/vaults/kv-tok-old";

    // Dev with as little as possible, prod with everything; and of the rest each alone and all of it together, since they have nothing in common but the template. One takes the compiler some seconds.
    private static readonly Dictionary<string, Dictionary<string, string>> Environments = With("prod", Everything, [0, 1, 2, 4, 7])
        .Concat(With("dev", new(Least) { ["AZURE_ENV_NAME"] = "datahealth-dev", ["DATAHEALTH_STAGE"] = "dev" }, [0, 7])).ToDictionary();

    private readonly Dictionary<string, Lazy<Task<Deployment>>> _compiled =
        Environments.ToDictionary(one => one.Key, one => new Lazy<Task<Deployment>>(() => CompileAsync(one.Value)));

    public static IEnumerable<string> Names => Environments.Keys;

    /// <summary>The variables of an environment, as azd would hand them over.</summary>
    internal static IReadOnlyDictionary<string, string> Variables(string environment) => Environments[environment];

    /// <summary>The addresses from which operators are let in.</summary>
    internal static IReadOnlyList<string> Addresses(string environment) =>
        Environments[environment].TryGetValue("DATAHEALTH_OPERATOR_ADDRESSES", out var addresses) ? addresses.Split(',', StringSplitOptions.TrimEntries) : [];

    internal Task<Deployment> OfAsync(string environment)
    {
        Bicep.Require();
        return _compiled[environment].Value;
    }

    // A choice is a bit for each of what there is.
    private static IEnumerable<KeyValuePair<string, Dictionary<string, string>>> With(string stage, Dictionary<string, string> variables, IEnumerable<int> choices)
    {
        foreach (var chosen in choices)
        {
            var some = Further.Where((_, index) => (chosen >> index) % 2 == 1).ToList();
            yield return new(
                string.Join('+', some.Select(one => one.Name).Prepend(stage)), new(variables.Concat(some.Select(one => KeyValuePair.Create(one.Variable, one.Value)))));
        }
    }

    private static async Task<Deployment> CompileAsync(Dictionary<string, string> variables)
    {
        // The compiler writes its prediction beside its input.
        var folder = Directory.CreateTempSubdirectory("datahealth-infra-").FullName;
        try
        {
            Copy(Path.Combine(Repository.Root, "infra"), folder);
            // The infrastructure's edit of those that switch to the scheduler (docs/decisions/0902): without it the parameter is refused.
            if (variables.ContainsKey("DATAHEALTH_DURABLE_PROVIDER"))
            {
                var main = Path.Combine(folder, "main.bicep");
                await File.WriteAllTextAsync(main, (await File.ReadAllTextAsync(main)).Replace("@allowed(['azureStorage'])", "@allowed(['azureStorage', 'durableTaskScheduler'])", StringComparison.Ordinal));
            }
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
