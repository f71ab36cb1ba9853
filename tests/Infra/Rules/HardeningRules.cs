using System.Text.Json.Nodes;
using DataHealth.Infra.Tests.Compiler;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>What nobody may reach: no public blob, no shared key, no old TLS, no plain http, no password; and what is removed by mistake can be had back.</summary>
internal static class HardeningRules
{
    public static IEnumerable<string> Faults(Deployment deployment, string stage)
    {
        foreach (var account in deployment.Of("Microsoft.Storage/storageAccounts"))
        {
            if (!Is(account, "allowBlobPublicAccess", false))
                yield return $"{Deployment.Name(account)} allows public blobs.";
            if (!Is(account, "allowSharedKeyAccess", false))
                yield return $"{Deployment.Name(account)} takes keys.";
            if (!Is(account, "supportsHttpsTrafficOnly", true))
                yield return $"{Deployment.Name(account)} takes plain http.";
            if (!Is(account, "minimumTlsVersion", "TLS1_2") && !Is(account, "minimumTlsVersion", "TLS1_3"))
                yield return $"{Deployment.Name(account)} takes TLS older than 1.2.";
            if (!Is(account, "allowCrossTenantReplication", false))
                yield return $"{Deployment.Name(account)} can be copied to another tenant.";
        }
        foreach (var container in deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers").Where(container => !Is(container, "publicAccess", "None")))
            yield return $"{Deployment.Name(container)} is public.";
        foreach (var vault in deployment.Of("Microsoft.KeyVault/vaults"))
        {
            if (!Is(vault, "enableRbacAuthorization", true))
                yield return $"{Deployment.Name(vault)} goes by access policies.";
            if (!Is(vault, "enableSoftDelete", true))
                yield return $"{Deployment.Name(vault)} forgets removed secrets at once.";
            if (stage == "prod" && !Is(vault, "enablePurgeProtection", true))
                yield return $"{Deployment.Name(vault)} has no purge protection.";
        }
        if (!Is(deployment.App, "httpsOnly", true))
            yield return "The app takes plain http.";
        var site = deployment.App["properties"]!["siteConfig"]!;
        foreach (var version in (string[])["minTlsVersion", "scmMinTlsVersion"])
        {
            if (site[version]?.GetValue<string>() is not ("1.2" or "1.3"))
                yield return $"The app's {version} is not 1.2 or later.";
        }
        if (site["ftpsState"]?.GetValue<string>() != "Disabled")
            yield return "The app takes FTP.";
        foreach (var way in (string[])["ftp", "scm"])
        {
            if (!deployment.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Any(policy => Deployment.Name(policy).EndsWith($"/{way}", StringComparison.Ordinal) && Is(policy, "allow", false)))
                yield return $"A password deploys by {way}.";
        }
        if (deployment.App["identity"]?["type"]?.GetValue<string>() != "UserAssigned")
            yield return "The app has another identity than its own.";
        if (deployment.Of("Microsoft.Insights/components").Any(component => !Is(component, "DisableLocalAuth", true)))
            yield return "Application Insights takes its key.";
        if (site["cors"]?["allowedOrigins"]?.AsArray().Any(origin => origin!.GetValue<string>() == "*") != false)
            yield return "Pages of any site may read the API's answers.";
    }

    private static bool Is(JsonObject resource, string property, bool value) => resource["properties"]![property] is JsonValue set && set.TryGetValue<bool>(out var real) && real == value;

    private static bool Is(JsonObject resource, string property, string value) => resource["properties"]![property] is JsonValue set && set.TryGetValue<string>(out var real) && real == value;
}
