using DataHealth.Functions.Tests.Configuration;
using DataHealth.Infra.Tests.Compiler;
using DataHealth.Infra.Tests.Rules;

namespace DataHealth.Infra.Tests;

/// <summary>Each rule can fail: something is changed in the compiled template of prod (or in what is said of the code), and the rule must notice.</summary>
public sealed class MutationTests(Deployments deployments)
{
    private const string Data = "stdata";
    private static readonly IReadOnlyList<SettingRow> Rows = SettingRow.ReadAll();

    private static readonly Dictionary<string, (Action<Deployment> Change, Func<Deployment, IEnumerable<string>> Rule)> Mutations = new()
    {
        ["a setting that nobody reads"] = (it => it.Settings["Sync__Intervall"] = "1.00:00:00", Settings),
        ["a needed setting left out"] = (it => it.Settings.Remove("Auth__Authority"), Settings),
        ["a schedule left out"] = (it => it.Settings.Remove("SweepSchedule"), Settings),
        ["a schedule that differs"] = (it => it.Settings["SweepSchedule"] = "0 0 * * * *", Settings),
        ["the host's storage left out"] = (it => it.Settings.Remove("AzureWebJobsStorage__queueServiceUri"), Settings),
        ["a task hub that the scale controller does not see"] = (it => it.Settings["AzureFunctionsJobHost__extensions__durableTask__hubName"] = "DataHealth2", Settings),
        ["a task hub without a name"] = (it => it.Settings.Remove("TaskHub"), RuntimeRules.Faults),
        ["half of the scheduler"] = (it => it.Settings["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"] = "Endpoint=x", Settings),
        ["a setting that the document has elsewhere"] = (it => it.Settings["Sync__Interval"] = "1.00:00:00", it => SettingRules.PlaceFaults(it, Rows)),
        ["a role left out"] = (it => it.Remove(one => IsRole(one, Role.StorageTableDataContributor, Data)), Roles),
        ["a role too many"] = (it => it.Add(Assignment(Role.StorageBlobDataContributor, "/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/stdata1")), Roles),
        ["a role for the whole group"] = (it => it.Add(Assignment(Role.KeyVaultSecretsOfficer, "/subscriptions/x/resourceGroups/y")), Roles),
        ["less than the vault's calls need"] = (it => Change(it, Role.KeyVaultSecretsOfficer, Role.KeyVaultSecretsUser), Roles),
        ["more than settings need"] = (it => Change(it, Role.KeyVaultSecretsUser, Role.KeyVaultSecretsOfficer), Roles),
        ["a call for blobs without a role"] = (_ => { }, it => RoleRules.Faults(it, Code.Real with { UsesBlobs = true })),
        ["no call for tables and yet a role"] = (_ => { }, it => RoleRules.Faults(it, Code.Real with { UsesTables = false })),
        ["a vault's call that nobody knows"] = (_ => { }, it => RoleRules.Faults(it, Code.Real with { VaultCalls = new HashSet<string> { "BackupSecret" } })),
        ["a secret in plain text"] = (it => it.Settings["Xero__ClientSecret"] = "a-secret", Secrets),
        ["a key in a setting"] = (it => it.Settings["Auth__Audience"] = "DefaultEndpointsProtocol=https;AccountKey=abc", Secrets),
        ["a call for keys"] = (it => it.Settings["Auth__Audience"] = "[listKeys('x', '2024-01-01').keys[0].value]", Secrets),
        ["a connection string as output"] = (it => it.Outputs["APPLICATIONINSIGHTS"] = "[reference('x').ConnectionString]", Secrets),
        ["public blobs"] = (it => Set(it, "Microsoft.Storage/storageAccounts", "allowBlobPublicAccess", true), Hardening),
        ["shared keys"] = (it => Set(it, "Microsoft.Storage/storageAccounts", "allowSharedKeyAccess", true), Hardening),
        ["shared keys by default"] = (it => Properties(it, "Microsoft.Storage/storageAccounts").Remove("allowSharedKeyAccess"), Hardening),
        ["plain http to storage"] = (it => Set(it, "Microsoft.Storage/storageAccounts", "supportsHttpsTrafficOnly", false), Hardening),
        ["old TLS at storage"] = (it => Set(it, "Microsoft.Storage/storageAccounts", "minimumTlsVersion", "TLS1_0"), Hardening),
        ["a copy in another tenant"] = (it => Set(it, "Microsoft.Storage/storageAccounts", "allowCrossTenantReplication", true), Hardening),
        ["a public container"] = (it => Set(it, "Microsoft.Storage/storageAccounts/blobServices/containers", "publicAccess", "Blob"), Hardening),
        ["access policies"] = (it => Set(it, "Microsoft.KeyVault/vaults", "enableRbacAuthorization", false), Hardening),
        ["no soft delete"] = (it => Set(it, "Microsoft.KeyVault/vaults", "enableSoftDelete", false), Hardening),
        ["no purge protection"] = (it => Properties(it, "Microsoft.KeyVault/vaults").Remove("enablePurgeProtection"), Hardening),
        ["plain http to the app"] = (it => it.App["properties"]!["httpsOnly"] = false, Hardening),
        ["old TLS at the app"] = (it => it.App["properties"]!["siteConfig"]!["minTlsVersion"] = "1.1", Hardening),
        ["FTP"] = (it => it.App["properties"]!["siteConfig"]!["ftpsState"] = "AllAllowed", Hardening),
        ["deployment by password"] = (it => it.Remove(one => Deployment.Name(one).EndsWith("/scm", StringComparison.Ordinal)), Hardening),
        ["another identity"] = (it => it.App["identity"]!["type"] = "SystemAssigned", Hardening),
        ["telemetry by key"] = (it => Set(it, "Microsoft.Insights/components", "DisableLocalAuth", false), Hardening),
        ["answers for any page"] = (it => it.App["properties"]!["siteConfig"]!["cors"]!["allowedOrigins"]!.AsArray().Add("*"), Hardening),
        ["a way in from outside"] = (it => Set(it, "Microsoft.KeyVault/vaults", "publicNetworkAccess", "Enabled"), Network),
        ["an address that nobody asked for"] = (it => Properties(it, "Microsoft.KeyVault/vaults")["networkAcls"]!["ipRules"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse("""{ "value": "192.0.2.1" }""")), Network),
        ["an address that was asked for and is not let in"] = (_ => { }, it => NetworkRules.Faults(it, ["192.0.2.1"])),
        ["an app outside the network"] = (it => it.App["properties"]!.AsObject().Remove("virtualNetworkSubnetId"), Network),
        ["a service without an endpoint"] = (it => it.Remove(one => Deployment.Name(one).EndsWith("-host-queue", StringComparison.Ordinal)), Network),
        ["an endpoint without a name"] = (it => it.Remove(one => Deployment.Name(one).EndsWith("-tokens/default", StringComparison.Ordinal)), Network),
        ["a zone left out"] = (it => it.Remove(one => Deployment.Name(one) == "privatelink.vaultcore.azure.net"), Network),
        ["another runtime"] = (it => it.App["properties"]!["functionAppConfig"]!["runtime"]!["name"] = "node", RuntimeRules.Faults),
        ["another version of .NET"] = (it => it.App["properties"]!["functionAppConfig"]!["runtime"]!["version"] = "8.0", RuntimeRules.Faults),
        ["a setting that the plan refuses"] = (it => it.Settings["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated", RuntimeRules.Faults),
        ["another plan"] = (it => it.Of("Microsoft.Web/serverfarms").Single()["sku"]!["name"] = "Y1", RuntimeRules.Faults),
        ["no certificates at the app"] = (it => it.App["properties"]!.AsObject().Remove("siteScopedCertificatesEnabled"), RuntimeRules.Faults),
        ["no container for the package"] = (it => it.Remove(one => one["type"]!.GetValue<string>().EndsWith("/containers", StringComparison.Ordinal)), RuntimeRules.Faults),
        ["the package by key"] = (it => it.App["properties"]!["functionAppConfig"]!["deployment"]!["storage"]!["authentication"]!["type"] = "StorageAccountConnectionString", RuntimeRules.Faults),
        ["an alert on what nobody measures"] = (it => Query(it, "datahealth.nothing"), Monitoring),
        ["an alert on a line that nobody writes"] = (it => Reword(it, "'1220'", "'1229'"), Monitoring),
        ["an alert on a line of another class"] = (it => Reword(it, "endswith 'SweeperTimer'", "endswith 'RetentionTimer'"), Monitoring),
        ["an alert on what the line does not tell"] = (it => Reword(it, "Properties.Part", "Properties.Piece"), Monitoring),
        ["a line that tells less than before"] = (_ => { }, it => MonitoringRules.Faults(it, Code.Real with { Lines = Code.Real.Lines.ToDictionary(line => line.Key, IReadOnlySet<string> (line) => line.Value.Where(name => name != "Run").ToHashSet()) })),
        ["an alert on a tag that there is not"] = (it => Reword(it, "Properties.limit", "Properties.limits"), Monitoring),
        ["an alert on an outcome that there is not"] = (it => Reword(it, "outcome == 'failed'", "outcome == 'broken'"), Monitoring),
        ["an alert on a limit that there is not"] = (it => Reword(it, "'dayReserve'", "'reserve'"), Monitoring),
        ["an alert on a trigger that no span has"] = (it => Reword(it, "faas.trigger", "trigger.kind"), Monitoring),
        ["a workbook on what is not told apart"] = (it => Workbook(it, "Properties.status_class", "Properties.statusClass"), Monitoring),
        ["an alert that tells nobody"] = (it => Properties(it, "Microsoft.Insights/scheduledQueryRules")["actions"]!["actionGroups"]!.AsArray().Clear(), Monitoring),
        ["an alert that looks away"] = (it => Set(it, "Microsoft.Insights/scheduledQueryRules", "evaluationFrequency", "P1D"), Monitoring),
        ["a timer that nobody watches"] = (_ => { }, it => MonitoringRules.Faults(it, Code.Real with { Timers = new Dictionary<string, string>(Code.Real.Timers) { ["New"] = "SweepSchedule" } })),
        ["a timer that is gone"] = (_ => { }, it => MonitoringRules.Faults(it, Code.Real with { Timers = Code.Real.Timers.Where(one => one.Key != "Sweep").ToDictionary() })),
        ["a timer without its schedule"] = (it => it.Settings.Remove("DigestSchedule"), Monitoring),
        ["a vault that nobody watches"] = (it => it.Remove(one => one["type"]!.GetValue<string>() == "Microsoft.Insights/diagnosticSettings"), Monitoring),
        ["nobody to tell"] = (it => Properties(it, "Microsoft.Insights/actionGroups")["emailReceivers"]!.AsArray().Clear(), Monitoring),
    };

    public static TheoryData<string> Names => [.. Mutations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_template_with(string mutation)
    {
        var (change, rule) = Mutations[mutation];
        var prod = await deployments.OfAsync("prod");

        rule(prod.With(change)).ShouldNotBeEmpty(mutation);
    }

    private static IEnumerable<string> Settings(Deployment it) => SettingRules.Faults(it, Rows);

    private static IEnumerable<string> Roles(Deployment it) => RoleRules.Faults(it, Code.Real);

    private static IEnumerable<string> Secrets(Deployment it) => SecretRules.Faults(it, Rows);

    private static IEnumerable<string> Hardening(Deployment it) => HardeningRules.Faults(it, "prod");

    private static IEnumerable<string> Network(Deployment it) => NetworkRules.Faults(it, []);

    private static IEnumerable<string> Monitoring(Deployment it) => MonitoringRules.Faults(it, Code.Real);

    private static System.Text.Json.Nodes.JsonObject Properties(Deployment it, string type) => it.Of(type).First()["properties"]!.AsObject();

    private static void Set(Deployment it, string type, string property, bool value) => Properties(it, type)[property] = value;

    private static void Set(Deployment it, string type, string property, string value) => Properties(it, type)[property] = value;

    private static void Query(Deployment it, string metric) =>
        Properties(it, "Microsoft.Insights/scheduledQueryRules")["criteria"]!["allOf"]![0]!["query"] = $"AppMetrics | where Name == '{metric}'";

    private static void Reword(Deployment it, string from, string to)
    {
        foreach (var rule in it.Of("Microsoft.Insights/scheduledQueryRules"))
        {
            var criterion = rule["properties"]!["criteria"]!["allOf"]![0]!;
            criterion["query"] = criterion["query"]!.GetValue<string>().Replace(from, to, StringComparison.Ordinal);
        }
    }

    private static void Workbook(Deployment it, string from, string to)
    {
        var properties = Properties(it, "Microsoft.Insights/workbooks");
        properties["serializedData"] = properties["serializedData"]!.GetValue<string>().Replace(from, to, StringComparison.Ordinal);
    }

    private static bool IsRole(System.Text.Json.Nodes.JsonObject resource, string role, string scope) =>
        resource["type"]!.GetValue<string>() == "Microsoft.Authorization/roleAssignments"
        && resource["properties"]!["roleDefinitionId"]!.GetValue<string>().EndsWith(role, StringComparison.Ordinal)
        && resource["properties"]!["principalId"]!.GetValue<string>().StartsWith('[')
        && resource["id"]!.GetValue<string>().Contains(scope, StringComparison.Ordinal);

    private static void Change(Deployment it, string from, string to)
    {
        foreach (var one in it.Of("Microsoft.Authorization/roleAssignments").Where(one => IsRole(one, from, "")))
            one["properties"]!["roleDefinitionId"] = $"/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/{to}";
    }

    private static string Assignment(string role, string scope) => $$"""
        {
          "id": "[extensionResourceId('{{scope}}', 'Microsoft.Authorization/roleAssignments', 'x')]",
          "type": "Microsoft.Authorization/roleAssignments",
          "name": "x",
          "properties": {
            "principalId": "[reference('/x/userAssignedIdentities/id').principalId]",
            "roleDefinitionId": "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/{{role}}"
          }
        }
        """;
}
