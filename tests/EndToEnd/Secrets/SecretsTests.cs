using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing.Drivers;
using Microsoft.AspNetCore.WebUtilities;

namespace DataHealth.EndToEnd.Tests.Secrets;

/// <summary>No token, code or secret in anything that the product writes (issue 3, must show 11).</summary>
public sealed class SecretsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Only QuickBooks takes a rest after a lost answer.
    private static Dictionary<string, string> Settings(string provider)
    {
        var settings = new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Debug", ["Provider__RetryDelay"] = "00:00:00.05", ["Sync__SliceRetryDelay"] = "00:00:00.1" };
        if (provider != ProviderUnderTest.Xero.Key)
            settings["Provider__LostAnswerRest"] = "00:00:00.1";
        return settings;
    }

    [Theory]
    [MemberData(nameof(ProviderUnderTest.FirstDaily), MemberType = typeof(ProviderUnderTest))]
    public async Task Promise_5_no_token_code_or_secret_is_in_a_log_a_table_a_blob_a_history_or_a_plain_file_and_a_planted_one_is_found_in_each(string provider)
    {
        await using var product = await RunningProduct.StartAsync(
            new ProductOptions
            {
                Provider = ProviderUnderTest.Of(provider),
                Sandbox = new SandboxOptions { Limits = ProductOptions.NoLimits, Switches = new Switches { TokenErrorDescriptions = true } },
                Settings = Settings(provider),
            },
            Cancelled);
        List<string> secrets = [];
        try
        {
            await LiveThroughEverythingAsync(product, secrets);
        }
        catch
        {
            // The log is long: what nobody expected.
            var lines = product.Functions[0].Output.Split('\n');
            foreach (var at in Enumerable.Range(0, lines.Length).Where(at => lines[at].Contains("failed unexpectedly", StringComparison.Ordinal)))
                output.WriteLine(string.Join('\n', lines.Skip(at).Take(12)));
            throw;
        }
        secrets.AddRange(await product.Control.SecretsAsync(Cancelled));
        var scan = new SecretScan(secrets);
        var logs = string.Join('\n', product.Functions.Select(process => process.Output));

        var leaks = (await scan.TablesAsync(product.Azurite, Cancelled)).Concat(await scan.BlobsAsync(product.Azurite, Cancelled))
            .Concat(scan.Lines("the functions' log", logs)).Concat(scan.Files(product.VaultFolder)).ToList();

        output.WriteLine($"{secrets.Count} secrets, {scan.Looked:N0} values, {logs.Length:N0} characters of log.");
        leaks.ShouldBeEmpty();
        secrets.Count.ShouldBeGreaterThan(10);
        logs.Length.ShouldBeGreaterThan(1000);
        Directory.EnumerateFiles(product.VaultFolder, "*", SearchOption.AllDirectories).ShouldNotBeEmpty("tokens are kept, encrypted");
        await PlantedOnesShouldBeFoundAsync(product, scan, secrets[^1], logs);
    }

    private static async Task LiveThroughEverythingAsync(RunningProduct product, List<string> secrets)
    {
        var practice = product.Practice;
        var spoilt = product.Provider.ReadEverySync;
        var organisation = await product.NewOrganisationAsync("small", 150, Cancelled);
        var client = await practice.AddClientAsync(organisation.Name, Cancelled);
        // Cancelled at the provider, then carried through; the state and the result code are secrets of our own.
        await practice.ComeBackAsync(await PracticeDriver.CancelAsync(await practice.PressConnectAsync(client, Cancelled), Cancelled), Cancelled);
        var page = await practice.PressConnectAsync(client, Cancelled);
        var callback = await PracticeDriver.AllowAsync(page, "Ada Birch", organisation.Name, Cancelled);
        var result = await practice.ComeBackAsync(callback, Cancelled);
        secrets.Add(QueryHelpers.ParseQuery(page.Query)["state"].ToString());
        secrets.Add(result[(client.Length + 1)..]);
        (await practice.ConfirmAsync(result, Cancelled)).Dispose();
        await practice.ComeBackAsync(callback, Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();

        // A refresh; then a refresh that fails, answers that cannot be read and a refusal, each once, tried again by the run; then a grant that dies.
        await FailAsync(product, client, new { kind = "tokenExpired", count = 1 });
        await FailAsync(product, client,
            new { kind = "tokenExpired", count = 1 }, new { kind = "unavailable", endpoint = "token", count = 1 }, new { kind = "invalidClient", endpoint = "token", count = 1 },
            new { kind = "html", endpoint = spoilt[0], count = 1 }, new { kind = "wrongTypes", endpoint = spoilt[1], count = 1 }, new { kind = "forbidden", endpoint = spoilt[2], count = 1 });
        await FailAsync(product, client, new { kind = "tokenExpired", count = 1 }, new { kind = "invalidGrant", endpoint = "token" });
        (await practice.ConnectionAsync(client, Cancelled)).GetProperty("state").GetString().ShouldBe("reconnectNeeded");
        await practice.ConnectAsync(client, "Ada Birch", organisation.Name, Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        await practice.DisconnectAsync(client, Cancelled);
        // One more stays connected, so that the vault holds tokens.
        var other = await product.ConnectedClientAsync(await product.NewOrganisationAsync("100", 151, Cancelled), Cancelled);
        (await product.EndAsync(other, Within, Cancelled)).ShouldHaveSucceeded();
    }

    private static async Task FailAsync(RunningProduct product, string client, params object[] faults)
    {
        foreach (var fault in faults)
            await product.Control.SendAsync(HttpMethod.Post, "faults", fault, Cancelled);
        await product.SyncAsync(client, Within, Cancelled);
        await product.Control.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
    }

    private static async Task PlantedOnesShouldBeFoundAsync(RunningProduct product, SecretScan scan, string canary, string logs)
    {
        var bytes = Encoding.UTF8.GetBytes($"{{\"token\":\"{canary}\"}}");
        var tables = new TableServiceClient(product.Azurite.ConnectionString);
        var planted = new Dictionary<string, TableEntity>
        {
            ["plain"] = new("canary", "plain") { ["Text"] = $"Bearer {canary}" },
            ["url"] = new("canary", "url") { ["Text"] = $"?code={Uri.EscapeDataString("/" + canary)}" },
            ["base64"] = new("canary", "base64") { ["Text"] = $"xx {Convert.ToBase64String(bytes)} yy" },
            ["packed"] = new("canary", "packed") { ["B0"] = (byte[])[1, 0, 0, 0, 0, .. Brotli(bytes)] },
            ["split"] = new("canary", "split") { ["Text0"] = canary[..6], ["Text1"] = canary[6..] },
        };
        foreach (var table in (string[])[product.Prefix + "ledger", product.Prefix + "runs", product.Prefix + "hubInstances"])
        {
            foreach (var row in planted.Values)
                await tables.GetTableClient(table).UpsertEntityAsync(row, cancellationToken: Cancelled);
        }
        var container = await new BlobServiceClient(product.Azurite.ConnectionString).CreateBlobContainerAsync("canary", cancellationToken: Cancelled);
        await container.Value.UploadBlobAsync("canary", BinaryData.FromBytes(bytes), Cancelled);
        await File.WriteAllBytesAsync(Path.Combine(product.VaultFolder, "canary"), bytes, Cancelled);

        var found = await scan.TablesAsync(product.Azurite, Cancelled);
        foreach (var kind in planted.Keys)
            found.Count(leak => leak.Place.Contains($"canary {kind} ", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(3, kind);
        (await scan.BlobsAsync(product.Azurite, Cancelled)).ShouldBe([new Leak("canary/canary")]);
        scan.Files(product.VaultFolder).ShouldBe([new Leak("canary")]);
        scan.Lines("log", $"{logs}\nGET /api/oauth/xero/callback?code={canary}").Count.ShouldBe(1);
    }

    private static byte[] Brotli(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var into = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            into.Write(bytes);
        return packed.ToArray();
    }
}
