using DataHealth.Core.Connections;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Providers.Suite;

/// <summary>What must hold for every provider, whatever its API is like: the same tests over each of them.</summary>
public abstract class ProviderSuite(AzuriteFixture azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract Task<ProviderUnderTest> StartAsync();

    [Fact]
    public async Task The_copy_equals_the_books_after_the_first_sync_after_edits_and_after_edits_while_they_were_read()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        (await stage.ShouldEqualTheBooksAsync("after the first sync")).ShouldBeGreaterThan(100);

        provider.Edit(1, 60);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        await stage.ShouldEqualTheBooksAsync("after edits between syncs");

        var seed = 2;
        stage.Before = _ =>
        {
            if (seed < 12)
                provider.Edit(seed++, 5);
            return null;
        };
        await stage.SyncAsync();
        stage.Before = null;
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        seed.ShouldBe(12, "edits were made while the books were read");
        await stage.ShouldEqualTheBooksAsync("after edits while the books were read, and the next sync");
    }

    [Fact]
    public async Task Promise_9_a_first_copy_is_right_though_the_books_were_edited_while_it_was_read()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        var seed = 100;
        stage.Before = _ =>
        {
            if (seed < 130)
                provider.Edit(seed++, 4);
            return null;
        };

        await stage.SyncAsync();
        stage.Before = null;
        await stage.SyncAsync();
        await stage.SyncAsync();

        await stage.ShouldEqualTheBooksAsync("after two more syncs");
    }

    [Fact]
    public async Task Promise_1_a_sync_that_is_killed_everywhere_loses_nothing_and_doubles_nothing()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        var random = new Random(5);
        var killed = 0;
        Task Kill(SlicePlace place)
        {
            if (random.Next(6) > 0)
                return Task.CompletedTask;
            killed++;
            throw new CrashException();
        }

        (await stage.SyncAsync(Kill)).Outcome.ShouldBe(RunOutcome.Succeeded);
        await stage.ShouldEqualTheBooksAsync("after a first sync with kills");
        provider.Edit(3, 60);
        (await stage.SyncAsync(Kill)).Outcome.ShouldBe(RunOutcome.Succeeded);

        killed.ShouldBeGreaterThan(10);
        await stage.ShouldEqualTheBooksAsync("after a second one");
    }

    [Fact]
    public async Task A_refusal_an_outage_and_a_limit_are_never_no_records()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        await stage.SyncAsync();
        provider.Edit(4, 40);
        var random = new Random(8);
        stage.Before = _ => random.Next(4) switch
        {
            0 => new PageOutcome.Failed(new(FaultKind.ProviderUnavailable, "503")),
            1 => new PageOutcome.Failed(new(FaultKind.BadAnswer, "cut short")),
            2 => new PageOutcome.Limited(LimitKind.Minute, DateTimeOffset.UtcNow.AddMilliseconds(5), false),
            _ => null,
        };

        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);

        stage.Before = null;
        await stage.ShouldEqualTheBooksAsync("after a sync full of faults");
    }

    [Fact]
    public async Task A_sync_in_which_nothing_happened_changes_nothing_and_asks_little()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        var first = (await stage.SyncAsync()).Receipt!;
        await stage.SyncAsync();

        var quiet = (await stage.SyncAsync()).Receipt!;

        // Reports tell when they were made, so they are never the same.
        var books = provider.Truth().Keys;
        quiet.Datasets.Where(dataset => books.Contains(dataset.Dataset)).ShouldAllBe(dataset => dataset.New == 0 && dataset.Changed == 0 && dataset.Deleted == 0);
        first.Datasets.ShouldAllBe(dataset => dataset.Difference == null || dataset.Difference == 0);
        quiet.Calls.ShouldBeLessThanOrEqualTo(24);
    }

    [Fact]
    public async Task Every_record_has_a_meaning_in_the_ledger_and_always_the_same()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        await stage.SyncAsync();
        var known = stage.Get<ProviderCatalog>().Get(provider.Key);
        var kinds = new HashSet<Type>();

        foreach (var dataset in known.Datasets)
        {
            await foreach (var record in stage.Get<LedgerStore>().StreamAsync(stage.Client, dataset.Name, Stop))
            {
                var meaning = known.Ledger.Map(dataset, record.Id, record.Json.Span);
                meaning.Select(one => $"{one}").ShouldBe(known.Ledger.Map(dataset, record.Id, record.Json.Span).Select(one => $"{one}"));
                kinds.UnionWith(meaning.Select(one => one.GetType()));
            }
        }

        kinds.ShouldContain(typeof(LedgerDocument));
        kinds.ShouldContain(typeof(LedgerContact));
        kinds.ShouldContain(typeof(LedgerAccount));
    }

    [Fact]
    public async Task A_company_belongs_to_one_client_and_disconnecting_keeps_its_data()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        await stage.SyncAsync();
        var other = await stage.AddClientAsync("Another Ltd");

        (await stage.ConnectAsync(other)).ShouldBeOfType<ConsentOutcome.OrganisationTaken>().By.ShouldBe(stage.Client);
        var disconnected = (await stage.Get<DisconnectClient>().ExecuteAsync(stage.Ann, stage.Client, Stop)).ShouldBeOfType<DisconnectOutcome.Disconnected>().Connection;

        disconnected.State.ShouldBe(ConnectionState.Disconnected);
        await stage.ShouldEqualTheBooksAsync("after a disconnect");
        (await stage.ConnectAsync(stage.Client)).ShouldBeOfType<ConsentOutcome.Connected>();
        provider.Edit(9, 20);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        await stage.ShouldEqualTheBooksAsync("after a reconnect");
    }

    [Fact]
    public async Task A_callback_that_is_delivered_twice_exchanges_its_code_once()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        var query = await stage.AllowAsync(stage.Client);

        var outcomes = await Task.WhenAll(stage.ComeBackAsync(query), stage.ComeBackAsync(query));

        var received = outcomes.OfType<CallbackOutcome.Received>().Single();
        outcomes.OfType<CallbackOutcome.StateRefused>().Single().Problem.ShouldBe(StateProblem.Used);
        (await stage.Get<DataHealth.Core.Connections.Consents.ConfirmConsent>().ExecuteAsync(stage.Ann, stage.Client, received.ResultCode, false, Stop)).ShouldBeOfType<ConsentOutcome.Connected>();
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
    }

    [Fact]
    public async Task An_access_that_was_ended_at_the_provider_asks_for_a_reconnect_in_words_and_deletes_nothing()
    {
        await using var provider = await StartAsync();
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        await stage.SyncAsync();
        await provider.EndThereAsync(Stop);

        var run = await stage.SyncAsync();

        run.Outcome.ShouldBe(RunOutcome.ConnectionLost);
        run.Error!.ReconnectMends.ShouldBeTrue();
        (await stage.ConnectionAsync()).State.ShouldBe(ConnectionState.ReconnectNeeded);
        await stage.ShouldEqualTheBooksAsync("after the access was ended");
        (await stage.ConnectAsync(stage.Client)).ShouldBeOfType<ConsentOutcome.Connected>();
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
    }
}
