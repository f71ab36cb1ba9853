using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.EndToEnd.Tests.Faults;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Deletion;

/// <summary>The functions are ended by <c>kill -9</c> again and again while they delete clients (issue 4, must show 6).</summary>
[TakesLong]
public sealed class DeletionKillTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Promise_6_a_deletion_killed_five_times_is_complete_and_leaves_nothing_of_the_client() => KillAsync(kills: 5, seed: 601);

    [Fact]
    [Trait("Run", "Long")]
    public Task Promise_6_deletions_killed_twenty_five_times_are_complete_and_leave_nothing_of_the_clients() => KillAsync(kills: 25, seed: 602);

    private async Task KillAsync(int kills, int seed)
    {
        await using var stage = await Stage.StartAsync(azurite, 1, Cancelled, null, ("LocalRuntime__LeaseSeconds", "6"));
        var product = stage.Product;
        var random = new Random(seed);
        var reaper = new Reaper(stage.Functions, stage.Proxy);
        var neighbours = await product.NewOrganisationAsync("300", seed, Cancelled);
        var neighbour = await product.ConnectedClientAsync(neighbours, Cancelled);
        (await product.EndAsync(neighbour, Within, Cancelled)).ShouldHaveSucceeded();
        await RunningProduct.SettledAsync(product.Practice, neighbour, Within, Cancelled);
        List<string> places = [];

        for (var number = 0; places.Count < kills; number++)
        {
            number.ShouldBeLessThan(kills, "each deletion meets kills");
            var organisation = await product.NewOrganisationAsync("600", seed + 1 + number, Cancelled);
            var client = await product.ConnectedClientAsync(organisation, Cancelled);
            // Every other client is deleted while its first sync is at work.
            var isAtWork = number % 2 == 1;
            if (!isAtWork)
            {
                (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
                await RunningProduct.SettledAsync(product.Practice, client, Within, Cancelled);
            }
            var before = await ClientTracks.RowsAsync(product, neighbour, Cancelled);
            var rows = (await ClientTracks.RowsAsync(product, client, Cancelled)).Keys.ToList();
            before.Count.ShouldBeGreaterThan(300);

            var deletion = await DeleteUnderKillsAsync(stage, reaper, random, client, organisation, places, kills);

            (await ClientTracks.OfAsync(product, [client, organisation.TenantId, organisation.Name], Cancelled)).ShouldBeEmpty();
            ClientTracks.Differences(before, await ClientTracks.RowsAsync(product, neighbour, Cancelled)).ShouldBeEmpty("the practice's other client is untouched");
            product.Sandbox.World.Read(world => world.Connections.Any(connection => connection.TenantId == Guid.Parse(organisation.TenantId) && !connection.Removed)).ShouldBeFalse();
            var certificate = await product.Practice.GetAsync(deletion, Cancelled);
            output.WriteLine(certificate.GetRawText());
            CertificateShouldBeRight(certificate, client, product.Prefix, isAtWork ? null : rows);
        }

        // The grant that they shared lives for the one that is left.
        (await product.SyncAsync(neighbour, Within, Cancelled)).ShouldHaveSucceeded();

        // It is the grant's last: with it the tokens are revoked, and their secret goes.
        var last = await product.Practice.GetAsync(await DeleteUnderKillsAsync(stage, reaper, random, neighbour, neighbours, places, places.Count + 2), Cancelled);
        output.WriteLine(last.GetRawText());
        (await ClientTracks.OfAsync(product, [neighbour, neighbours.TenantId, neighbours.Name], Cancelled)).ShouldBeEmpty();
        last.GetProperty("deleted").EnumerateArray().Single(item => item.GetProperty("what").GetString() == "secrets").GetProperty("items").GetInt64().ShouldBe(1);
        last.GetProperty("vaultHolds").GetArrayLength().ShouldBe(0);
        product.Sandbox.Calls.Find(new(Endpoint: "revocation")).ShouldContain(call => call.Status == 200);
        foreach (var place in places.CountBy(place => place).OrderByDescending(place => place.Value))
            output.WriteLine($"{place.Value,4}  {place.Key}");
    }

    /// <summary>Deletes a client and ends the functions meanwhile, until so many kills are counted or the deletion is done; gives its address when it is done.</summary>
    private async Task<string> DeleteUnderKillsAsync(Stage stage, Reaper reaper, Random random, string client, Company organisation, List<string> places, int kills)
    {
        var deletion = await DeleteAsync(stage.Product, client, organisation);
        while (places.Count < kills)
        {
            var killed = reaper.AtRequest(random.Next(1, 60), afterwards: random.Next(2) == 0);
            await Eventually.TrueAsync("the functions are killed or the deletion is done", async () => killed.IsCompleted || await StateAsync(stage.Product, deletion) == "done", Within, Cancelled);
            if (reaper.Disarm())
                break;
            places.Add(await killed);
            output.WriteLine($"kill {places.Count}, client {client}: {places[^1]}");
            await stage.Functions.StartAsync(Cancelled);
        }
        await Eventually.TrueAsync("the deletion is done", async () => await StateAsync(stage.Product, deletion) == "done", Within, Cancelled);
        return deletion;
    }

    private static void CertificateShouldBeRight(JsonElement certificate, string client, string prefix, List<string>? rows)
    {
        certificate.GetProperty("clientId").GetString().ShouldBe(client);
        certificate.GetProperty("kind").GetString().ShouldBe("client");
        certificate.GetProperty("requestedBy").GetString().ShouldNotBeNullOrEmpty();
        certificate.GetProperty("provider").GetString().ShouldBe("letGo");
        certificate.GetProperty("vaultHolds").GetArrayLength().ShouldBe(0);
        var deleted = certificate.GetProperty("deleted").EnumerateArray().ToDictionary(item => item.GetProperty("what").GetString()!, item => item.GetProperty("items").GetInt64());
        (deleted["clients"], deleted["connection"], deleted["grant-holders"], deleted["secrets"]).ShouldBe((1, 1, 1, 0), certificate.GetRawText());
        if (rows is null)
            return;
        // Counted by the test in the tables themselves, before anybody pressed Delete.
        deleted["ledger"].ShouldBe(rows.Count(row => row.StartsWith($"{prefix}ledger ", StringComparison.Ordinal) && !row.EndsWith("~fence", StringComparison.Ordinal)));
        deleted["checkpoints"].ShouldBe(rows.Count(row => row.StartsWith($"{prefix}syncstate ", StringComparison.Ordinal)));
        deleted["run-events"].ShouldBe(rows.Count(row => row.StartsWith($"{prefix}runevents ", StringComparison.Ordinal)));
        deleted["runs"].ShouldBe(rows.Count(row => row.StartsWith($"{prefix}runs ", StringComparison.Ordinal)));
    }

    /// <summary>Presses Delete; gives the address of the deletion.</summary>
    internal static async Task<string> DeleteAsync(RunningProduct product, string client, Company organisation, bool keepClient = false)
    {
        using var answer = await product.Practice.Api.PostAsJsonAsync($"clients/{client}/deletion", new { name = organisation.Name, keepClient }, Cancelled);
        var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, body.GetRawText());
        return $"deletions/{body.GetProperty("id").GetString()}";
    }

    /// <summary>Where the deletion stands; empty while the functions do not answer.</summary>
    internal static async Task<string> StateAsync(RunningProduct product, string deletion)
    {
        try
        {
            return (await product.Practice.GetAsync(deletion, Cancelled)).GetProperty("state").GetString()!;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException && !Cancelled.IsCancellationRequested)
        {
            return "";
        }
    }
}
