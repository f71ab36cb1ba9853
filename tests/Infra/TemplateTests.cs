using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DataHealth.Functions.Tests.Configuration;
using DataHealth.Infra.Tests.Compiler;
using DataHealth.Infra.Tests.Rules;
using DataHealth.Testing;

namespace DataHealth.Infra.Tests;

/// <summary>The environments as they are: no rule finds anything. That each rule can find something is shown in <see cref="MutationTests"/>.</summary>
public sealed partial class TemplateTests(Deployments deployments)
{
    private static readonly IReadOnlyList<SettingRow> Rows = SettingRow.ReadAll();

    public static TheoryData<string> Environments => [.. Deployments.Names];

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Each_setting_that_the_code_needs_is_set_and_each_that_is_set_is_read(string environment) =>
        SettingRules.Faults(await deployments.OfAsync(environment), Rows).ShouldBeEmpty();

    [Fact]
    public async Task Each_setting_comes_from_where_the_document_says() =>
        SettingRules.PlaceFaults(await deployments.OfAsync("prod"), Rows).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Each_call_has_its_role_at_the_narrowest_scope_and_no_role_is_for_nothing(string environment) =>
        RoleRules.Faults(await deployments.OfAsync(environment), Code.Real).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Promise_5_no_secret_is_in_plain_text_or_in_an_output(string environment) =>
        SecretRules.Faults(await deployments.OfAsync(environment), Rows).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Nothing_is_public_that_need_not_be_and_nothing_takes_keys_or_old_encryption(string environment) =>
        HardeningRules.Faults(await deployments.OfAsync(environment), environment.Split('+')[0]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task A_private_network_is_closed_to_the_outside_and_whole_inside(string environment) =>
        NetworkRules.Faults(await deployments.OfAsync(environment), Deployments.Addresses(environment)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task The_runtime_is_the_one_that_the_projects_are_built_for(string environment) =>
        RuntimeRules.Faults(await deployments.OfAsync(environment)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Every_alert_is_measured_and_reaches_somebody_and_every_timer_is_watched(string environment) =>
        MonitoringRules.Faults(await deployments.OfAsync(environment), Code.Real).ShouldBeEmpty();

    [Theory]
    [InlineData("prod+taken")]
    [InlineData("dev+addresses+scheduler+taken")]
    public async Task A_restored_environment_makes_no_vault_for_tokens_and_works_with_that_of_before(string environment)
    {
        var deployment = await deployments.OfAsync(environment);

        deployment.Of("Microsoft.KeyVault/vaults").ShouldHaveSingleItem()["tags"]!["holds"]!.GetValue<string>().ShouldBe("settings");
        Deployment.TargetOf(deployment.Settings["Vault__Uri"]!.GetValue<string>()).ShouldBe(Deployments.TakenVault);
        deployment.Grants.ShouldContain(new Grant(Role.KeyVaultSecretsOfficer, Deployments.TakenVault));
        deployment.Of("Microsoft.Insights/metricAlerts").ShouldHaveSingleItem()["properties"]!["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()).ShouldBe([Deployments.TakenVault]);
        deployment.Outputs["TOKEN_VAULT_NAME"]!.GetValue<string>().ShouldBe("kv-tok-old");
    }

    [Fact]
    public async Task Prod_has_the_private_network_a_budget_and_more_than_one_copy_of_the_data()
    {
        var prod = await deployments.OfAsync("prod");

        prod.Of("Microsoft.Network/virtualNetworks").ShouldHaveSingleItem();
        prod.Of("Microsoft.Consumption/budgets").ShouldHaveSingleItem();
        prod.Of("Microsoft.Storage/storageAccounts").Select(account => account["sku"]!["name"]!.GetValue<string>()).ShouldNotContain("Standard_LRS");
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Names_fit_and_every_resource_that_can_has_its_tags(string environment)
    {
        var deployment = await deployments.OfAsync(environment);

        foreach (var resource in deployment.Resources)
        {
            var longest = resource["type"]!.GetValue<string>() is "Microsoft.Storage/storageAccounts" or "Microsoft.KeyVault/vaults" ? 24 : 260;
            if (!Deployment.Name(resource).StartsWith('['))
                Deployment.Name(resource).Length.ShouldBeLessThanOrEqualTo(longest, resource.ToJsonString());
        }
        deployment.Resources.Where(resource => resource["location"] is not null && resource["tags"]?["azd-env-name"] is null).Select(Deployment.Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_front_end_nothing_leads_to_one()
    {
        var dev = await deployments.OfAsync("dev");

        dev.Of("Microsoft.Web/staticSites").ShouldBeEmpty();
        dev.Settings.Select(setting => setting.Key).Where(name => name.StartsWith("Web__", StringComparison.Ordinal) || name == "Notices__LinkTo").ShouldBeEmpty();
        dev.App["properties"]!["siteConfig"]!["cors"]!["allowedOrigins"]!.AsArray().ShouldBeEmpty();
        (await deployments.OfAsync("prod")).Of("Microsoft.Web/staticSites").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Whoever_is_told_is_told_by_an_address_without_blanks() =>
        (await deployments.OfAsync("dev")).Of("Microsoft.Insights/actionGroups").Single()["properties"]!["emailReceivers"]!.AsArray()
            .Select(receiver => receiver!["emailAddress"]!.GetValue<string>()).ShouldBe(["oncall@example.com", "lead@example.com"]);

    [Fact]
    public async Task Operators_have_their_roles_where_there_are_operators()
    {
        OfOperators(await deployments.OfAsync("prod")).ShouldBe(2);
        OfOperators(await deployments.OfAsync("dev")).ShouldBe(0, "DATAHEALTH_OPERATOR_ID=none");

        static int OfOperators(Deployment deployment) =>
            deployment.Of("Microsoft.Authorization/roleAssignments").Count(one => !one["properties"]!["principalId"]!.GetValue<string>().StartsWith('['));
    }

    // The exporter sends a gauge's value and neither its least nor its greatest: Sum has it.
    [Fact]
    public async Task A_gauge_is_asked_for_by_what_the_exporter_sends_of_it()
    {
        var prod = await deployments.OfAsync("prod");
        var queries = prod.Of("Microsoft.Insights/scheduledQueryRules").Select(rule => rule["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>())
            .Concat(Queries(JsonNode.Parse(prod.Of("Microsoft.Insights/workbooks").Single()["properties"]!["serializedData"]!.GetValue<string>()))).Where(query => query.Contains("oldest_due_client", StringComparison.Ordinal)).ToList();

        queries.Count.ShouldBeGreaterThan(1);
        queries.ShouldAllBe(query => query.Contains("Sum", StringComparison.Ordinal) && !query.Contains("Max", StringComparison.Ordinal));

        static IEnumerable<string> Queries(JsonNode? node) => node switch
        {
            JsonObject fields => fields.SelectMany(field => field is { Key: "query", Value: JsonValue query } ? [query.GetValue<string>()] : Queries(field.Value)),
            JsonArray items => items.SelectMany(Queries),
            _ => [],
        };
    }

    [Fact]
    public async Task No_branch_of_the_template_asks_for_a_key_whatever_its_parameters()
    {
        Bicep.Require();
        var (code, template) = await Bicep.RunAsync(["build", "--stdout", Path.Combine(Repository.Root, "infra", "main.bicep")]);

        code.ShouldBe(0, template);
        SecretRules.TextFaults(template).ShouldBeEmpty();
        JsonNode.Parse(template)!["outputs"]!.AsObject().Where(output => output.Value!["type"]!.GetValue<string>().StartsWith("secure", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_alert_has_its_runbook()
    {
        var runbooks = Path.Combine(Repository.Root, "docs", "operations.md");
        var text = await File.ReadAllTextAsync(runbooks, TestContext.Current.CancellationToken);
        var prod = await deployments.OfAsync("prod");

        prod.Of("Microsoft.Insights/scheduledQueryRules").Concat(prod.Of("Microsoft.Insights/metricAlerts"))
            .Select(alert => Deployment.Name(alert).Replace("alert-datahealth-prod-", "", StringComparison.Ordinal)).Where(key => !text.Contains(key, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_parameter_of_an_environment_is_told_to_operators()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"), TestContext.Current.CancellationToken);
        var parameters = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra", "main.bicepparam"), TestContext.Current.CancellationToken);

        Variable().Matches(parameters).Select(match => match.Groups[1].Value).Where(name => !text.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    // The identity that deploys may give these roles and no others: one that the list lacks fails every deployment by CI.
    [Fact]
    public async Task Who_deploys_by_CI_may_give_the_roles_of_the_template_and_no_other()
    {
        var text = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "operations.md"), TestContext.Current.CancellationToken);
        var given = Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra", "app"), "*.bicep").SelectMany(file => RoleId().Matches(File.ReadAllText(file))).Select(match => match.Value).Distinct();

        RoleId().Matches(text.Single(line => line.StartsWith("ROLES=", StringComparison.Ordinal))).Select(match => match.Value).ShouldBe(given, ignoreOrder: true);
    }

    // Of what was run and what was not, an operator learns by the mark alone.
    [Fact]
    public async Task Each_block_of_commands_that_need_Azure_says_so()
    {
        var heading = "";
        List<string> before = [], block = [], unmarked = [];
        var isCode = false;
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "operations.md"), TestContext.Current.CancellationToken))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                if (isCode && block.Any(command => NeedsAzure().IsMatch(command)) && !before.Append(heading).Any(text => text.Contains("[Azure]", StringComparison.Ordinal)))
                    unmarked.Add($"{heading}: {block[0]}");
                if (isCode)
                    before.Clear();
                block.Clear();
                isCode = !isCode;
            }
            else if (isCode)
                block.Add(line);
            else if (line.StartsWith('#'))
                (heading, before) = (line, []);
            else
                before.Add(line);
        }
        unmarked.ShouldBeEmpty();
    }

    [GeneratedRegex(@"(^|[\s(|&;""])(az|azd|gh) [a-z]|curl .*https://|\$(BACKUPS|TABLES)\b")]
    private static partial Regex NeedsAzure();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex RoleId();

    [GeneratedRegex(@"readEnvironmentVariable\('([A-Z_]+)'")]
    private static partial Regex Variable();

    [Fact]
    public void What_the_code_reads_by_name_is_in_the_document()
    {
        var known = Rows.Select(row => row.Name).ToHashSet();
        // Signs of Azure, and the standard variables of OpenTelemetry.
        string[] ofOthers = ["OTEL_EXPORTER_OTLP_ENDPOINT"];

        Code.ReadByName.Where(name => !known.Contains(name) && !ofOthers.Contains(name)).ShouldBeEmpty();
    }
}
