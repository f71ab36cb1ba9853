using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Connections;

[TakesLong]
public sealed class DisconnectTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly World _world = new(azurite);

    private Running First => _world.First;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Twenty_clients_of_two_practices_share_a_grant_and_only_the_last_revokes_it()
    {
        List<(Core.Practices.Actor Actor, ClientId Client)> clients = [];
        for (var number = 0; number < 20; number++)
        {
            var actor = number % 2 == 0 ? _world.Ann : _world.Bob;
            // The last two hold the same organisation, one in each practice.
            clients.Add((actor, (await First.AddConnectedAsync(actor, "user1", $"org{Math.Min(number, 18)}")).Client));
        }
        var grant = (await First.ConnectionAsync(clients[0].Client)).Grant!.Value;

        await First.DisconnectAsync(clients[0].Actor, clients[0].Client);
        var afterOne = _world.Scripted.OrganisationsOf("user1");
        await First.DisconnectAsync(clients[19].Actor, clients[19].Client);
        var afterShared = _world.Scripted.OrganisationsOf("user1");
        foreach (var (_, client) in clients[1..19])
            (await First.ConnectionAsync(client)).State.ShouldBe(ConnectionState.Connected);
        (await First.TokenAsync(grant)).ShouldBeOfType<AccessTokenOutcome.Token>();
        foreach (var (actor, client) in clients[1..18])
            await First.DisconnectAsync(actor, client);
        var revokedBefore = _world.Scripted.Count("revoke");
        var last = await First.DisconnectAsync(clients[18].Actor, clients[18].Client);

        afterOne.Length.ShouldBe(18);
        afterOne.ShouldNotContain("org0");
        afterShared.ShouldContain("org18");
        revokedBefore.ShouldBe(0);
        _world.Scripted.Count("revoke user1").ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
        last.State.ShouldBe(ConnectionState.Disconnected);
        last.ProviderPending.ShouldBeFalse();
        last.OrganisationName.ShouldBe("Name of org18");
        (await _world.Process().TokenAsync(grant)).ShouldBeOfType<AccessTokenOutcome.Lost>();
    }

    [Fact]
    public async Task A_grant_of_one_company_is_revoked_though_the_company_cannot_be_read_any_more()
    {
        _world.Scripted.ConsentReachesMany = false;
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _world.Scripted.Fault = call => call == "organisations" ? new ProviderFault(FaultKind.SubscriptionLapsed, "6190") : null;

        var disconnected = await First.DisconnectAsync(_world.Ann, client);

        disconnected.ProviderPending.ShouldBeFalse();
        _world.Scripted.Count("revoke user1").ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_last_two_that_disconnect_at_once_leave_nothing_at_the_provider()
    {
        var second = _world.Process();
        var (one, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        var (two, _) = await First.AddConnectedAsync(_world.Bob, "user1", "org1");

        await _world.RunAsync(Task.WhenAll(First.DisconnectAsync(_world.Ann, one), second.DisconnectAsync(_world.Bob, two)));

        _world.Scripted.OrganisationsOf("user1").ShouldBeEmpty();
        _world.Scripted.Count("revoke").ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_people_who_connected_one_organisation_let_go_of_their_own_connection_only()
    {
        var (one, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        await First.AddConnectedAsync(_world.Ann, "user1", "org2");
        var (two, _) = await First.AddConnectedAsync(_world.Bob, "user2", "org1");

        await First.DisconnectAsync(_world.Ann, one);

        _world.Scripted.OrganisationsOf("user1").ShouldBe(["org2"]);
        _world.Scripted.OrganisationsOf("user2").ShouldBe(["org1"]);
        _world.Scripted.Count("revoke").ShouldBe(0);
        var other = await First.ConnectionAsync(two);
        other.State.ShouldBe(ConnectionState.Connected);
        (await First.TokenAsync(other.Grant!.Value)).ShouldBeOfType<AccessTokenOutcome.Token>();
    }

    [Fact]
    public async Task A_revocation_that_is_refused_for_no_known_reason_is_given_up_after_a_week()
    {
        _world.Scripted.ConsentReachesMany = false;
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "company1", "company1");
        _world.Scripted.Fault = call => call == "revoke" ? new ProviderFault(FaultKind.RequestRefused, "400: <html>") : null;

        await First.DisconnectAsync(_world.Ann, client);
        _world.Clock.Advance(TimeSpan.FromDays(6));
        await First.SweepAsync();
        var early = await First.ConnectionAsync(client);
        _world.Clock.Advance(TimeSpan.FromDays(2));
        await First.SweepAsync();

        early.ProviderPending.ShouldBeTrue();
        (await First.ConnectionAsync(client)).ProviderPending.ShouldBeFalse();
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_holds_nobody_back_and_is_asked_again()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _world.Scripted.Fault = _ => new ProviderFault(FaultKind.ProviderUnavailable, "503");

        var during = await First.DisconnectAsync(_world.Ann, client);
        var sweptInVain = await First.SweepAsync();
        _world.Scripted.Fault = null;
        var swept = await First.SweepAsync();
        var after = await First.ConnectionAsync(client);

        during.State.ShouldBe(ConnectionState.Disconnected);
        during.ProviderPending.ShouldBeTrue();
        during.Books.ShouldBeNull();
        sweptInVain.Left.ShouldBe(1);
        swept.Released.ShouldBe(1);
        after.ProviderPending.ShouldBeFalse();
        _world.Scripted.OrganisationsOf("user1").ShouldBeEmpty();
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("organisations")]
    [InlineData("remove")]
    [InlineData("revoke")]
    [InlineData("vault")]
    public async Task A_crash_at_any_step_is_finished_by_disconnecting_again(string step)
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _world.Scripted.Fault = call => call == step ? throw new InvalidOperationException("The process dies here.") : null;
        _world.Vault.Before = (verb, _) =>
        {
            if (step == "vault" && verb == "delete")
                throw new InvalidOperationException("The process dies here.");
        };
        await Should.ThrowAsync<InvalidOperationException>(() => First.DisconnectAsync(_world.Ann, client));
        var between = await First.ConnectionAsync(client);
        (_world.Scripted.Fault, _world.Vault.Before) = (null, null);

        var after = await _world.RunAsync(_world.Process().DisconnectAsync(_world.Ann, client));

        between.State.ShouldBe(ConnectionState.Disconnecting);
        between.Books.ShouldBeNull();
        after.State.ShouldBe(ConnectionState.Disconnected);
        after.ProviderPending.ShouldBeFalse();
        _world.Scripted.OrganisationsOf("user1").ShouldBeEmpty();
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_crash_is_finished_by_the_sweep_as_well()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _world.Scripted.Fault = call => call == "remove" ? throw new InvalidOperationException("The process dies here.") : null;
        await Should.ThrowAsync<InvalidOperationException>(() => First.DisconnectAsync(_world.Ann, client));
        _world.Scripted.Fault = null;

        var swept = await _world.RunAsync(_world.Process().SweepAsync());

        swept.Released.ShouldBe(1);
        (await First.ConnectionAsync(client)).State.ShouldBe(ConnectionState.Disconnected);
        _world.Scripted.OrganisationsOf("user1").ShouldBeEmpty();
    }

    [Fact]
    public async Task Disconnecting_twice_is_the_same_as_once()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        var once = await First.DisconnectAsync(_world.Ann, client);

        var twice = await First.DisconnectAsync(_world.Ann, client);

        twice.ShouldBe(once);
        _world.Scripted.Count("revoke").ShouldBe(1);
    }

    [Fact]
    public async Task A_consent_that_is_under_way_is_called_off()
    {
        var client = await First.AddClientAsync(_world.Ann, "Willow Ltd");
        await First.ConsentAsync(_world.Ann, client, "user1", "org1");
        (await First.ConnectionAsync(client)).State.ShouldBe(ConnectionState.Connecting);

        (await First.DisconnectAsync(_world.Ann, client)).State.ShouldBe(ConnectionState.NotConnected);

        (await First.ConnectionAsync(client)).State.ShouldBe(ConnectionState.NotConnected);
    }

    [Fact]
    public async Task Late_evidence_does_not_move_a_disconnected_client()
    {
        var (client, connection) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        await First.DisconnectAsync(_world.Ann, client);

        await First.Get<ConnectionEvidence>().RecordLostAsync(client, connection.Books!, new ProviderFault(FaultKind.GrantInvalid, "late"), Running.Cancellation);

        (await First.ConnectionAsync(client)).State.ShouldBe(ConnectionState.Disconnected);
    }

    [Fact]
    public async Task A_disconnected_client_connects_again_to_its_organisation_without_being_asked()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        await First.DisconnectAsync(_world.Ann, client);

        var again = await First.ConnectAsync(_world.Ann, client, "user1", "org1");

        again.State.ShouldBe(ConnectionState.Connected);
        (await First.TokenAsync(again.Grant!.Value)).ShouldBeOfType<AccessTokenOutcome.Token>();
    }

    [Fact]
    public async Task A_pending_consent_of_the_same_person_is_not_cut_off_by_the_last_disconnect()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        var second = await First.AddClientAsync(_world.Ann, "Second");
        var result = await First.ConsentAsync(_world.Ann, second, "user1", "org2");

        await First.DisconnectAsync(_world.Ann, client);
        var confirmed = await First.ConfirmAsync(_world.Ann, second, result);

        confirmed.ShouldBeOfType<ConsentOutcome.Connected>();
        _world.Scripted.OrganisationsOf("user1").ShouldBe(["org2"]);
        _world.Scripted.Count("revoke").ShouldBe(0);
    }

    [Fact]
    public async Task Promise_7_Another_practices_client_does_not_exist()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");

        (await First.Get<DisconnectClient>().ExecuteAsync(_world.Bob, client, Running.Cancellation)).ShouldBeOfType<DisconnectOutcome.ClientUnknown>();
        (await First.ConnectionAsync(client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task A_vault_that_refuses_the_removal_is_asked_again()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _world.Vault.Before = (verb, _) =>
        {
            if (verb == "delete")
                throw new VaultException("403", isRefusal: true);
        };

        var during = await First.DisconnectAsync(_world.Ann, client);
        _world.Vault.Before = null;
        var swept = await First.SweepAsync();

        during.ProviderPending.ShouldBeTrue();
        swept.Released.ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
    }
}
