using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DataHealth.Infra.Tests.Compiler;

/// <summary>What one environment would be: every resource with its parameters filled in, as the compiler predicts it. What only Azure knows stays an expression.</summary>
internal sealed partial class Deployment(JsonNode snapshot)
{
    public IReadOnlyList<JsonObject> Resources => [.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())];

    public JsonObject Outputs => snapshot["outputs"]!.AsObject();

    /// <summary>All of it, to look for what must be nowhere.</summary>
    public string Text => snapshot.ToJsonString();

    /// <summary>The app settings of the functions.</summary>
    public JsonObject Settings => Of("Microsoft.Web/sites/config").Single(config => Name(config).EndsWith("/appsettings", StringComparison.Ordinal))["properties"]!.AsObject();

    public JsonObject App => Of("Microsoft.Web/sites").Single();

    /// <summary>Who may do what: the assignments of the app's own identity.</summary>
    public IReadOnlyList<Grant> Grants => [.. Of("Microsoft.Authorization/roleAssignments")
        .Where(one => one["properties"]!["principalId"]!.GetValue<string>().Contains("userAssignedIdentities", StringComparison.Ordinal))
        .Select(one => new Grant(one["properties"]!["roleDefinitionId"]!.GetValue<string>().Split('/')[^1], ScopeOf(one)))];

    public IEnumerable<JsonObject> Of(string type) => Resources.Where(resource => resource["type"]!.GetValue<string>() == type);

    public static string Name(JsonObject resource) => resource["name"]!.GetValue<string>();

    /// <summary>The resource that a setting's address belongs to, e.g. a storage account; null when it is no reference.</summary>
    public static string? TargetOf(string value) => Reference().Match(value) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The same with something changed: to see that a rule would notice.</summary>
    public Deployment With(Action<Deployment> change)
    {
        var copy = new Deployment(snapshot.DeepClone());
        change(copy);
        return copy;
    }

    /// <summary>Puts another resource beside the others.</summary>
    public void Add(string resource) => snapshot["predictedResources"]!.AsArray().Add(JsonNode.Parse(resource));

    public void Remove(Func<JsonObject, bool> which)
    {
        var all = snapshot["predictedResources"]!.AsArray();
        foreach (var one in all.Where(resource => which(resource!.AsObject())).ToList())
            all.Remove(one);
    }

    // An extension's id is an expression whose first part is what it extends.
    private static string ScopeOf(JsonObject assignment) =>
        Extended().Match(assignment["id"]!.GetValue<string>()) is { Success: true } match ? match.Groups[1].Value : "no resource";

    [GeneratedRegex(@"reference\('([^']+)'")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\[extensionResourceId\('([^']+)', 'Microsoft\.Authorization/roleAssignments'")]
    private static partial Regex Extended();
}

/// <summary>A role at a scope.</summary>
/// <param name="Role">The id of its definition.</param>
/// <param name="Scope">The id of what it is for.</param>
internal sealed record Grant(string Role, string Scope);
