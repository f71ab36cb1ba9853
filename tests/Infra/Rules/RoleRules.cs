using DataHealth.Infra.Tests.Compiler;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>Each call that the code makes has its role, at the narrowest scope; and there is no role that no call needs.</summary>
internal static class RoleRules
{
    // What the client's methods ask for; Secrets User may only read.
    private static readonly Dictionary<string, bool> NeedsOfficer = new()
    {
        ["GetSecret"] = false,
        ["SetSecret"] = true,
        ["StartDeleteSecret"] = true,
        ["GetDeletedSecret"] = true,
        ["PurgeDeletedSecret"] = true,
        ["StartRecoverDeletedSecret"] = true,
    };

    public static IEnumerable<string> Faults(Deployment deployment, Code code)
    {
        var needed = Needed(deployment, code).ToHashSet();
        var given = deployment.Grants.ToHashSet();
        foreach (var missing in needed.Except(given))
            yield return $"Role {missing.Role} is missing at {missing.Scope}.";
        foreach (var needless in given.Except(needed))
            yield return $"Role {needless.Role} at {needless.Scope} is for no call.";
        foreach (var unknown in code.VaultCalls.Except(NeedsOfficer.Keys))
            yield return $"Nobody has written down which role the vault's {unknown} asks for.";
    }

    private static IEnumerable<Grant> Needed(Deployment deployment, Code code)
    {
        var settings = deployment.Settings.ToDictionary(one => one.Key, one => one.Value!.GetValue<string>());
        string Target(string setting) => Deployment.TargetOf(settings[setting]) ?? $"no resource in {setting}";

        if (code.UsesTables)
            yield return new(Role.StorageTableDataContributor, Target("Storage__TablesUri"));
        if (code.UsesBlobs)
            yield return new(Role.StorageBlobDataContributor, Target("Storage__BlobsUri"));
        if (code.UsesQueues)
            yield return new(Role.StorageQueueDataContributor, Target("Storage__QueuesUri"));
        yield return new(code.VaultCalls.Any(call => NeedsOfficer.GetValueOrDefault(call, true)) ? Role.KeyVaultSecretsOfficer : Role.KeyVaultSecretsUser, Target("Vault__Uri"));
        // The identity may read the settings' vault before there is anything in it.
        var references = settings.Values.Where(value => SettingRules.SecretOf(value) is not null).Select(value => SettingRules.VaultOf(deployment, value)).Distinct().ToList();
        foreach (var vault in references.Count > 0 ? references : [SettingsVault(deployment)])
            yield return new(Role.KeyVaultSecretsUser, vault);
        yield return new(Role.StorageBlobDataOwner, Target("AzureWebJobsStorage__blobServiceUri"));
        yield return new(Role.StorageQueueDataContributor, Target("AzureWebJobsStorage__queueServiceUri"));
        yield return new(Role.StorageTableDataContributor, Target("AzureWebJobsStorage__tableServiceUri"));
        yield return new(Role.MonitoringMetricsPublisher, Target("APPLICATIONINSIGHTS_CONNECTION_STRING"));
        if (deployment.Of("Microsoft.DurableTask/schedulers/taskHubs").SingleOrDefault() is { } hub)
            yield return new(Role.DurableTaskDataContributor, hub["id"]!.GetValue<string>());
    }

    private static string SettingsVault(Deployment deployment) =>
        deployment.Of("Microsoft.KeyVault/vaults").Single(vault => vault["tags"]!["holds"]!.GetValue<string>() == "settings")["id"]!.GetValue<string>();
}
