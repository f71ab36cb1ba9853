using CsCheck;
using DataHealth.Core.Connections;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Connections;

public sealed class ConnectTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly World _world = new(azurite);
    private ClientId _client;

    private Running First => _world.First;

    private Actor Ann => _world.Ann;

    public async ValueTask InitializeAsync() => _client = await First.AddClientAsync(Ann, "Birch & Ash");

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_client_is_connected_when_its_member_confirms()
    {
        var result = await First.ConsentAsync(Ann, _client, "user1", "org1");
        var before = await First.ConnectionAsync(_client);

        var connected = (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.Connected>().Connection;

        before.State.ShouldBe(ConnectionState.Connecting);
        before.Books.ShouldBeNull();
        connected.State.ShouldBe(ConnectionState.Connected);
        connected.Organisation.ShouldBe(new OrganisationId("fake", "org1"));
        connected.OrganisationName.ShouldBe("Name of org1");
        connected.AuthorisedByName.ShouldBe("Ann");
        (await _world.Process().ConnectionAsync(_client)).Books.ShouldBe(new Books(new OrganisationId("fake", "org1"), new GrantId("fake-user1")));
    }

    [Fact]
    public async Task A_confirmation_brought_again_gives_the_same_answer()
    {
        var result = await First.ConsentAsync(Ann, _client, "user1", "org1");
        await First.ConfirmAsync(Ann, _client, result);

        (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.Connected>();
    }

    [Fact]
    public async Task A_state_is_good_once()
    {
        var state = await First.StartAsync(Ann, _client);
        (await First.CallbackAsync(state, _world.Scripted.Consent("user1", "org1"))).ShouldBeOfType<CallbackOutcome.Received>();

        var replayed = await First.CallbackAsync(state, _world.Scripted.Consent("user1", "org1"));

        replayed.ShouldBe(new CallbackOutcome.StateRefused(StateProblem.Used));
        _world.Scripted.Count("exchange").ShouldBe(1);
    }

    [Fact]
    public async Task Of_twenty_callbacks_with_one_state_one_is_taken()
    {
        var second = _world.Process();
        var state = await First.StartAsync(Ann, _client);
        var code = _world.Scripted.Consent("user1", "org1");

        var outcomes = await _world.RunAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(number => (number % 2 == 0 ? First : second).CallbackAsync(state, code))));

        outcomes.Count(outcome => outcome is CallbackOutcome.Received).ShouldBe(1);
        outcomes.Count(outcome => outcome is CallbackOutcome.StateRefused { Problem: StateProblem.Used }).ShouldBe(19);
        _world.Scripted.Count("exchange").ShouldBe(1);
    }

    [Fact]
    public async Task A_state_is_good_for_ten_minutes()
    {
        var state = await First.StartAsync(Ann, _client);
        _world.Clock.Advance(TimeSpan.FromMinutes(10));

        (await First.CallbackAsync(state, _world.Scripted.Consent("user1", "org1"))).ShouldBe(new CallbackOutcome.StateRefused(StateProblem.Expired));
        (await First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.NotConnected);
    }

    [Fact]
    public async Task A_state_altered_in_any_place_is_not_one_of_ours()
    {
        var state = await First.StartAsync(Ann, _client);
        for (var index = 0; index < state.Length; index++)
        {
            var altered = state[..index] + (state[index] == 'a' ? 'b' : 'a') + state[(index + 1)..];
            (await First.CallbackAsync(altered, "code")).ShouldBe(new CallbackOutcome.StateRefused(StateProblem.Unknown));
        }
        (await First.CallbackAsync(null, "code")).ShouldBe(new CallbackOutcome.StateRefused(StateProblem.Missing));
        _world.Scripted.Count("exchange").ShouldBe(0);
    }

    [Fact]
    public Task No_garbage_that_a_browser_brings_throws() =>
        Gen.Select(Gen.String, Gen.String.Null(), Gen.String.Null()).SampleAsync(
            async query => (await First.CallbackAsync(query.Item1, query.Item2, query.Item3)).ShouldBeOfType<CallbackOutcome.StateRefused>(), iter: 200);

    [Fact]
    public async Task A_code_that_is_refused_ends_that_attempt_and_says_so()
    {
        var state = await First.StartAsync(Ann, _client);

        var outcome = (await First.CallbackAsync(state, "never-issued")).ShouldBeOfType<CallbackOutcome.Failed>();

        outcome.Client.ShouldBe(_client);
        (await First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.NotConnected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Coming_back_with_neither_a_code_nor_an_error_is_a_consent_that_was_not_given(string? code)
    {
        var state = await First.StartAsync(Ann, _client);

        (await First.CallbackAsync(state, code)).ShouldBe(new CallbackOutcome.Denied(_client, false));

        (await First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.NotConnected);
    }

    [Fact]
    public async Task Cancel_at_the_provider_leaves_everything_as_it_was()
    {
        var state = await First.StartAsync(Ann, _client);

        var outcome = await First.CallbackAsync(state, null, "access_denied");

        outcome.ShouldBe(new CallbackOutcome.Denied(_client, true));
        (await First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.NotConnected);
    }

    [Fact]
    public async Task Promise_7_Only_the_member_who_started_it_confirms_and_only_for_that_client()
    {
        var result = await First.ConsentAsync(Ann, _client, "user1", "org1");
        var sibling = await First.AddClientAsync(Ann, "Sibling");
        var colleague = Ann with { Member = new MemberId("carl") };

        (await First.ConfirmAsync(colleague, _client, result)).ShouldBeOfType<ConsentOutcome.CodeUnknown>();
        (await First.ConfirmAsync(Ann, sibling, result)).ShouldBeOfType<ConsentOutcome.CodeUnknown>();
        (await First.ConfirmAsync(_world.Bob, _client, result)).ShouldBeOfType<ConsentOutcome.ClientUnknown>();
        (await First.ConfirmAsync(Ann, _client, result[..^1] + (result[^1] == 'A' ? 'B' : 'A'))).ShouldBeOfType<ConsentOutcome.CodeUnknown>();
        (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.Connected>();
    }

    [Fact]
    public async Task Of_several_organisations_the_person_chooses()
    {
        var result = await First.ConsentAsync(Ann, _client, "user1", "org1", "org2", "org3");

        var offered = (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.Choose>().Organisations;
        var refused = await First.ChooseAsync(Ann, _client, result, "org9");
        var chosen = await First.ChooseAsync(Ann, _client, result, "org2");

        offered.Select(one => one.Id.Id).ShouldBe(["org1", "org2", "org3"]);
        refused.ShouldBeOfType<ConsentOutcome.NotOffered>();
        chosen.ShouldBeOfType<ConsentOutcome.Connected>().Connection.Organisation!.Value.Id.ShouldBe("org2");
    }

    [Fact]
    public async Task Promise_7_One_person_in_two_practices_leaks_nothing()
    {
        await First.AddConnectedAsync(_world.Bob, "user1", "secret-of-south");
        var result = await First.ConsentAsync(Ann, _client, "user1", "org1", "org2");

        var offered = (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.Choose>().Organisations;
        var guessed = await First.ChooseAsync(Ann, _client, result, "secret-of-south");

        offered.Select(one => one.Id.Id).ShouldBe(["org1", "org2"]);
        guessed.ShouldBeOfType<ConsentOutcome.NotOffered>();
    }

    [Fact]
    public async Task A_consent_that_adds_nothing_says_so()
    {
        await First.AddConnectedAsync(_world.Bob, "user1", "org9");
        var result = await First.ConsentAsync(Ann, _client, "user1");

        (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.NoOrganisation>();
    }

    [Fact]
    public async Task What_a_walk_that_broke_off_half_way_left_at_the_provider_is_offered_to_the_next_one()
    {
        _world.Scripted.Consent("user1", "org1");
        var result = await First.ConsentAsync(Ann, _client, "user1");

        var offered = (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.Choose>().Organisations;
        var chosen = (await First.ChooseAsync(Ann, _client, result, "org1")).ShouldBeOfType<ConsentOutcome.Connected>().Connection;

        offered.Single().Id.Id.ShouldBe("org1");
        chosen.Organisation!.Value.Id.ShouldBe("org1");
    }

    [Fact]
    public async Task An_organisation_of_another_client_is_refused_with_that_clients_name()
    {
        await First.ConnectAsync(Ann, _client, "user1", "org1");
        var second = await First.AddClientAsync(Ann, "Second");
        var result = await First.ConsentAsync(Ann, second, "user2", "org1");

        var outcome = (await First.ConfirmAsync(Ann, second, result)).ShouldBeOfType<ConsentOutcome.OrganisationTaken>();

        outcome.ByName.ShouldBe("Birch & Ash");
        (await First.ConnectionAsync(second)).IsLive.ShouldBeFalse();
    }

    [Fact]
    public async Task Of_two_clients_that_connect_one_organisation_at_once_one_gets_it()
    {
        var second = await First.AddClientAsync(Ann, "Second");
        var process = _world.Process();
        var one = await First.ConsentAsync(Ann, _client, "user1", "org1");
        var two = await process.ConsentAsync(Ann, second, "user2", "org1");

        var outcomes = await _world.RunAsync(Task.WhenAll(First.ConfirmAsync(Ann, _client, one), process.ConfirmAsync(Ann, second, two)));

        outcomes.Count(outcome => outcome is ConsentOutcome.Connected).ShouldBe(1);
        outcomes.Count(outcome => outcome is ConsentOutcome.OrganisationTaken).ShouldBe(1);
    }

    [Fact]
    public async Task Two_practices_may_hold_the_same_organisation()
    {
        await First.ConnectAsync(Ann, _client, "user1", "org1");

        var (_, theirs) = await First.AddConnectedAsync(_world.Bob, "user1", "org1");

        theirs.State.ShouldBe(ConnectionState.Connected);
        (await First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task Another_organisation_on_reconnect_asks_first_and_lets_go_of_the_former_one()
    {
        await First.ConnectAsync(Ann, _client, "user1", "org1");
        var result = await First.ConsentAsync(Ann, _client, "user2", "org2");

        var asked = (await First.ConfirmAsync(Ann, _client, result)).ShouldBeOfType<ConsentOutcome.DifferentOrganisation>();
        var unchanged = await First.ConnectionAsync(_client);
        var accepted = await First.ConfirmAsync(Ann, _client, result, accept: true);

        asked.EarlierName.ShouldBe("Name of org1");
        asked.Chosen.Name.ShouldBe("Name of org2");
        unchanged.Organisation!.Value.Id.ShouldBe("org1");
        accepted.ShouldBeOfType<ConsentOutcome.Connected>().Connection.Organisation!.Value.Id.ShouldBe("org2");
        _world.Scripted.OrganisationsOf("user1").ShouldBeEmpty();
        _world.Vault.Names.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_people_who_connect_a_client_to_different_books_at_once_the_second_overwrites_nothing_and_is_asked()
    {
        var watch = new HookedWatch();
        var process = _world.Process(watch.In);
        var amy = Ann with { Member = new MemberId("amy"), Name = "Amy" };
        var hers = await process.ConsentAsync(Ann, _client, "user1", "org1");
        var theirs = await First.ConsentAsync(amy, _client, "user2", "org2");
        // Nobody held other books when the first began to connect; when she writes, the other one has.
        watch.BeforeWrite = async () => (await First.ConfirmAsync(amy, _client, theirs)).ShouldBeOfType<ConsentOutcome.Connected>();

        (await process.ConfirmAsync(Ann, _client, hers)).ShouldBeOfType<ConsentOutcome.ChangedMeanwhile>();

        (await First.ConnectionAsync(_client)).ShouldSatisfyAllConditions(now => now.Organisation!.Value.Id.ShouldBe("org2"), now => now.AuthorisedBy.ShouldBe(amy.Member));
        (await process.ConfirmAsync(Ann, _client, hers)).ShouldBeOfType<ConsentOutcome.DifferentOrganisation>();
        (await process.ConfirmAsync(Ann, _client, hers, accept: true)).ShouldBeOfType<ConsentOutcome.Connected>();
    }

    [Fact]
    public async Task An_unconfirmed_consent_ends_and_leaves_nothing_behind()
    {
        var result = await First.ConsentAsync(Ann, _client, "user1", "org1");
        _world.Clock.Advance(TimeSpan.FromMinutes(11));

        var late = await First.ConfirmAsync(Ann, _client, result);
        var sweep = await First.SweepAsync();
        var again = await First.SweepAsync();

        late.ShouldBeOfType<ConsentOutcome.CodeExpired>();
        sweep.ShouldBe(new(1, 0, 0));
        again.ShouldBe(new(0, 0, 0));
        _world.Vault.Names.ShouldBeEmpty();
        _world.Scripted.OrganisationsOf("user1").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unconfirmed_consent_of_a_grant_in_use_takes_only_what_it_added()
    {
        await First.ConnectAsync(Ann, _client, "user1", "org1");
        var second = await First.AddClientAsync(Ann, "Second");
        await First.ConsentAsync(Ann, second, "user1", "org2");
        _world.Clock.Advance(TimeSpan.FromMinutes(11));

        await First.SweepAsync();

        _world.Scripted.OrganisationsOf("user1").ShouldBe(["org1"]);
        _world.Scripted.Count("revoke").ShouldBe(0);
        (await First.TokenAsync(new GrantId("fake-user1"))).ShouldBeOfType<AccessTokenOutcome.Token>();
    }

    [Fact]
    public async Task A_verifier_of_PKCE_waits_in_the_vault_and_is_gone_after_the_exchange()
    {
        _world.Scripted.UsesPkce = true;
        var state = await First.StartAsync(Ann, _client);
        var waiting = _world.Vault.Names.Keys.ToList();

        await First.CallbackAsync(state, _world.Scripted.Consent("user1", "org1"));

        waiting.ShouldHaveSingleItem().ShouldStartWith("consent-");
        _world.Scripted.Count("exchange with verifier").ShouldBe(1);
        _world.Vault.Names.Keys.ShouldAllBe(name => name.StartsWith("grant-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FaultKind.GrantInvalid, ConnectionState.ReconnectNeeded)]
    [InlineData(FaultKind.OrganisationRemoved, ConnectionState.ReconnectNeeded)]
    [InlineData(FaultKind.ClientCredentialsWrong, ConnectionState.Connected)]
    [InlineData(FaultKind.ScopeMissing, ConnectionState.Connected)]
    [InlineData(FaultKind.UserRightMissing, ConnectionState.Connected)]
    [InlineData(FaultKind.OrganisationOffline, ConnectionState.Connected)]
    [InlineData(FaultKind.ProviderUnavailable, ConnectionState.Connected)]
    [InlineData(FaultKind.HighVolumeRefused, ConnectionState.Connected)]
    [InlineData(FaultKind.BadAnswer, ConnectionState.Connected)]
    [InlineData(FaultKind.RequestRefused, ConnectionState.Connected)]
    [InlineData(FaultKind.OurStorage, ConnectionState.Connected)]
    [InlineData(FaultKind.NotConfigured, ConnectionState.Connected)]
    public async Task Only_proof_moves_a_connection(FaultKind kind, ConnectionState expected)
    {
        var books = (await First.ConnectAsync(Ann, _client, "user1", "org1")).Books!;
        var evidence = First.Get<ConnectionEvidence>();

        await evidence.RecordLostAsync(_client, books, new ProviderFault(kind, "technical", "c1"), Running.Cancellation);

        (await First.ConnectionAsync(_client)).State.ShouldBe(expected);
        FaultWords.For(kind, "Fake").ReconnectMends.ShouldBe(expected is ConnectionState.ReconnectNeeded || kind is FaultKind.ScopeMissing);
    }
}
