using Azure.Data.Tables;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Storage;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Clients.Deletion;

/// <summary>A deletion whose client is marked is never lost, whatever a sweep does at the same moment.</summary>
public sealed class OpenDeletionTests : IAsyncLifetime
{
    private readonly HookedWatch _watch = new();
    private readonly World _world;
    private readonly Running _process;
    private ClientId _client;

    public OpenDeletionTests(AzuriteFixture azurite)
    {
        _world = new World(azurite);
        _process = _world.Process(_watch.In);
    }

    private DeletionStore Deletions => _process.Get<DeletionStore>();

    public async ValueTask InitializeAsync() => _client = await _process.AddClientAsync(_world.Ann, "Rowan");

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_sweep_between_a_deletion_s_two_rows_leaves_it_and_takes_one_away_that_never_came_to_be()
    {
        var id = DeletionId.New(_world.Clock);
        var table = await _process.Get<AppStorage>().TableAsync("deletions", Running.Cancellation);
        await table.AddEntityAsync(new TableEntity("~open", id.Value) { ["Practice"] = _world.Ann.Practice.Value }, Running.Cancellation);

        (await StopAsync(id)).ShouldBeNull();
        (await Deletions.OpenAsync(Running.Cancellation)).ShouldBe([id], "its request may be about to write it");

        _world.Clock.Advance(TimeSpan.FromMinutes(6));
        (await StopAsync(id)).ShouldBeNull();
        (await Deletions.OpenAsync(Running.Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deletion_that_a_sweep_dropped_before_a_slow_request_set_its_mark_is_carried_out()
    {
        _watch.BeforeWrite = async () =>
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(6));
            (await StopAsync((await Deletions.OpenAsync(Running.Cancellation)).Single())).ShouldBeNull();
            (await Deletions.OpenAsync(Running.Cancellation)).ShouldBeEmpty("it was dropped");
        };

        var outcome = await _process.Get<RequestDeletion>().ExecuteAsync(_world.Ann, _client, DeletionKind.Client, "Rowan", Running.Cancellation);

        var deletion = outcome.ShouldBeOfType<DeletionOutcome.UnderWay>().Deletion;
        (await Deletions.OpenAsync(Running.Cancellation)).ShouldBe([deletion.Id]);
        (await StopAsync(deletion.Id))!.Client.ShouldBe(_client, "its mark stands, so it is carried out");
    }

    [Fact]
    public async Task A_deletion_that_was_opened_again_and_closed_by_a_sweep_at_that_moment_is_found_by_the_next_look()
    {
        var now = _world.Clock.GetUtcNow();
        var done = await Deletions.WriteAsync(
            new ClientDeletion { Id = DeletionId.New(_world.Clock), Practice = _world.Ann.Practice, Client = _client, Kind = DeletionKind.Client, RequestedBy = _world.Ann.Member, RequestedAt = now, CompletedAt = now },
            Running.Cancellation);
        await Deletions.WriteAsync(done with { CompletedAt = null, Scope = new ClientScope(_client, _world.Ann.Practice) }, Running.Cancellation);
        await Deletions.CloseAsync(done.Id, Running.Cancellation);

        (await _process.Get<RecheckDeletions>().ExecuteAsync(now.AddDays(-1), Running.Cancellation)).ShouldContain(done.Id);

        (await Deletions.FindOpenAsync(done.Id, Running.Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_second_look_goes_in_slices_and_misses_none()
    {
        List<DeletionId> opened = [];
        for (var number = 0; number < 5; number++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
            var now = _world.Clock.GetUtcNow();
            var done = await Deletions.WriteAsync(
                new ClientDeletion { Id = DeletionId.New(_world.Clock), Practice = _world.Ann.Practice, Client = ClientId.New(_world.Clock), Kind = DeletionKind.Client, RequestedBy = _world.Ann.Member, RequestedAt = now, CompletedAt = now },
                Running.Cancellation);
            opened.Add((await Deletions.WriteAsync(done with { CompletedAt = null }, Running.Cancellation)).Id);
        }
        List<DeletionId> found = [];
        var slices = 0;
        for (string? after = ""; after is not null; slices++)
        {
            var slice = await _process.Get<RecheckDeletions>().SliceAsync(_world.Clock.GetUtcNow().AddDays(-1), after, 2, Running.Cancellation);
            slice.Again.Count.ShouldBeLessThanOrEqualTo(2);
            found.AddRange(slice.Again);
            after = slice.Continuation;
        }

        found.ShouldBe(opened);
        slices.ShouldBe(3);
    }

    private Task<ClientDeletion?> StopAsync(DeletionId id) => _process.Get<CarryOutDeletion>().StopAsync(id, Running.Cancellation);
}
