using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Providers;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Connections;

[TakesLong]
public sealed class RefreshTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly World _world = new(azurite);
    private ClientId _client;
    private GrantId _grant;

    private static ProviderFault Outage => new(FaultKind.ProviderUnavailable, "503");

    public async ValueTask InitializeAsync()
    {
        (_client, var connection) = await _world.First.AddConnectedAsync(_world.Ann, "user1", "org1");
        _grant = connection.Grant!.Value;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Two_processes_with_200_calls_at_expiry_refresh_once()
    {
        var second = _world.Process();
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var outcomes = await _world.RunAsync(Task.WhenAll(Enumerable.Range(0, 200).Select(number => (number % 2 == 0 ? _world.First : second).TokenAsync(_grant))));

        outcomes.ShouldAllBe(outcome => outcome is AccessTokenOutcome.Token);
        outcomes.Cast<AccessTokenOutcome.Token>().Select(token => token.Value).Distinct().Count().ShouldBe(1);
        _world.Scripted.Count("refresh").ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_the_provider_refused_is_renewed_once_for_all_who_hold_it()
    {
        var second = _world.Process();
        var old = (await _world.First.TokenAsync(_grant)).ShouldBeOfType<AccessTokenOutcome.Token>().Value;

        var outcomes = await _world.RunAsync(Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            (number % 2 == 0 ? _world.First : second).Tokens.RenewAsync(_grant, old, Running.Cancellation))));

        outcomes.ShouldAllBe(outcome => outcome is AccessTokenOutcome.Token && ((AccessTokenOutcome.Token)outcome).Value != old);
        _world.Scripted.Count("refresh").ShouldBe(1);
    }

    [Fact]
    public async Task A_holder_frozen_before_its_call_is_replaced_and_sends_nothing_when_it_wakes()
    {
        var frozen = new TaskCompletionSource();
        var isFirst = true;
        var isReached = new TaskCompletionSource();
        // The doubt entry is the last thing that is written before the lease is checked; freeze in the vault's read before it.
        _world.Vault.Before = (verb, _) =>
        {
            if (verb != "get" || !isFirst || _world.Scripted.Count("refresh") > 0 || !IsInsideLease())
                return;
            isFirst = false;
            isReached.SetResult();
            frozen.Task.Wait(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        };
        var second = _world.Process();
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var sleeper = Task.Run(() => _world.First.TokenAsync(_grant), TestContext.Current.CancellationToken);
        await isReached.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        var other = await _world.RunAsync(Task.Run(() => second.TokenAsync(_grant), TestContext.Current.CancellationToken), TimeSpan.FromSeconds(1));
        frozen.SetResult();
        var woken = await _world.RunAsync(sleeper);

        var token = other.ShouldBeOfType<AccessTokenOutcome.Token>();
        woken.ShouldBeOfType<AccessTokenOutcome.Token>().Value.ShouldBe(token.Value);
        _world.Scripted.Count("refresh").ShouldBe(1);
    }

    [Fact]
    public async Task Promise_4_A_holder_frozen_inside_its_call_keeps_the_pair_of_the_process_that_went_on()
    {
        var frozen = new TaskCompletionSource();
        var isReached = new TaskCompletionSource();
        var calls = 0;
        _world.Scripted.AfterRefresh = async () =>
        {
            if (Interlocked.Increment(ref calls) > 1)
                return;
            isReached.SetResult();
            await frozen.Task;
        };
        var second = _world.Process();
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var sleeper = _world.First.TokenAsync(_grant);
        await isReached.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        var other = (await _world.RunAsync(second.TokenAsync(_grant), TimeSpan.FromSeconds(1))).ShouldBeOfType<AccessTokenOutcome.Token>();
        frozen.SetResult();
        var woken = (await _world.RunAsync(sleeper)).ShouldBeOfType<AccessTokenOutcome.Token>();

        woken.Value.ShouldBe(other.Value);
        (await _world.Process().TokenAsync(_grant)).ShouldBeOfType<AccessTokenOutcome.Token>().Value.ShouldBe(other.Value);
    }

    [Fact]
    public async Task Promise_4_A_crash_between_answer_and_store_is_survived_with_the_old_refresh_token()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        _world.Vault.Before = (verb, _) =>
        {
            if (verb == "set")
                throw new InvalidOperationException("The process dies here.");
        };
        await Should.ThrowAsync<InvalidOperationException>(() => _world.First.TokenAsync(_grant));
        _world.Vault.Before = null;

        var after = await _world.RunAsync(_world.Process().TokenAsync(_grant), TimeSpan.FromSeconds(1));

        after.ShouldBeOfType<AccessTokenOutcome.Token>();
        (await _world.First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task Promise_4_The_keep_alive_settles_a_refresh_in_doubt_before_the_grace_ends()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        _world.Vault.Before = (verb, _) =>
        {
            if (verb == "set")
                throw new InvalidOperationException("The process dies here.");
        };
        await Should.ThrowAsync<InvalidOperationException>(() => _world.First.TokenAsync(_grant));
        _world.Vault.Before = null;
        _world.Clock.Advance(TimeSpan.FromMinutes(5));

        var result = await _world.RunAsync(_world.Process().KeepAliveAsync(), TimeSpan.FromSeconds(1));
        _world.Clock.Advance(TimeSpan.FromDays(1));

        result.ShouldBe(new KeepAliveResult(1, 0, 0));
        (await _world.Process().TokenAsync(_grant)).ShouldBeOfType<AccessTokenOutcome.Token>();
        (await _world.Process().KeepAliveAsync()).ShouldBe(new KeepAliveResult(0, 0, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Promise_4_A_vault_that_refuses_at_that_moment_leaves_the_connection_alive(bool isRefusal)
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        _world.Vault.Before = (verb, _) =>
        {
            if (verb == "set")
                throw new VaultException(isRefusal ? "403" : "429", isRefusal);
        };

        var during = await _world.RunAsync(_world.First.TokenAsync(_grant));
        _world.Vault.Before = null;
        _world.Clock.Advance(TimeSpan.FromHours(2));
        var after = await _world.RunAsync(_world.First.TokenAsync(_grant));

        during.ShouldBeOfType<AccessTokenOutcome.Unavailable>().Fault.Kind.ShouldBe(FaultKind.OurStorage);
        after.ShouldBeOfType<AccessTokenOutcome.Token>();
        (await _world.First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task Promise_4_a_pair_that_a_consent_brought_and_the_vault_refused_is_stored_by_the_next_refresh()
    {
        var state = await _world.First.StartAsync(_world.Ann, _client);
        // This provider ends the pair before with the consent.
        _world.Scripted.Kill("user1");
        _world.Vault.Before = (verb, _) =>
        {
            if (verb == "set")
                throw new VaultException("429", isRefusal: false);
        };
        (await _world.RunAsync(_world.First.CallbackAsync(state, _world.Scripted.Consent("user1", "org1")))).ShouldBeOfType<CallbackOutcome.Failed>();
        _world.Vault.Before = null;
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var after = await _world.RunAsync(_world.First.TokenAsync(_grant));

        after.ShouldBeOfType<AccessTokenOutcome.Token>();
        (await _world.First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task Promise_4_who_lost_the_lease_while_the_vault_refused_a_pair_writes_over_nobody_elses()
    {
        var leases = new TableClient(_world.ConnectionString, _world.TablePrefix + "grants");
        var writes = 0;
        _world.Vault.Before = (verb, _) =>
        {
            if (verb != "set")
                return;
            writes++;
            leases.UpdateEntity(new TableEntity(_grant.Value, "lease") { ["Owner"] = "another" }, ETag.All, TableUpdateMode.Replace, TestContext.Current.CancellationToken);
            throw new VaultException("429", isRefusal: false);
        };
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var during = await _world.RunAsync(_world.First.TokenAsync(_grant));
        _world.Vault.Before = null;
        var after = await _world.RunAsync(_world.First.TokenAsync(_grant), TimeSpan.FromSeconds(1));

        during.ShouldBeOfType<AccessTokenOutcome.Unavailable>().Fault.Kind.ShouldBe(FaultKind.OurStorage);
        writes.ShouldBe(1, "no second attempt without the lease");
        after.ShouldBeOfType<AccessTokenOutcome.Token>();
        _world.Scripted.Count("refresh").ShouldBe(1, "the pair that was kept is stored; nothing is asked for again");
    }

    [Fact]
    public async Task Promise_4_A_lost_answer_is_asked_for_again_with_the_same_refresh_token()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        var calls = 0;
        _world.Scripted.AfterRefresh = () => Interlocked.Increment(ref calls) == 1 ? throw new HttpRequestException("The connection broke.") : Task.CompletedTask;

        var outcome = await _world.First.TokenAsync(_grant);

        outcome.ShouldBeOfType<AccessTokenOutcome.Token>();
        _world.Scripted.Count("refresh").ShouldBe(2);
    }

    [Fact]
    public async Task An_outage_of_three_days_kills_nothing()
    {
        _world.Scripted.Fault = _ => Outage;
        for (var day = 0; day < 3; day++)
        {
            _world.Clock.Advance(TimeSpan.FromDays(1));
            (await _world.First.TokenAsync(_grant)).ShouldBeOfType<AccessTokenOutcome.Unavailable>().Fault.Kind.ShouldBe(FaultKind.ProviderUnavailable);
        }
        var calls = _world.Scripted.Count("refresh");
        _world.Scripted.Fault = null;

        var after = await _world.First.TokenAsync(_grant);

        calls.ShouldBe(6);
        after.ShouldBeOfType<AccessTokenOutcome.Token>();
        (await _world.First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task Wrong_app_credentials_are_asked_about_once_and_kill_nothing()
    {
        _world.Scripted.Fault = _ => new ProviderFault(FaultKind.ClientCredentialsWrong, "invalid_client");
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var outcome = await _world.First.TokenAsync(_grant);

        outcome.ShouldBeOfType<AccessTokenOutcome.Unavailable>().Fault.Kind.ShouldBe(FaultKind.ClientCredentialsWrong);
        _world.Scripted.Count("refresh").ShouldBe(1);
        (await _world.First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task A_proven_death_reaches_every_connection_and_no_further_call_is_made()
    {
        var (other, _) = await _world.First.AddConnectedAsync(_world.Bob, "user1", "org2");
        _world.Scripted.Kill("user1");
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var first = await _world.First.TokenAsync(_grant);
        var again = await _world.Process().TokenAsync(_grant);

        first.ShouldBeOfType<AccessTokenOutcome.Lost>();
        again.ShouldBeOfType<AccessTokenOutcome.Lost>().Fault.Kind.ShouldBe(FaultKind.GrantInvalid);
        _world.Scripted.Count("refresh").ShouldBe(1);
        foreach (var client in (ClientId[])[_client, other])
        {
            var connection = await _world.First.ConnectionAsync(client);
            connection.State.ShouldBe(ConnectionState.ReconnectNeeded);
            connection.Fault!.Kind.ShouldBe(FaultKind.GrantInvalid);
        }
    }

    [Fact]
    public async Task One_new_consent_mends_all_connections_of_the_grant()
    {
        var (other, _) = await _world.First.AddConnectedAsync(_world.Bob, "user1", "org2");
        _world.Scripted.Kill("user1");
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        await _world.First.TokenAsync(_grant);

        await _world.First.ConnectAsync(_world.Ann, _client, "user1", "org1");

        (await _world.First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
        (await _world.First.ConnectionAsync(other)).State.ShouldBe(ConnectionState.Connected);
        (await _world.First.TokenAsync(_grant)).ShouldBeOfType<AccessTokenOutcome.Token>();
    }

    [Fact]
    public async Task The_keep_alive_refreshes_what_is_idle_and_nothing_else()
    {
        _world.Clock.Advance(TimeSpan.FromDays(15));
        await _world.First.AddConnectedAsync(_world.Ann, "user2", "org2");
        (await _world.First.KeepAliveAsync()).ShouldBe(new KeepAliveResult(0, 0, 0));
        _world.Clock.Advance(TimeSpan.FromDays(7));

        var result = await _world.First.KeepAliveAsync();
        var again = await _world.First.KeepAliveAsync();

        result.ShouldBe(new KeepAliveResult(1, 0, 0));
        again.ShouldBe(new KeepAliveResult(0, 0, 0));
        _world.Scripted.Count("refresh").ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_moves_to_a_new_name_before_the_vault_has_too_many_versions()
    {
        var names = new HashSet<string>();
        for (var refresh = 0; refresh <= GrantSecrets.MaxWrites; refresh++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(30));
            (await _world.First.TokenAsync(_grant)).ShouldBeOfType<AccessTokenOutcome.Token>();
            names.UnionWith(_world.Vault.Names.Keys);
        }

        names.Count.ShouldBe(2);
        _world.Vault.Names.Count.ShouldBe(1);
    }

    // The process that is to freeze holds the lease when its stack passes through the refresh.
    private static bool IsInsideLease() => Environment.StackTrace.Contains(nameof(GrantRefresh), StringComparison.Ordinal);

    // Two refreshes at once end a QuickBooks connection for good: one whose answer was lost may still be at work there.
    [Fact]
    public async Task A_refresh_whose_answer_was_lost_is_not_repeated_by_any_process_before_the_provider_is_done_with_it()
    {
        _world.Scripted.LostAnswerRest = TimeSpan.FromMinutes(2);
        _world.Scripted.AfterRefresh = () => throw new HttpRequestException("lost");
        var second = _world.Process();
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        var lost = (await _world.RunAsync(_world.First.TokenAsync(_grant))).ShouldBeOfType<AccessTokenOutcome.Unavailable>();
        _world.Scripted.AfterRefresh = null;
        var early = (await _world.RunAsync(second.TokenAsync(_grant))).ShouldBeOfType<AccessTokenOutcome.Unavailable>();
        _world.Clock.Advance(TimeSpan.FromSeconds(60));
        (await _world.RunAsync(_world.First.TokenAsync(_grant))).ShouldBeOfType<AccessTokenOutcome.Unavailable>();

        (lost.Fault.Kind, early.Fault.Kind).ShouldBe((FaultKind.ProviderUnavailable, FaultKind.ProviderUnavailable));
        _world.Scripted.Count("refresh").ShouldBe(1);
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        (await _world.RunAsync(second.TokenAsync(_grant))).ShouldBeOfType<AccessTokenOutcome.Token>();
        (await _world.First.ConnectionAsync(_client)).State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task A_process_that_dies_in_its_refresh_leaves_word_of_it_and_its_successor_waits()
    {
        _world.Scripted.LostAnswerRest = TimeSpan.FromMinutes(2);
        var isReached = new TaskCompletionSource();
        var dead = new TaskCompletionSource();
        _world.Scripted.BeforeRefresh = async () =>
        {
            isReached.TrySetResult();
            await dead.Task;
        };
        var second = _world.Process();
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        var frozen = _world.First.TokenAsync(_grant);
        await isReached.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        // It holds the lease and is heard of no more: the lease is taken over, the refresh is not.
        (await _world.RunAsync(second.TokenAsync(_grant), TimeSpan.FromMilliseconds(500))).ShouldBeOfType<AccessTokenOutcome.Unavailable>();
        _world.Scripted.Count("refresh").ShouldBe(1);

        dead.SetResult();
        _world.Scripted.BeforeRefresh = null;
        await _world.RunAsync(frozen);
    }

    [Fact]
    public async Task The_hard_end_of_a_grant_is_shown_on_its_connection_and_moves_with_what_the_provider_says()
    {
        var end = _world.Clock.GetUtcNow().AddYears(5);
        _world.Scripted.HardExpiresAt = end;
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        await _world.RunAsync(_world.First.TokenAsync(_grant));

        (await _world.First.ConnectionAsync(_client)).AccessEndsAt.ShouldBe(end);

        // Minutes of difference come from counting seconds down; a later consent gives a new end.
        _world.Scripted.HardExpiresAt = end.AddMinutes(3);
        _world.Clock.Advance(TimeSpan.FromMinutes(30));
        await _world.RunAsync(_world.First.TokenAsync(_grant));
        (await _world.First.ConnectionAsync(_client)).AccessEndsAt.ShouldBe(end);
        _world.Scripted.HardExpiresAt = end.AddDays(40);
        await _world.First.ConnectAsync(_world.Ann, _client, "user1", "org1");
        (await _world.First.ConnectionAsync(_client)).AccessEndsAt.ShouldBe(end.AddDays(40));
    }
}
