using DataHealth.Core.Audit;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Costs;
using DataHealth.Core.Practices;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Connections;

/// <summary>Who authorises a connection changes; the books and the sync do not. And the cap of our tier.</summary>
public sealed class TakeOverTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly World _world = new(azurite);

    private Running First => _world.First;

    private Actor Amy => _world.Ann with { Member = new MemberId("amy"), Name = "Amy" };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Another_member_takes_a_connection_over_and_the_former_access_is_let_go_when_no_page_can_be_on_its_way()
    {
        var (client, former) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");

        var taken = await TakeOverAsync(client, "user2", "org1");

        var connection = taken.ShouldBeOfType<ConsentOutcome.Connected>().Connection;
        connection.AuthorisedBy.ShouldBe(Amy.Member);
        connection.Organisation.ShouldBe(former.Organisation);
        connection.Grant.ShouldNotBe(former.Grant);
        await First.SweepAsync();
        _world.Scripted.OrganisationsOf("user1").ShouldBe(["org1"], "a slice may still read by it");
        _world.Clock.Advance(TimeSpan.FromMinutes(11));
        await First.SweepAsync();
        _world.Scripted.OrganisationsOf("user1").ShouldBeEmpty();
        _world.Scripted.Count("revoke user1").ShouldBe(1);
        _world.Scripted.OrganisationsOf("user2").ShouldBe(["org1"]);
        (await First.ConnectionAsync(client)).ShouldSatisfyAllConditions(now => now.State.ShouldBe(ConnectionState.Connected), now => now.Grant.ShouldBe(connection.Grant));
    }

    [Fact]
    public async Task A_consent_for_other_books_takes_nothing_over()
    {
        var (client, former) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");

        (await TakeOverAsync(client, "user2", "org2")).ShouldBeOfType<ConsentOutcome.NotTheSameOrganisation>();

        (await First.ConnectionAsync(client)).ShouldSatisfyAllConditions(
            now => now.Organisation.ShouldBe(former.Organisation), now => now.Grant.ShouldBe(former.Grant), now => now.AuthorisedBy.ShouldBe(_world.Ann.Member));
    }

    [Fact]
    public async Task Only_a_connection_can_be_taken_over()
    {
        var client = await First.AddClientAsync(_world.Ann, "Never connected");

        (await First.Get<StartConnect>().TakeOverAsync(Amy, client, Running.Cancellation)).ShouldBeOfType<StartOutcome.NotConnected>();
    }

    [Fact]
    public async Task A_client_whose_connection_one_consent_mends_is_due_at_once()
    {
        var (one, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        var (two, connection) = await First.AddConnectedAsync(_world.Ann, "user1", "org2");
        await First.Get<DueClients>().RemoveAsync(two, Running.Cancellation);
        await First.Get<ConnectionEvidence>().RecordLostAsync(two, connection.Books!, new Core.Providers.ProviderFault(Core.Providers.FaultKind.GrantInvalid, "invalid_grant"), Running.Cancellation);

        var outcome = (await First.ConfirmAsync(_world.Ann, one, await First.ConsentAsync(_world.Ann, one, "user1", "org1"))).ShouldBeOfType<ConsentOutcome.Connected>();

        outcome.Mended.ShouldBe([two]);
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        (await First.Get<DueClients>().TakeAsync(10, Running.Cancellation)).Select(due => due.Client).ShouldContain(two);
    }

    [Fact]
    public async Task A_connection_that_one_consent_mends_is_told_to_its_own_practices_audit_and_authorised_anew_only_in_the_own()
    {
        var (one, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        var (two, ours) = await First.AddConnectedAsync(_world.Ann, "user1", "org2");
        var (there, theirs) = await First.AddConnectedAsync(_world.Bob, "user1", "org3");
        foreach (var (client, connection) in ((ClientId, Connection)[])[(two, ours), (there, theirs)])
            await First.Get<ConnectionEvidence>().RecordLostAsync(client, connection.Books!, new Core.Providers.ProviderFault(Core.Providers.FaultKind.GrantInvalid, "invalid_grant"), Running.Cancellation);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));

        (await First.ConfirmAsync(Amy, one, await First.ConsentAsync(Amy, one, "user1", "org1"))).ShouldBeOfType<ConsentOutcome.Connected>();

        (await First.ConnectionAsync(two)).ShouldSatisfyAllConditions(now => now.State.ShouldBe(ConnectionState.Connected), now => now.AuthorisedBy.ShouldBe(Amy.Member), now => now.AuthorisedByName.ShouldBe("Amy"));
        (await First.ConnectionAsync(there)).ShouldSatisfyAllConditions(now => now.State.ShouldBe(ConnectionState.Connected), now => now.AuthorisedBy.ShouldBe(_world.Bob.Member));
        (await NewestAsync(Amy, two)).ShouldSatisfyAllConditions(entry => entry.Action.ShouldBe(AuditAction.Connected), entry => entry.Member.ShouldBe(Amy.Member));
        (await NewestAsync(_world.Bob, there)).ShouldSatisfyAllConditions(
            entry => entry.Action.ShouldBe(AuditAction.Connected), entry => entry.Member.ShouldBe(_world.Bob.Member, "that practice learns nothing of the other"), entry => entry.MemberName.ShouldBe("Bob"));
    }

    [Fact]
    public async Task When_our_tier_is_full_a_new_client_waits_with_the_reason_and_connected_ones_go_on()
    {
        var process = _world.Process(services => services.Configure<CostOptions>(costs => costs.Providers[World.Provider] = new ProviderTier { MostConnections = 2 }));
        var (one, _) = await process.AddConnectedAsync(_world.Ann, "user1", "org1");
        await process.AddConnectedAsync(_world.Bob, "user2", "org2");
        var waiting = await process.AddClientAsync(_world.Ann, "Waits");

        (await process.Get<StartConnect>().ExecuteAsync(_world.Ann, waiting, World.Provider, Running.Cancellation)).ShouldBeOfType<StartOutcome.Full>().Use.ShouldBe(new CapUse(2, 2));
        (await process.Get<StartConnect>().ExecuteAsync(_world.Ann, one, World.Provider, Running.Cancellation)).ShouldBeOfType<StartOutcome.Redirect>();

        await process.DisconnectAsync(_world.Ann, one);
        (await process.Get<StartConnect>().ExecuteAsync(_world.Ann, waiting, World.Provider, Running.Cancellation)).ShouldBeOfType<StartOutcome.Redirect>();
    }

    private async Task<AuditEntry> NewestAsync(Actor actor, ClientId client) =>
        (await First.Get<AuditTrail>().PageAsync(actor.Practice, client, 1, null, Running.Cancellation)).Entries.Single();

    private async Task<ConsentOutcome> TakeOverAsync(ClientId client, string user, string organisation)
    {
        var redirect = (await First.Get<StartConnect>().TakeOverAsync(Amy, client, Running.Cancellation)).ShouldBeOfType<StartOutcome.Redirect>();
        var state = System.Web.HttpUtility.ParseQueryString(redirect.AuthorizeUri.Query)["state"]!;
        var received = (await First.CallbackAsync(state, _world.Scripted.Consent(user, organisation))).ShouldBeOfType<CallbackOutcome.Received>();
        return await First.ConfirmAsync(Amy, client, received.ResultCode, accept: true);
    }
}
