using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Connections;

/// <summary>What a consent brings while the provider cannot say whose it is (QuickBooks: a callback names the company, and a browser may have written another).</summary>
public sealed class ParkedPairTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly ProofOutcome.Unknown Outage = new(new ProviderFault(FaultKind.ProviderUnavailable, "Answered 429."));
    private static readonly ProofOutcome.Refused Foreign = new(new ProviderFault(FaultKind.OrganisationRemoved, "Answered 403: 3100."), IsForeign: true);

    private readonly World _world = new(azurite);
    private ClientId _client;

    private Running First => _world.First;

    private Actor Ann => _world.Ann;

    private bool IsParked => _world.Vault.Names.Keys.Any(name => name.StartsWith("parked-", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        _world.Scripted.ConsentReachesMany = false;
        _world.Scripted.NeedsProof = true;
        _client = await First.AddClientAsync(Ann, "Rowan Ltd");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Promise_4_a_pair_whose_proof_met_an_outage_waits_in_the_vault_and_is_proven_at_the_confirmation()
    {
        _world.Scripted.Proof = _ => Outage;
        var result = await First.ConsentAsync(Ann, _client, "company1", "company1");
        var parked = IsParked;
        var early = await First.ConfirmAsync(Ann, _client, result);
        _world.Scripted.Proof = null;

        // By a process that did not receive it.
        var confirmed = await _world.Process().ConfirmAsync(Ann, _client, result);

        parked.ShouldBeTrue();
        early.ShouldBeOfType<ConsentOutcome.Failed>().Fault.ShouldBe(Outage.Fault);
        confirmed.ShouldBeOfType<ConsentOutcome.Connected>().Connection.State.ShouldBe(ConnectionState.Connected);
        (await First.TokenAsync(new GrantId("fake-company1"))).ShouldBeOfType<AccessTokenOutcome.Token>();
        IsParked.ShouldBeFalse();
        _world.Scripted.Count("exchange").ShouldBe(1);
        _world.Scripted.Count("revoke").ShouldBe(0);
    }

    [Fact]
    public async Task A_parked_pair_takes_nobodys_place_and_offers_nothing_when_it_turns_out_to_be_another_companys()
    {
        // Another practice's company, which a browser wrote into Ann's callback.
        var (theirs, _) = await First.AddConnectedAsync(_world.Bob, "company1", "company1");
        var before = await First.TokenAsync(new GrantId("fake-company1"));
        _world.Scripted.Proof = _ => Outage;
        var result = await First.ConsentAsync(Ann, _client, "company1", "company1");
        var during = await First.TokenAsync(new GrantId("fake-company1"));
        _world.Scripted.Proof = _ => Foreign;

        var refused = await First.ConfirmAsync(Ann, _client, result);
        var again = await First.ConfirmAsync(Ann, _client, result);

        during.ShouldBe(before);
        refused.ShouldBeOfType<ConsentOutcome.Failed>().Fault.ShouldBe(Foreign.Fault);
        again.ShouldBeOfType<ConsentOutcome.CodeUnknown>();
        _world.Scripted.Count("revoke").ShouldBe(1);
        IsParked.ShouldBeFalse();
        (await First.ConnectionAsync(theirs)).State.ShouldBe(ConnectionState.Connected);
        (await First.ConnectionAsync(_client)).Organisation.ShouldBeNull();
    }

    [Fact]
    public async Task A_pair_that_is_another_companys_is_revoked_at_the_callback_and_connects_nothing()
    {
        _world.Scripted.Proof = _ => Foreign;
        var state = await First.StartAsync(Ann, _client);

        var outcome = await First.CallbackAsync(state, _world.Scripted.Consent("company1", "company1"));

        outcome.ShouldBeOfType<CallbackOutcome.Failed>().Fault.ShouldBe(Foreign.Fault);
        _world.Scripted.Count("revoke company1").ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_read_the_company_is_told_and_what_others_use_is_not_revoked()
    {
        _world.Scripted.Proof = _ => new ProofOutcome.Refused(new ProviderFault(FaultKind.UserRightMissing, "Answered 400: 120."), IsForeign: false);
        var state = await First.StartAsync(Ann, _client);

        var outcome = await First.CallbackAsync(state, _world.Scripted.Consent("company1", "company1"));

        outcome.ShouldBeOfType<CallbackOutcome.Failed>().Fault.Kind.ShouldBe(FaultKind.UserRightMissing);
        _world.Scripted.Count("revoke").ShouldBe(0);
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parked_pair_that_nobody_confirms_is_revoked_where_nobody_uses_the_company()
    {
        _world.Scripted.Proof = _ => Outage;
        await First.ConsentAsync(Ann, _client, "company1", "company1");
        _world.Clock.Advance(TimeSpan.FromMinutes(12));

        (await First.SweepAsync()).ShouldBe(new SweepResult(1, 0, 0));

        _world.Scripted.Count("revoke company1").ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Promise_4_a_parked_pair_that_nobody_confirms_serves_those_who_are_connected_once_it_is_proven()
    {
        var (connected, _) = await First.AddConnectedAsync(Ann, "company1", "company1");
        _world.Scripted.Proof = _ => Outage;
        var former = (await First.TokenAsync(new GrantId("fake-company1"))).ShouldBeOfType<AccessTokenOutcome.Token>();
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await First.ConsentAsync(Ann, connected, "company1", "company1");
        _world.Clock.Advance(TimeSpan.FromMinutes(12));
        // The consent by which the client is connected is over; the parked one waits.
        (await First.SweepAsync()).ShouldBe(new SweepResult(1, 0, 1));
        _world.Scripted.Proof = null;

        (await First.SweepAsync()).ShouldBe(new SweepResult(1, 0, 0));

        var token = (await _world.Process().TokenAsync(new GrantId("fake-company1"))).ShouldBeOfType<AccessTokenOutcome.Token>();
        token.ShouldNotBe(former);
        _world.Scripted.Count("refresh").ShouldBe(0);
        _world.Scripted.Count("revoke").ShouldBe(0);
        IsParked.ShouldBeFalse();
    }

    [Fact]
    public async Task Promise_4_of_two_parked_pairs_the_newer_one_stays_though_the_older_is_proven_later()
    {
        var (connected, _) = await First.AddConnectedAsync(Ann, "company1", "company1");
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        _world.Scripted.Proof = _ => Outage;
        await First.ConsentAsync(Ann, connected, "company1", "company1");
        _world.Clock.Advance(TimeSpan.FromMinutes(3));
        var newer = await First.ConsentAsync(Ann, connected, "company1", "company1");
        _world.Scripted.Proof = null;
        _world.Clock.Advance(TimeSpan.FromMinutes(9));
        // The older one is over by now, and is taken in at the end of it.
        await First.SweepAsync();
        var between = (await _world.Process().TokenAsync(new GrantId("fake-company1"))).ShouldBeOfType<AccessTokenOutcome.Token>();

        (await First.ConfirmAsync(Ann, connected, newer)).ShouldBeOfType<ConsentOutcome.Connected>();

        (await _world.Process().TokenAsync(new GrantId("fake-company1"))).ShouldBeOfType<AccessTokenOutcome.Token>().ShouldNotBe(between);
        IsParked.ShouldBeFalse();
    }

    [Fact]
    public async Task Promise_4_a_pair_that_the_vault_refused_is_stored_by_the_next_refresh_of_those_who_are_connected()
    {
        var (connected, _) = await First.AddConnectedAsync(Ann, "company1", "company1");
        _world.Clock.Advance(TimeSpan.FromSeconds(2));
        var state = await First.StartAsync(Ann, connected);
        // This provider ends the pair before with the consent.
        _world.Scripted.Kill("company1");
        _world.Vault.Before = (verb, _) =>
        {
            if (verb == "set")
                throw new VaultException("429", isRefusal: false);
        };
        (await _world.RunAsync(First.CallbackAsync(state, _world.Scripted.Consent("company1", "company1")))).ShouldBeOfType<CallbackOutcome.Failed>();
        _world.Vault.Before = null;
        _world.Clock.Advance(TimeSpan.FromMinutes(61));

        (await _world.RunAsync(First.TokenAsync(new GrantId("fake-company1")))).ShouldBeOfType<AccessTokenOutcome.Token>();

        (await First.ConnectionAsync(connected)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task Promise_6_a_pair_that_comes_when_its_consent_has_gone_with_its_client_is_revoked()
    {
        var state = await First.StartAsync(Ann, _client);
        _world.Scripted.OnExchange = () => First.Get<ConsentStore>().DeleteAsync(OneTimeCode.TryRead(state, out var id, out _) ? id : throw new InvalidOperationException(state), Running.Cancellation);

        var outcome = await First.CallbackAsync(state, _world.Scripted.Consent("company1", "company1"));

        outcome.ShouldBeOfType<CallbackOutcome.Failed>();
        _world.Scripted.Count("revoke company1").ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Promise_6_a_consent_is_not_ended_while_its_code_is_exchanged_and_then_nothing_of_it_is_left(bool needsProof)
    {
        _world.Scripted.NeedsProof = needsProof;
        var during = true;
        var state = await First.StartAsync(Ann, _client);
        _world.Scripted.OnExchange = async () => during = await First.Get<EndConsents>().OfClientAsync(_client, Running.Cancellation);

        await First.CallbackAsync(state, _world.Scripted.Consent("company1", "company1"));

        during.ShouldBeFalse("to be tried again");
        (await First.Get<EndConsents>().OfClientAsync(_client, Running.Cancellation)).ShouldBeTrue();
        _world.Scripted.Count("revoke company1").ShouldBe(1);
        _world.Vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_consent_whose_exchange_nobody_ended_is_ended_after_its_time()
    {
        var state = await First.StartAsync(Ann, _client);
        _world.Scripted.OnExchange = () => throw new InvalidOperationException("The process dies here.");
        await Should.ThrowAsync<InvalidOperationException>(() => First.CallbackAsync(state, _world.Scripted.Consent("company1", "company1")));
        (await First.Get<EndConsents>().OfClientAsync(_client, Running.Cancellation)).ShouldBeFalse();

        _world.Clock.Advance(TimeSpan.FromMinutes(12));

        (await First.Get<EndConsents>().OfClientAsync(_client, Running.Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task Promise_4_a_crash_while_the_provider_is_asked_leaves_the_pair_in_the_vault()
    {
        var during = false;
        _world.Scripted.Proof = _ =>
        {
            during = IsParked;
            throw new InvalidOperationException("The process dies here.");
        };
        var state = await First.StartAsync(Ann, _client);

        await Should.ThrowAsync<InvalidOperationException>(() => First.CallbackAsync(state, _world.Scripted.Consent("company1", "company1")));

        (during, IsParked).ShouldBe((true, true));
    }

    [Fact]
    public async Task Deleting_the_consents_of_a_client_leaves_no_parked_pair()
    {
        _world.Scripted.Proof = _ => Outage;
        await First.ConsentAsync(Ann, _client, "company1", "company1");

        (await First.Get<EndConsents>().OfClientAsync(_client, Running.Cancellation)).ShouldBeTrue();

        _world.Vault.Names.ShouldBeEmpty();
    }
}
