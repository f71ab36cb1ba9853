using DataHealth.Infra.Tests.Compiler;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>Where the network is private, nothing is reached from outside it but by operators' addresses where these were asked for, and everything that is called is reached from inside.</summary>
internal static class NetworkRules
{
    // What operators set and restore. Nobody needs the host's account or the tokens from outside.
    private static readonly string[] ForOperators = ["client-data", "settings"];

    public static IEnumerable<string> Faults(Deployment deployment, IReadOnlyList<string> addresses)
    {
        if (!deployment.Of("Microsoft.Network/virtualNetworks").Any())
            yield break;
        foreach (var closed in deployment.Of("Microsoft.Storage/storageAccounts").Concat(deployment.Of("Microsoft.KeyVault/vaults")))
        {
            var properties = closed["properties"]!;
            var let = ForOperators.Contains(closed["tags"]!["holds"]!.GetValue<string>()) ? addresses : [];
            if (properties["publicNetworkAccess"]!.GetValue<string>() != (let.Count > 0 ? "Enabled" : "Disabled") || properties["networkAcls"]!["defaultAction"]!.GetValue<string>() != "Deny"
                || !properties["networkAcls"]!["ipRules"]!.AsArray().Select(rule => rule!["value"]!.GetValue<string>()).SequenceEqual(let))
                yield return $"{Deployment.Name(closed)} is reached from outside, or not by {string.Join(" and ", let.DefaultIfEmpty("nobody"))}.";
        }
        if (deployment.App["properties"]!["virtualNetworkSubnetId"] is null)
            yield return "The app is not in the network.";
        var endpoints = deployment.Of("Microsoft.Network/privateEndpoints").SelectMany(endpoint => endpoint["properties"]!["privateLinkServiceConnections"]!.AsArray())
            .Select(link => (Target: link!["properties"]!["privateLinkServiceId"]!.GetValue<string>(), Kind: link["properties"]!["groupIds"]![0]!.GetValue<string>())).ToHashSet();
        foreach (var (setting, kind) in ((string, string)[])[
            ("Storage__TablesUri", "table"), ("Vault__Uri", "vault"), ("AzureWebJobsStorage__blobServiceUri", "blob"), ("AzureWebJobsStorage__queueServiceUri", "queue"),
            ("AzureWebJobsStorage__tableServiceUri", "table")])
        {
            if (!endpoints.Contains((Deployment.TargetOf(deployment.Settings[setting]!.GetValue<string>())!, kind)))
                yield return $"{setting} is not reached from inside.";
        }
        foreach (var (name, value) in deployment.Settings.Where(one => SettingRules.SecretOf(one.Value!.GetValue<string>()) is not null))
        {
            if (!endpoints.Contains((SettingRules.VaultOf(deployment, value!.GetValue<string>()), "vault")))
                yield return $"The secret of {name} is not reached from inside.";
        }
        var zones = deployment.Of("Microsoft.Network/privateDnsZones").Select(Deployment.Name).ToList();
        foreach (var kind in endpoints.Select(endpoint => endpoint.Kind).Distinct())
        {
            if (!zones.Any(zone => kind == "vault" ? zone == "privatelink.vaultcore.azure.net" : zone.Contains($"'{kind}'", StringComparison.Ordinal)))
                yield return $"No name leads to the endpoints of kind {kind}.";
        }
        if (deployment.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count() != endpoints.Count)
            yield return "An endpoint has no name.";
    }
}
