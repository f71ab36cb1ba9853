using System.Diagnostics;
using System.Text.Json;
using DataHealth.Testing;

namespace DataHealth.Functions.Tests.Configuration;

/// <summary>docs/configuration.md says what the code says.</summary>
public sealed class ConfigurationDocumentTests
{
    // Not options of ours: what the host and the runtime on this machine read.
    private static readonly string[] OfTheHost = ["AzureWebJobsStorage", "LocalRuntime:Port", "LocalRuntime:FunctionKey", "LocalRuntime:LeaseSeconds"];

    // Told in words, since they differ from machine to machine.
    private static readonly Dictionary<string, string> InWords = new()
    {
        ["AzureWebJobsStorage"] = "Azurite",
        ["Storage:ConnectionString"] = "Azurite",
        ["Vault:LocalFolder"] = ".data/vault",
    };

    private static readonly IReadOnlyList<SettingRow> Rows = SettingRow.ReadAll();

    [Fact]
    public void Every_setting_has_one_row_and_every_row_is_a_setting() =>
        Rows.Select(row => row.Name).Where(name => !OfTheHost.Contains(name) && !IsOfTheAzureHost(name))
            .ShouldBe(Setting.All.Select(setting => setting.Name), ignoreOrder: true);

    [Fact]
    public void Every_row_names_the_default_that_the_code_has() =>
        Rows.Join(Setting.All, row => row.Name, setting => setting.Name, (row, setting) => (row.Name, Told: row.Default, Real: setting.Default))
            .Where(one => one.Told != one.Real).ShouldBeEmpty();

    [Fact]
    public void Every_row_says_what_the_setting_means() => Rows.Where(row => row.Meaning.Length < 10).ShouldBeEmpty();

    [Fact]
    public async Task Every_row_names_the_value_that_npm_start_gives()
    {
        var given = await GivenByNpmStartAsync();

        Rows.Where(row => row.Local is not null).ToDictionary(row => row.Name, row => row.Local!).OrderBy(one => one.Key)
            .ShouldBe(given.ToDictionary(one => one.Key, one => InWords.GetValueOrDefault(one.Key) ?? one.Value).OrderBy(one => one.Key));
    }

    [Fact]
    public void Whatever_is_called_a_secret_or_a_key_is_marked_as_one() =>
        Rows.Where(row => !row.IsSecret && row.Name.Split(':')[^1] is var last
                && (last.EndsWith("Secret", StringComparison.Ordinal) || last.EndsWith("Key", StringComparison.Ordinal) || last.EndsWith("Password", StringComparison.Ordinal)
                    || last.EndsWith("Token", StringComparison.Ordinal) || last.EndsWith("ConnectionString", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    private static bool IsOfTheAzureHost(string name) =>
        name.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal) || name.StartsWith("APPLICATIONINSIGHTS_", StringComparison.Ordinal)
        || name is "TaskHub" or "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";

    private static async Task<Dictionary<string, string>> GivenByNpmStartAsync()
    {
        var stack = new Uri(Path.Combine(Repository.Root, "scripts", "lib", "stack.mjs")).AbsoluteUri;
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        start.ArgumentList.Add("--input-type=module");
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add($"import {{ addresses, settings }} from '{stack}'; console.log(JSON.stringify(settings(addresses({{}}))));");
        // What this machine has in its environment would win.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        using var node = Process.Start(start)!;
        var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        return settings.ToDictionary(one => one.Key.Replace("__", ":", StringComparison.Ordinal), one => one.Value);
    }
}
