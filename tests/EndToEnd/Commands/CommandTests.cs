using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Commands;

/// <summary>The commands of the README as a newcomer types them, on ports and data of their own.</summary>
[TakesLong]
public sealed class CommandTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("datahealth-commands-");
    private readonly int[] _ports = FreePorts.Take(7);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Npm_start_gives_a_stack_on_which_the_demo_ends_equal_and_started_again_it_goes_on_with_the_same_data()
    {
        using (var stack = Run("start.mjs"))
        {
            await ReadyAsync(stack);
            using var demo = Run("demo.mjs", "--records", "300");
            (await demo.EndAsync(Cancelled)).ShouldBe(0, demo.Output);
            demo.Output.Split("Equal.").Length.ShouldBe(3, $"both providers' books are equal to the copy: {demo.Output}");
            (await ClientsAsync()).GetArrayLength().ShouldBe(2);
            (await stack.InterruptAsync(Cancelled)).ShouldBe(0, stack.Output);
        }
        using (var again = Run("start.mjs"))
        {
            await ReadyAsync(again);
            (await ClientsAsync()).GetArrayLength().ShouldBe(2, "it goes on with the same data");
            (await again.InterruptAsync(Cancelled)).ShouldBe(0, again.Output);
        }
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_sentence_that_names_the_setting()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, _ports[0]);
        taken.Start();
        using var start = Run("start.mjs");

        (await start.EndAsync(Cancelled)).ShouldBe(1);
        start.Output.ShouldContain($"Port {_ports[0]}, wanted for functions, is in use.");
        start.Output.ShouldContain("DATAHEALTH_PORT=<port> npm start");
    }

    [Fact]
    public async Task A_damaged_data_folder_is_said_in_one_sentence_and_left_as_it_is()
    {
        var file = Path.Combine(_data.CreateSubdirectory("azurite").FullName, "__azurite_db_table__.json");
        await File.WriteAllTextAsync(file, """{"filename":"__azur""", Cancelled);
        using var start = Run("start.mjs");

        (await start.EndAsync(Cancelled)).ShouldBe(1);
        start.Output.ShouldContain("is damaged. Restore it from a copy, or start afresh with: npm run reset");
        (await File.ReadAllTextAsync(file, Cancelled)).ShouldBe("""{"filename":"__azur""");
    }

    public void Dispose() => _data.Delete(recursive: true);

    private async Task ReadyAsync(Command stack)
    {
        await Eventually.TrueAsync("READY is printed", () => stack.HasEnded ? throw new InvalidOperationException(stack.Output) : Task.FromResult(stack.Output.Contains("READY", StringComparison.Ordinal)), Within, Cancelled);
        output.WriteLine(stack.Output);
    }

    private async Task<JsonElement> ClientsAsync()
    {
        using var token = Run("token.mjs", "mara");
        (await token.EndAsync(Cancelled)).ShouldBe(0, token.Output);
        using var api = new HttpClient { BaseAddress = new Uri($"http://localhost:{_ports[0]}/api/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Output.Trim());
        return (await api.GetFromJsonAsync<JsonElement>("clients", Cancelled)).GetProperty("items");
    }

    private Command Run(string script, params string[] arguments)
    {
        string[] settings = ["DATAHEALTH_PORT", "DATAHEALTH_SANDBOX_PORT", "DATAHEALTH_QUICKBOOKS_PORT", "DATAHEALTH_SIGNIN_PORT", "DATAHEALTH_BLOB_PORT", "DATAHEALTH_QUEUE_PORT", "DATAHEALTH_TABLE_PORT"];
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "scripts", script));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (setting, port) in settings.Zip(_ports))
            start.Environment[setting] = $"{port}";
        start.Environment["DATAHEALTH_DATA"] = _data.FullName;
        start.Environment["DATAHEALTH_BUILT"] = "Debug";
        return new Command(start);
    }
}
