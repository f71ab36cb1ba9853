using DataHealth.Cli;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.EndToEnd.Tests.Cli;

/// <summary>Somebody on call works with <c>datahealth support …</c>, a real process, on the running functions.</summary>
public sealed class SupportCommandLineTests(SupportCommandLineTests.Stage stage) : IClassFixture<SupportCommandLineTests.Stage>
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_on_call_finds_reads_and_replays_failed_runs_and_scripts_can_read_what_is_printed()
    {
        var product = stage.Product;
        var token = await TokenAsync(product, "sam");
        var sam = new CommandLineProcess(product.Functions[0].Api.BaseAddress!, token);
        var first = await FailAsync(product, 1);
        var second = await FailAsync(product, 2);

        var table = await sam.RunAsync(Cancelled, "support", "runs", "--state", "failed", "--code", "bad-answer");
        table.Code.ShouldBe(0, table.Error);
        table.Output.ShouldContain(first.Run);
        table.Output.ShouldContain("2 runs.");
        var json = await sam.RunAsync(Cancelled, "support", "runs", "--most", "1", "--json");
        json.Json.GetArrayLength().ShouldBe(1);
        json.Json[0].GetProperty("code").GetString().ShouldBe("bad-answer");
        (await sam.RunAsync(Cancelled, "support", "runs", "--provider", "quickbooks", "--json")).Json.GetArrayLength().ShouldBe(0);

        var dossier = await sam.RunAsync(Cancelled, "support", "run", first.Client, first.Run);
        dossier.Code.ShouldBe(0, dossier.Error);
        foreach (var word in (string[])["bad-answer", "correlation", "invoices", "dataset-completed", $"sync-{first.Client}"])
            dossier.Output.ShouldContain(word);
        dossier.Output.ShouldNotContain("Company");

        await product.Control.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
        var replay = await sam.RunAsync(Cancelled, "support", "replay", first.Client, first.Run, "--reason", "The provider mended it", "--json");
        replay.Code.ShouldBe(0, replay.Error);
        (await product.EndAsync(first.Client, Within, Cancelled)).Id.ShouldBe(replay.Json.GetProperty("runId").GetString());
        var again = await sam.RunAsync(Cancelled, "support", "replay", first.Client, first.Run, "--reason", "Pressed again");
        (again.Code, again.Output.Trim()).ShouldBe((0, $"That run was replayed before; this is the run that did it. Run {replay.Json.GetProperty("runId").GetString()}."));
        var over = await sam.RunAsync(Cancelled, "support", "terminate", first.Client, first.Run, "--reason", "Too late");
        (over.Code, over.Output).ShouldBe((1, ""));
        over.Error.ShouldContain("ended already");

        var dry = await sam.RunAsync(Cancelled, "support", "replay-all", "--code", "bad-answer");
        dry.Output.ShouldContain("It would replay 1 run of 1 practice");
        var unreasoned = await sam.RunAsync(Cancelled, "support", "replay-all", "--code", "bad-answer", "--go");
        unreasoned.Code.ShouldBe(1);
        unreasoned.Error.ShouldContain("reason");
        var begun = await sam.RunAsync(Cancelled, "support", "replay-all", "--code", "bad-answer", "--go", "--reason", "Case 5", "--per-minute", "600", "--json");
        begun.Code.ShouldBe(0, begun.Error);
        var batch = begun.Json.GetProperty("id").GetString()!;
        await Eventually.TrueAsync("the batch is done", async () =>
            (await sam.RunAsync(Cancelled, "support", "replay-progress", batch, "--json")).Json.GetProperty("progress").TryGetProperty("finishedAt", out _), Within, Cancelled);
        (await sam.RunAsync(Cancelled, "support", "replay-progress", batch)).Output.ShouldContain("The run is dealt with.");
        (await product.EndAsync(second.Client, Within, Cancelled)).Outcome.ShouldBe("succeeded");
        var none = await sam.RunAsync(Cancelled, "support", "runs", "--state", "failed");
        none.Output.ShouldContain("0 runs.");

        foreach (var end in (CommandEnd[])[table, json, dossier, replay, again, over, dry, begun, none])
            (end.Output + end.Error).ShouldNotContain(token);
    }

    [Fact]
    public async Task A_command_that_came_to_nothing_says_why_and_ends_with_a_code_that_tells_whose_turn_it_is()
    {
        // In this process: how the real one ends and prints is the other test's.
        var api = stage.Product.Functions[0].Api.BaseAddress!.AbsoluteUri;
        var sam = await TokenAsync(stage.Product, "sam");
        var admin = await TokenAsync(stage.Product, "admin-of-birch");
        string[] runs = ["support", "runs"];

        foreach (var (token, arguments, code, words) in ((string?, string[], int, string)[])
        [
            (null, runs, 1, "DATAHEALTH_TOKEN"),
            ("not-a-token", runs, 1, "HTTP 401"),
            ("a token\nof two lines", runs, 1, "DATAHEALTH_TOKEN"),
            (admin, runs, 1, "Our support can do it"),
            (sam, [.. runs, "--api", "http://127.0.0.1:9/api"], 1, "cannot be reached"),
            (sam, [.. runs, "--api", "not an address"], 1, "no address"),
            (sam, [.. runs, "--api", "http://api.datahealth.example/api"], 1, "https"),
            (sam, [.. runs, "--api", api.Replace("/api/", "/elsewhere", StringComparison.Ordinal)], 1, "Is it the address of the API?"),
            (sam, [.. runs, "--state", "lost"], 2, "lost"),
            (sam, [.. runs, "--code", "no such code"], 1, "code"),
            (sam, ["support", "replay", "client", "run"], 2, "--reason"),
            (sam, ["support", "run", new('0', 32), new('0', 32)], 1, "no such sync run"),
            (sam, ["support", "frobnicate"], 2, "frobnicate"),
        ])
        {
            using StringWriter output = new(), error = new();
            (await CommandLine.RunAsync(arguments, new Surroundings(output, error, name => name == "DATAHEALTH_API" ? api : token), Cancelled)).ShouldBe(code, $"{error}");
            $"{error}".ShouldContain(words);
            $"{error}".ShouldNotContain("   at ", Case.Sensitive, "people get words, not a stack");
            $"{output}".ShouldBeEmpty("what went wrong is no result");
        }
    }

    private static async Task<string> TokenAsync(RunningProduct product, string person)
    {
        using var people = new SignInDriver(product.SignIn.BaseAddress);
        return await people.TokenAsync(person, Cancelled);
    }

    private static async Task<(string Client, string Run)> FailAsync(RunningProduct product, int seed)
    {
        var organisation = await product.NewOrganisationAsync("30", seed, Cancelled);
        await product.Control.SendAsync(HttpMethod.Post, "faults", new { kind = "wrongTypes", endpoint = "Invoices", tenantId = organisation.TenantId }, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        var run = await product.EndAsync(client, Within, Cancelled);
        run.Outcome.ShouldBe("failed");
        return (client, run.Id);
    }

    /// <summary>One running product for both.</summary>
    public sealed class Stage(AzuriteFixture azurite) : IAsyncLifetime
    {
        private RunningProduct? _product;

        public RunningProduct Product => _product ?? throw new InvalidOperationException("Not started.");

        public async ValueTask InitializeAsync() => _product = await RunningProduct.StartAsync(
            new ProductOptions { Azurite = azurite, Settings = new Dictionary<string, string> { ["Sync__SliceRetryDelay"] = "00:00:00.1", ["Provider__RetryDelay"] = "00:00:00.05" } }, CancellationToken.None);

        public ValueTask DisposeAsync() => _product?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
