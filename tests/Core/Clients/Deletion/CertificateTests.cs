using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Clients.Deletion;

/// <summary>What the certificate of a deletion says of the provider is true, also of what was given up before.</summary>
public sealed class CertificateTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly ProviderFault Refused = new(FaultKind.RequestRefused, "400: <html>");
    private readonly World _world = new(azurite);

    private Running First => _world.First;

    private static CancellationToken Cancellation => Running.Cancellation;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_client_whose_organisation_the_provider_let_go_before_is_certified_so()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        await First.DisconnectAsync(_world.Ann, client);

        (await DeleteAsync(client, DeletionKind.Client)).Provider.ShouldBe(ProviderPart.LetGo);
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("revoke")]
    public async Task A_client_whose_removal_was_given_up_a_week_after_its_disconnect_is_not_certified_as_let_go(string refused)
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        // Somebody else by the same consent, so that nothing but the organisation itself is to be removed.
        if (refused == "remove")
            await First.AddConnectedAsync(_world.Ann, "user1", "org2");
        _world.Scripted.ConsentReachesMany = refused == "remove";
        await GiveUpAsync(client, refused);
        _world.Scripted.OrganisationsOf("user1").ShouldContain("org1", "it is still there");

        var certificate = await DeleteAsync(client, DeletionKind.Client);

        certificate.Provider.ShouldBe(ProviderPart.Unconfirmed);
        certificate.Counts!["left-at-provider"].ShouldBe(1);
        (await First.Get<LeftThere>().IsThereAsync(client, Cancellation)).ShouldBeFalse("and nothing of the client is left here");
    }

    [Fact]
    public async Task What_was_given_up_is_still_known_after_only_the_data_was_deleted()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        await First.AddConnectedAsync(_world.Ann, "user1", "org2");
        await GiveUpAsync(client, "remove");

        var ofData = await DeleteAsync(client, DeletionKind.Data);
        var ofClient = await DeleteAsync(client, DeletionKind.Client);

        (ofData.Provider, ofClient.Provider).ShouldBe((ProviderPart.Unconfirmed, ProviderPart.Unconfirmed));
    }

    [Fact]
    public async Task What_was_given_up_and_is_let_go_after_a_reconnect_is_certified_as_let_go()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        await First.AddConnectedAsync(_world.Ann, "user1", "org2");
        await GiveUpAsync(client, "remove");
        await First.ConnectAsync(_world.Ann, client, "user1", "org1");

        var certificate = await DeleteAsync(client, DeletionKind.Client);

        certificate.Provider.ShouldBe(ProviderPart.LetGo);
        _world.Scripted.OrganisationsOf("user1").ShouldBe(["org2"]);
    }

    [Fact]
    public async Task What_is_given_up_is_not_certified_as_let_go_after_a_crash_between_the_end_of_its_grant_and_that_of_its_release()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _world.Scripted.ConsentReachesMany = false;
        var connection = await First.ConnectionAsync(client);
        await RefuseForAWeekAsync(client, "revoke");
        var crashes = 0;
        First.Get<GrantRelease>().Ended = () => crashes++ == 0 ? throw new CrashException() : Task.CompletedTask;
        try
        {
            await First.SweepAsync();
        }
        catch (CrashException)
        {
            // The process is gone.
        }
        crashes.ShouldBe(1, "it crashed where it was to");
        _world.Scripted.Fault = null;
        await First.SweepAsync();
        // Whoever carries the deletion out may have read the release before the sweep took it away.
        (await First.Get<Releases>().FinishAsync(new Release(client, connection.Grant!.Value, connection.Organisation!.Value) { At = _world.Clock.GetUtcNow() - TimeSpan.FromDays(8) }, Cancellation)).ShouldBeNull();

        (await DeleteAsync(client, DeletionKind.Client)).Provider.ShouldBe(ProviderPart.Unconfirmed);
    }

    [Fact]
    public async Task A_grant_whose_tokens_are_lost_is_not_certified_as_let_go_since_nobody_can_revoke_it()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _world.Scripted.ConsentReachesMany = false;
        foreach (var name in _world.Vault.Names.Keys)
            await _world.Vault.DeleteAsync(name, Cancellation);

        var certificate = await DeleteAsync(client, DeletionKind.Client);

        certificate.Provider.ShouldBe(ProviderPart.Unconfirmed);
        _world.Scripted.Calls.ShouldNotContain("revoke user1");
    }

    [Fact]
    public async Task What_was_given_up_goes_with_the_grant_when_the_provider_revokes_that_later()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");
        var (other, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org2");
        await GiveUpAsync(client, "remove");
        (await First.Get<LeftThere>().IsThereAsync(client, Cancellation)).ShouldBeTrue();

        await First.DisconnectAsync(_world.Ann, other);

        _world.Scripted.Calls.ShouldContain("revoke user1");
        (await DeleteAsync(client, DeletionKind.Client)).Provider.ShouldBe(ProviderPart.LetGo);
    }

    [Fact]
    public async Task What_a_sweep_let_go_between_the_stop_and_the_count_is_counted()
    {
        var (client, _) = await First.AddConnectedAsync(_world.Ann, "user1", "org1");

        var certificate = await DeleteAsync(client, DeletionKind.Client, First.SweepAsync);

        (certificate.Counts!["connection"], certificate.Counts["grant-holders"], certificate.Counts["organisation-holders"]).ShouldBe((1, 1, 1));
    }

    private async Task GiveUpAsync(ClientId client, string refused)
    {
        await RefuseForAWeekAsync(client, refused);
        await First.SweepAsync();
        (await First.ConnectionAsync(client)).ProviderPending.ShouldBeFalse("it is given up");
        _world.Scripted.Fault = null;
    }

    private async Task RefuseForAWeekAsync(ClientId client, string refused)
    {
        // What is left of the consents is tidied up, as it is minutes after them.
        _world.Clock.Advance(TimeSpan.FromMinutes(20));
        await First.SweepAsync();
        _world.Scripted.Fault = call => call == refused ? Refused : null;
        await First.DisconnectAsync(_world.Ann, client);
        (await First.ConnectionAsync(client)).ProviderPending.ShouldBeTrue();
        _world.Clock.Advance(TimeSpan.FromDays(8));
    }

    // What the orchestration does.
    private async Task<ClientDeletion> DeleteAsync(ClientId client, DeletionKind kind, Func<Task>? stopped = null)
    {
        var name = (await First.Clients.FindAsync(_world.Ann, client, Cancellation))!.Name;
        var asked = (await First.Get<RequestDeletion>().ExecuteAsync(_world.Ann, client, kind, name, Cancellation)).ShouldBeOfType<DeletionOutcome.UnderWay>().Deletion;
        var steps = First.Get<CarryOutDeletion>();
        (await steps.StopAsync(asked.Id, Cancellation)).ShouldNotBeNull();
        if (stopped is not null)
            await stopped();
        await steps.CountAsync(asked.Id, Cancellation);
        foreach (var stage in (ErasureStage[])[ErasureStage.Checkpoints, ErasureStage.Data])
            (await steps.EraseAsync(asked.Id, stage, Cancellation)).ShouldBeTrue();
        (await steps.LeaveAsync(asked.Id, Cancellation)).ShouldBeTrue();
        foreach (var stage in (ErasureStage[])[ErasureStage.Connection, ErasureStage.Identity])
            (await steps.EraseAsync(asked.Id, stage, Cancellation)).ShouldBeTrue();
        (await steps.VerifyAsync(asked.Id, Cancellation)).ShouldBeTrue();
        await steps.CompleteAsync(asked.Id, Cancellation);
        return (await First.Get<DeletionStore>().FindAsync(_world.Ann.Practice, asked.Id, Cancellation))!;
    }
}
