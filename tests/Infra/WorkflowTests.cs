using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DataHealth.Infra.Tests.Rules;
using DataHealth.Testing;

namespace DataHealth.Infra.Tests;

public sealed partial class WorkflowTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, ".github", "workflows");

    private static readonly Dictionary<string, Func<string, string>> Mutations = new()
    {
        ["an action by its tag"] = text => PinnedAction().Replace(text, "actions/checkout@v5", 1),
        ["an action without its version"] = text => text.Replace(" # v5.0.0", "", StringComparison.Ordinal),
        ["every right"] = text => text.Replace("permissions:\n  contents: read\n", "permissions: write-all\n", StringComparison.Ordinal),
        ["rights by default"] = text => text.Replace("permissions:\n  contents: read\n", "", StringComparison.Ordinal),
        ["a right for nothing"] = text => text.Replace("      id-token: write", "      id-token: write\n      packages: write", StringComparison.Ordinal),
        ["a token left in the checkout"] = text => text.Replace("persist-credentials: false", "fetch-depth: 1", StringComparison.Ordinal),
        ["text of others as a command"] = text => text.Replace("run: cd package", "run: echo ${{ inputs.ref }} && cd package", StringComparison.Ordinal),
        ["a stored secret"] = text => text.Replace("vars.AZURE_CLIENT_ID", "secrets.AZURE_CLIENT_ID", StringComparison.Ordinal),
        ["strangers' code"] = text => text.Replace("workflow_dispatch:", "pull_request_target:", StringComparison.Ordinal),
    };

    public static TheoryData<string> Changes => [.. Mutations.Keys];

    [Fact]
    public void Every_workflow_runs_pinned_actions_with_the_least_rights_and_no_stored_secret()
    {
        var files = Directory.GetFiles(Folder, "*.yml");

        files.Length.ShouldBeGreaterThan(2);
        files.SelectMany(file => WorkflowRules.Faults(Path.GetFileName(file), File.ReadAllText(file))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_workflow_is_refused_for(string mutation)
    {
        var good = File.ReadAllText(Path.Combine(Folder, "deploy.yml")).ReplaceLineEndings("\n");
        var bad = Mutations[mutation](good);

        bad.ShouldNotBe(good);
        WorkflowRules.Faults("deploy.yml", bad).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_deployment_hands_over_every_variable_that_the_parameters_read_and_no_other()
    {
        var read = Variable().Matches(File.ReadAllText(Path.Combine(Repository.Root, "infra", "main.bicepparam"))).Select(match => match.Groups[1].Value);

        WorkflowRules.Variables(File.ReadAllText(Path.Combine(Folder, "deploy.yml")), "deploy").Order().ShouldBe(read.Order());
    }

    [Fact]
    public void A_deployment_is_of_a_commit_that_CI_has_found_good_and_looks_before_it_provisions()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "deploy.yml"));

        text.ShouldContain("--workflow ci.yml --event push --commit \"$COMMIT\"");
        // A verdict for every push: GitHub keeps one waiting run in a group and cancels those before it.
        File.ReadAllText(Path.Combine(Folder, "ci.yml")).ShouldContain("group: ci-${{ github.event_name == 'push' && github.sha || github.ref }}\n");
        text.ShouldContain("package:\n    needs: checked\n");
        text.ShouldContain("ref: ${{ needs.checked.outputs.commit }}");
        text.IndexOf("sh infra/before.sh", StringComparison.Ordinal).ShouldBeInRange(1, text.IndexOf("az deployment sub create", StringComparison.Ordinal));
        File.ReadAllText(Path.Combine(Repository.Root, "azure.yaml")).ShouldContain("preprovision:\n    shell: sh\n    run: infra/before.sh\n");
    }

    [Fact]
    public void The_developer_CLI_deploys_the_project_to_the_app_that_has_its_tag()
    {
        var file = File.ReadAllText(Path.Combine(Repository.Root, "azure.yaml"));

        file.ShouldContain("  api:\n    project: ./DataHealth.Functions\n");
        Directory.Exists(Path.Combine(Repository.Root, "DataHealth.Functions")).ShouldBeTrue();
        File.ReadAllText(Path.Combine(Repository.Root, "infra", "app", "functions.bicep")).ShouldContain("'azd-service-name': 'api'");
        // What it publishes is the Azure build.
        File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")).ShouldContain("'$(_IsPublishing)' == 'true'\">Azure</FunctionsRuntime>");
    }

    [Fact]
    public async Task The_bill_of_materials_names_every_package_of_the_lock_files_with_its_hash()
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, WorkingDirectory = Repository.Root };
        start.ArgumentList.Add(Path.Combine("scripts", "sbom.mjs"));
        using var node = Process.Start(start)!;
        var bill = JsonNode.Parse(await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;

        var locked = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "DataHealth.Core", "packages.Local.lock.json"), TestContext.Current.CancellationToken))!
            ["dependencies"]!["net10.0"]!.AsObject().Where(package => package.Value!["type"]!.GetValue<string>() != "Project")
            .Select(package => $"pkg:nuget/{package.Key}@{package.Value!["resolved"]!.GetValue<string>()}").ToList();
        var components = bill["components"]!.AsArray();
        locked.Count.ShouldBeGreaterThan(10);
        locked.Except(components.Select(component => component!["purl"]!.GetValue<string>())).ShouldBeEmpty();
        components.ShouldAllBe(component => component!["hashes"]![0]!["content"]!.GetValue<string>().Length == 128);
    }

    [GeneratedRegex(@"actions/checkout@[0-9a-f]{40} # v[\d.]+")]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"readEnvironmentVariable\('([A-Z_]+)'")]
    private static partial Regex Variable();
}
