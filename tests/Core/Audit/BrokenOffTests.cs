using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Clients.Overview;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Audit;

/// <summary>Whoever asks goes away as soon as their change is written: the audit knows of it all the same.</summary>
public sealed class BrokenOffTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _request = new();
    private readonly HookedWatch _watch = new();
    private readonly World _world;
    private readonly Running _process;

    public BrokenOffTests(AzuriteFixture azurite)
    {
        _world = new World(azurite);
        _process = _world.WithOverview(_watch.In);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _request.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_was_added_is_in_the_audit()
    {
        _watch.AfterWrite = _request.Cancel;
        ClientName.TryParse("Birch", out var name, out _).ShouldBeTrue();

        var client = await _process.Clients.CreateAsync(_world.Ann, name!, _request.Token);

        (await ActionsAsync(client.Id)).ShouldBe([AuditAction.ClientAdded]);
    }

    [Fact]
    public async Task A_client_that_was_renamed_is_in_the_audit()
    {
        var client = await _process.AddClientAsync(_world.Ann, "Birch");
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        ClientName.TryParse("Ash", out var name, out _).ShouldBeTrue();
        _watch.AfterWrite = _request.Cancel;

        (await _process.Clients.ChangeAsync(_world.Ann, client, new ClientChange { Name = name }, null, _request.Token)).ShouldBeOfType<ChangeOutcome.Done>();

        (await ActionsAsync(client))[0].ShouldBe(AuditAction.ClientRenamed);
    }

    [Fact]
    public async Task A_client_that_was_connected_is_in_the_audit_and_its_consent_is_used_up()
    {
        var client = await _process.AddClientAsync(_world.Ann, "Birch");
        var result = await _process.ConsentAsync(_world.Ann, client, "user1", "org1");
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        _watch.AfterWrite = _request.Cancel;

        (await _process.Get<ConfirmConsent>().ExecuteAsync(_world.Ann, client, result, false, _request.Token)).ShouldBeOfType<ConsentOutcome.Connected>();

        (await ActionsAsync(client))[0].ShouldBe(AuditAction.Connected);
        (await _process.ConfirmAsync(_world.Ann, client, result)).ShouldBeOfType<ConsentOutcome.Connected>();
        (await ActionsAsync(client)).Count(action => action is AuditAction.Connected).ShouldBe(1, "brought again it is the same connection");
    }

    [Fact]
    public async Task A_sync_that_was_claimed_is_answered_with_its_run()
    {
        var (client, _) = await _process.AddConnectedAsync(_world.Ann, "user1", "org1");
        _watch.AfterWrite = _request.Cancel;

        var ticket = await _process.Get<RequestSync>().ExecuteAsync(client, RunTrigger.Person, _request.Token);

        (await _process.Get<RunStore>().CurrentAsync(client, Running.Cancellation))!.RunId.ShouldBe(ticket.RunId!.Value);
    }

    private async Task<List<AuditAction>> ActionsAsync(ClientId client) =>
        [.. (await _process.Get<AuditTrail>().PageAsync(_world.Ann.Practice, client, 20, null, Running.Cancellation)).Entries.Select(entry => entry.Action)];
}
