using System.Text.RegularExpressions;
using DataHealth.Functions.Tests.Configuration;
using DataHealth.Infra.Tests.Compiler;

namespace DataHealth.Infra.Tests.Rules;

/// <summary>No secret is in a setting, in an output or anywhere in the template; no key is asked for.</summary>
internal static partial class SecretRules
{
    public static IEnumerable<string> Faults(Deployment deployment, IReadOnlyList<SettingRow> rows)
    {
        foreach (var (name, node) in deployment.Settings)
        {
            var row = rows.SingleOrDefault(row => row.Name.Replace(":", "__", StringComparison.Ordinal) == name);
            if (row?.IsSecret == true && SettingRules.SecretOf(node!.GetValue<string>()) is null)
                yield return $"{name} is a secret and no Key Vault reference.";
        }
        foreach (var (name, output) in deployment.Outputs)
        {
            if (output!.ToJsonString() is var value && (value.Contains("ConnectionString", StringComparison.OrdinalIgnoreCase) || value.Contains("InstrumentationKey", StringComparison.OrdinalIgnoreCase) || value.Contains("/secrets/", StringComparison.Ordinal)))
                yield return $"The output {name} tells what nobody needs to know.";
        }
        foreach (var fault in TextFaults(deployment.Text))
            yield return fault;
    }

    /// <summary>What must be in no template, whatever its parameters.</summary>
    public static IEnumerable<string> TextFaults(string template) =>
        Keys().Matches(template).Select(match => $"'{match.Value}' is in the template.").Distinct();

    [GeneratedRegex(@"AccountKey=|SharedAccessSignature|SharedAccessKey|list(?:Keys|Secrets|AccountSas|ServiceSas|Credentials|ConnectionStrings)\(|sig=", RegexOptions.IgnoreCase)]
    private static partial Regex Keys();
}
