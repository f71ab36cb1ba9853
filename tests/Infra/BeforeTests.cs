using System.Diagnostics;
using DataHealth.Testing;

namespace DataHealth.Infra.Tests;

/// <summary>infra/before.sh, with an Azure CLI that says what it is told to: what runs before every provisioning, by a person or by CI.</summary>
public sealed class BeforeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("datahealth-before-");

    private Dictionary<string, string> Environment { get; } = new() { ["AZURE_ENV_NAME"] = "datahealth-prod", ["DATAHEALTH_OPERATOR_ID"] = "none" };

    [Fact]
    public async Task The_first_deployment_registers_what_the_subnet_needs_and_goes_on()
    {
        var (code, output) = await RunAsync(state: "NotRegistered", isThere: false);

        code.ShouldBe(0, output);
        Calls().ShouldContain("provider register --namespace Microsoft.App --wait");
    }

    [Fact]
    public async Task What_is_registered_is_not_registered_again_and_the_subscription_of_the_environment_is_asked()
    {
        Environment["AZURE_SUBSCRIPTION_ID"] = "11111111-1111-1111-1111-111111111111";

        var (code, output) = await RunAsync();

        code.ShouldBe(0, output);
        Calls().ShouldNotContain(call => call.StartsWith("provider register", StringComparison.Ordinal));
        Calls().ShouldAllBe(call => call.EndsWith(" --subscription 11111111-1111-1111-1111-111111111111", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dh", "DataHealth", null, null)]
    [InlineData("dh2", "DataHealth2", "dh2", "DataHealth2")]
    // An app from before there were parameters for them.
    [InlineData("", "", null, null)]
    public async Task What_leaves_the_tables_and_the_task_hub_as_they_are_goes_on(string prefix, string hub, string? wantedPrefix, string? wantedHub)
    {
        Want(wantedPrefix, wantedHub);

        (await RunAsync(prefix: prefix, hub: hub)).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("dh2", "DataHealth2", null, null)]
    [InlineData("dh", "DataHealth2", null, null)]
    [InlineData("dh", "DataHealth", "dh2", null)]
    public async Task What_would_undo_a_restore_is_stopped(string prefix, string hub, string? wantedPrefix, string? wantedHub)
    {
        Want(wantedPrefix, wantedHub);

        var (code, output) = await RunAsync(prefix: prefix, hub: hub);

        code.ShouldBe(1);
        output.ShouldContain($"DATAHEALTH_TABLE_PREFIX={prefix} and DATAHEALTH_TASK_HUB={hub}");
    }

    [Fact]
    public async Task Whoever_names_what_is_switched_to_switches()
    {
        Want("dh2", "DataHealth2");
        Environment["DATAHEALTH_SWITCH_TO"] = "dh2/DataHealth2";

        (await RunAsync()).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"Storage__TablePrefix":"dh2"}""")]
    [InlineData("""{"TaskHub":"DataHealth2"}""")]
    [InlineData("""{"AzureFunctionsJobHost__extensions__durableTask__hubName":"DataHealth2"}""")]
    [InlineData("""{"Vault__Uri":"https://kv-other.vault.azure.net/"}""")]
    public async Task The_tables_the_task_hub_and_the_vault_are_not_switched_in_passing(string further)
    {
        Environment["DATAHEALTH_FURTHER_SETTINGS"] = further;

        var (code, output) = await RunAsync();

        code.ShouldBe(1);
        output.ShouldContain("DATAHEALTH_TABLE_PREFIX");
    }

    [Theory]
    [InlineData("kv-own", "kv-own", null, 0)]
    [InlineData("kv-old", "", "/subscriptions/1/resourceGroups/old/providers/Microsoft.KeyVault/vaults/kv-old", 0)]
    [InlineData("kv-old", "", null, 1)]
    [InlineData("kv-own", "kv-own", "/subscriptions/1/resourceGroups/old/providers/Microsoft.KeyVault/vaults/kv-old", 1)]
    public async Task A_running_environment_keeps_the_vault_that_has_its_tokens(string vault, string own, string? wanted, int expected)
    {
        if (wanted is not null)
            Environment["DATAHEALTH_TOKEN_VAULT_ID"] = wanted;

        var (code, output) = await RunAsync(vault: vault, own: own);

        code.ShouldBe(expected, output);
        if (expected != 0)
            output.ShouldContain($"DATAHEALTH_TOKEN_VAULT_ID to the id of {vault}");
    }

    [Fact]
    public async Task An_operator_who_could_not_be_looked_up_is_not_taken_for_none()
    {
        Environment["DATAHEALTH_OPERATOR_ID"] = "";

        var (code, output) = await RunAsync();

        code.ShouldBe(1);
        output.ShouldContain("DATAHEALTH_OPERATOR_ID is empty");
    }

    [Fact]
    public async Task An_Azure_CLI_that_fails_stops_it()
    {
        var (code, _) = await RunAsync(state: "\nexit 3");

        code.ShouldNotBe(0);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Want(string? prefix, string? hub)
    {
        if (prefix is not null)
            Environment["DATAHEALTH_TABLE_PREFIX"] = prefix;
        if (hub is not null)
            Environment["DATAHEALTH_TASK_HUB"] = hub;
    }

    private string[] Calls() => File.ReadAllLines(Path.Combine(_folder.FullName, "calls"));

    private async Task<(int Code, string Output)> RunAsync(string state = "Registered", bool isThere = true, string prefix = "dh", string hub = "DataHealth", string vault = "kv-own", string own = "kv-own")
    {
        var cli = Path.Combine(_folder.FullName, "az");
        await File.WriteAllTextAsync(cli, $"""
            #!/bin/sh
            echo "$*" >> "{_folder.FullName}/calls"
            case "$*" in
              *"provider show"*) echo {state} ;;
              *"group exists"*"--output tsv"*) echo {(isThere ? "true" : "false")} ;;
              *"group exists"*) echo {(isThere ? "True" : "False")} ;;
              *"functionapp list"*) echo func-1 ;;
              *Storage__TablePrefix*) echo {prefix} ;;
              *TaskHub*) echo {hub} ;;
              *Vault__Uri*) echo https://{vault}.vault.azure.net/ ;;
              *"keyvault list"*) echo {own} ;;
            esac
            """, TestContext.Current.CancellationToken);
        if (OperatingSystem.IsWindows())
            Assert.Skip("infra/before.sh is not checked on Windows.");
        else
            File.SetUnixFileMode(cli, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.ArgumentList.Add(Path.Combine("infra", "before.sh"));
        start.Environment.Clear();
        start.Environment["PATH"] = $"{_folder.FullName}:{System.Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, await output + errors);
    }
}
