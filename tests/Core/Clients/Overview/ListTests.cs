using CsCheck;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using DataHealth.Core.Practices;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Clients.Overview;

public sealed class ListTests : IAsyncLifetime
{
    private static readonly string[] Words = ["Ash", "Birch", "Élan", "oak & Sons", "Zen"];
    private static readonly string?[] Searches = [null, "a", "bir", "SONS o", "élan", "elan z", "7"];

    private readonly World _world;
    private readonly Running _process;
    private readonly List<ClientSummary> _clients = [];

    public ListTests(AzuriteFixture azurite)
    {
        _world = new World(azurite);
        _process = _world.WithOverview();
    }

    public async ValueTask InitializeAsync()
    {
        var now = _world.Clock.GetUtcNow();
        var random = new Random(7);
        for (var number = 0; number < 120; number++)
        {
            _clients.Add(new ClientSummary
            {
                Client = ClientId.New(_world.Clock),
                Practice = _world.Ann.Practice,
                Name = $"{Words[random.Next(Words.Length)]} {(char)('a' + random.Next(26))} {number}",
                State = (ConnectionState)((int[])[0, 2, 3, 5])[random.Next(4)],
                ConnectingUntil = random.Next(4) == 0 ? now.AddMinutes(random.Next(-5, 5)) : null,
                Manager = random.Next(3) == 0 ? new MemberId($"m{random.Next(3)}") : null,
                AuthorisedBy = random.Next(2) == 0 ? new MemberId($"m{random.Next(3)}") : null,
                LastSyncAt = random.Next(3) == 0 ? null : now.AddHours(-random.Next(100)),
                Run = random.Next(3) == 0 ? null : (RunState)random.Next(3),
                Outcome = random.Next(2) == 0 ? RunOutcome.Failed : RunOutcome.Succeeded,
                IsMismatch = random.Next(5) == 0,
            });
        }
        await _process.WriteAsync(_clients);
        await _process.WriteAsync([_clients[0] with { Client = ClientId.New(_world.Clock), Practice = _world.Bob.Practice }]);
        foreach (var client in _clients.Take(10))
            (await _process.Get<Favourites>().AddAsync(_world.Ann, client.Client, Running.Cancellation)).ShouldBeTrue();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Any_list_in_any_page_size_is_what_its_conditions_say_each_client_once_and_in_order()
    {
        var now = _world.Clock.GetUtcNow();
        var favourites = _clients.Take(10).Select(client => client.Client).ToHashSet();
        var queries = Gen.Select(
            Gen.Int[0, SummaryOrder.All.Count - 1].Select(one => SummaryOrder.All[one]), Gen.Int[0, Searches.Length - 1].Select(one => Searches[one]), Gen.Enum<ConnectionState>().Nullable(),
            Gen.Int[0, 90].Nullable(), Gen.Bool.Nullable(), Gen.Bool.Nullable(), Gen.Int[0, 2].Select(one => one == 2 ? null : $"m{one}"), Gen.Bool,
            (order, search, state, hours, failed, paused, manager, favourite) => new ClientListQuery
            {
                Order = order,
                Search = search,
                State = state,
                LastSyncBefore = hours is { } old ? now.AddHours(-old) : null,
                IsFailed = failed,
                IsPaused = paused,
                Manager = manager is null ? null : new MemberId(manager),
                OnlyFavourites = favourite,
            });

        await Gen.Select(queries, Gen.Int[1, 60], Gen.Int[0, 120]).SampleAsync(
            async (query, take, seen) =>
            {
                var given = _clients.Take(seen).Select(client => client.Client).ToList();
                var actor = seen == 120 ? _world.Ann : _world.Ann with { Clients = ClientAccess.Only(given) };
                var listed = await _process.AllAsync(actor, query, take);

                listed.Select(client => client.Client.Value).ShouldBe(_clients
                    .Where(client => query.Matches(client, now) && actor.MaySee(client.Client) && (!query.OnlyFavourites || favourites.Contains(client.Client)))
                    .OrderBy(query.Order.Key, StringComparer.Ordinal).Select(client => client.Client.Value));
            },
            iter: 60, threads: 2);
    }

    [Fact]
    public async Task A_page_goes_on_where_the_one_before_ended_though_clients_came_and_went_between()
    {
        var first = await _process.Get<ListClients>().ExecuteAsync(_world.Ann, new ClientListQuery(), 20, null, Running.Cancellation);
        var rows = new SummaryRows(_process.Get<Storage.AppStorage>());
        var gone = (await rows.FindAsync(_world.Ann.Practice, first.Clients[^1].Client, Running.Cancellation))!.Value;
        (await rows.TryRemoveAsync(gone.Summary, gone.ETag, Running.Cancellation)).ShouldBeTrue();
        await _process.WriteAsync([_clients[0] with { Client = ClientId.New(_world.Clock), Name = "AAA before all pages" }]);

        var rest = await RestAsync(first.Continuation!);

        first.Clients.Concat(rest).Select(client => client.Client).ShouldBe(_clients.OrderBy(SummaryOrder.ByName.Key, StringComparer.Ordinal).Select(client => client.Client));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not ours")]
    [InlineData("bnxhfA")]
    [InlineData("Y3wwMTlhYjBjM2Y1ZTI3ZDVjOWE0MWQ2YTFjMmIzZTRmNQ")]
    public void A_continuation_that_is_not_of_this_order_is_none(string continuation) => ListClients.IsContinuation(SummaryOrder.StalestFirst, continuation).ShouldBeFalse();

    private async Task<List<ClientSummary>> RestAsync(string continuation)
    {
        List<ClientSummary> rest = [];
        for (var next = continuation; next is not null;)
        {
            var page = await _process.Get<ListClients>().ExecuteAsync(_world.Ann, new ClientListQuery(), 20, next, Running.Cancellation);
            rest.AddRange(page.Clients);
            next = page.Continuation;
        }
        return rest;
    }
}
