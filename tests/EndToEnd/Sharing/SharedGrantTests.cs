using System.Text.Json;
using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.EndToEnd.Tests.Sharing;

/// <summary>Twenty clients of one Xero user, in two practices, live by one grant (issue 3, must show 8).</summary>
public sealed class SharedGrantTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Organisations = 18;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Run", "Long")]
    public async Task Disconnecting_one_of_twenty_clients_leaves_nineteen_working_and_only_the_last_revokes()
    {
        // Each consent ends the tokens of those before: whoever kept a token set of his own would be dead.
        await using var product = await RunningProduct.StartAsync(
            new ProductOptions
            {
                Azurite = azurite,
                Practices = ["birch", "ash"],
                Sandbox = new SandboxOptions { Limits = ProductOptions.NoLimits, Switches = new Switches { NewConsentEndsOlderTokens = true } },
            },
            Cancelled);
        var organisations = new List<Company>();
        for (var number = 0; number < Organisations; number++)
            organisations.Add(await product.NewOrganisationAsync("100", 140 + number, Cancelled));
        var members = new List<Member>();
        foreach (var organisation in organisations.Take(12))
            members.Add(await ConnectAsync(product.Practices[0], organisation));
        // The other practice has six of its own, and holds two of the first one's as well.
        foreach (var organisation in organisations.Skip(12).Concat(organisations.Take(2)))
            members.Add(await ConnectAsync(product.Practices[1], organisation));
        await AllShouldSyncAsync(members, press: false);
        members.Count.ShouldBe(20);
        (await UsableTokensAsync(product)).ShouldBe(1, "twenty clients share one grant");

        await DisconnectAsync(members[0], members);
        ConnectedOrganisations(product).ShouldBe(Organisations, "the other practice still holds that organisation");
        await AllShouldSyncAsync(members, press: true);
        members.Count.ShouldBe(19);

        await DisconnectAsync(members.Single(member => member.Organisation == organisations[0]), members);
        ConnectedOrganisations(product).ShouldBe(Organisations - 1, "nobody holds that organisation any more");
        foreach (var member in members.Skip(1).ToList())
            await DisconnectAsync(member, members);
        (await UsableTokensAsync(product)).ShouldBe(1, "the last client still needs it");
        ConnectedOrganisations(product).ShouldBe(1);
        await AllShouldSyncAsync(members, press: true);
        product.Sandbox.Calls.Find(new()).ShouldNotContain(call => call.Endpoint == "revocation");

        await DisconnectAsync(members[0], members);
        (await UsableTokensAsync(product)).ShouldBe(0, "the last one revokes");
        ConnectedOrganisations(product).ShouldBe(0);
        var revocations = product.Sandbox.Calls.Find(new()).Count(call => call.Endpoint == "revocation");
        revocations.ShouldBe(1);
        output.WriteLine($"20 clients, 2 practices, {Organisations} organisations: {product.Sandbox.Calls.Find(new()).Count(call => call.Endpoint == "token")} token calls, {revocations} revocation, "
            + $"{product.Sandbox.Calls.Find(new(Method: "DELETE")).Count} connections deleted one by one.");
    }

    private static async Task<Member> ConnectAsync(PracticeDriver practice, Company organisation)
    {
        var client = await practice.AddClientAsync(organisation.Name, Cancelled);
        await practice.ConnectAsync(client, "Ada Birch", organisation.Name, Cancelled);
        return new Member(practice, client, organisation);
    }

    private static async Task AllShouldSyncAsync(List<Member> members, bool press)
    {
        if (press)
            await Task.WhenAll(members.Select(member => member.Practice.PressSyncAsync(member.Client, Cancelled)));
        foreach (var member in members)
            new Run(await member.Practice.WaitForEndAsync(member.Client, Within, Cancelled)).ShouldHaveSucceeded();
    }

    private static async Task DisconnectAsync(Member member, List<Member> members)
    {
        var connection = await member.Practice.DisconnectAsync(member.Client, Cancelled);
        connection.GetProperty("state").GetString().ShouldBe("disconnected", connection.GetRawText());
        (await member.Practice.HeldAsync(member.Client, Cancelled))["invoices"].ShouldBeGreaterThan(0);
        members.Remove(member);
    }

    private static int ConnectedOrganisations(RunningProduct product) => product.Sandbox.World.Read(world => world.Connections.Count(connection => !connection.Removed));

    private static async Task<int> UsableTokensAsync(RunningProduct product)
    {
        using var control = new HttpClient();
        var grants = JsonElement.Parse(await control.GetStringAsync(new Uri(product.Sandbox.BaseAddress, "/sandbox/grants"), Cancelled));
        return grants.EnumerateArray().Sum(grant => grant.GetProperty("refreshTokens").EnumerateArray().Count(token => token.GetProperty("usable").GetBoolean()));
    }

    private sealed record Member(PracticeDriver Practice, string Client, Company Organisation);
}
