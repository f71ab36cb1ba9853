using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Clients;

/// <summary>A write is made and its answer is lost on the wire: the storage's client sends it again and is refused. What is there is our own, and is known as that.</summary>
public sealed class LostAnswerTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_client_whose_making_was_not_answered_is_made_once_and_in_the_audit_once()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite, Running.Cancellation);
        await using var world = new World(azurite, proxy.ConnectionString);
        var lost = Lose(proxy, request => request is { IsWrite: true, Table: "clients" } && request.Words.StartsWith("POST", StringComparison.Ordinal));

        var client = await world.First.AddClientAsync(world.Ann, "Birch");

        lost().ShouldBe(1);
        (await world.First.Clients.FindAsync(world.Ann, client, Running.Cancellation))!.Name.ShouldBe("Birch");
        (await ActionsAsync(world, client)).ShouldBe([AuditAction.ClientAdded]);
    }

    [Fact]
    public async Task A_rename_that_was_not_answered_is_done_also_for_who_said_which_version_they_saw_and_in_the_audit_once()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite, Running.Cancellation);
        await using var world = new World(azurite, proxy.ConnectionString);
        var client = await world.First.AddClientAsync(world.Ann, "Birch");
        var seen = (await world.First.Clients.FindAsync(world.Ann, client, Running.Cancellation))!.Version;
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        ClientName.TryParse("Ash", out var name, out _).ShouldBeTrue();
        var lost = Lose(proxy, request => request is { IsWrite: true, Table: "clients" });

        var outcome = await world.First.Clients.ChangeAsync(world.Ann, client, new ClientChange { Name = name }, seen, Running.Cancellation);

        lost().ShouldBe(1);
        outcome.ShouldBeOfType<ChangeOutcome.Done>().Client.Name.ShouldBe("Ash");
        (await ActionsAsync(world, client)).ShouldBe([AuditAction.ClientRenamed, AuditAction.ClientAdded]);
    }

    [Fact]
    public async Task Promise_3_a_run_whose_claim_was_not_answered_is_ours_and_the_only_one()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite, SyncStage.Stop);
        var stage = new SyncStage(azurite, reached: proxy.ConnectionString);
        stage.Provider.With("invoices");
        var lost = Lose(proxy, request => request is { IsBatch: true, Table: "runs" });

        var ticket = await stage.Get<RequestSync>().ExecuteAsync(stage.Client, RunTrigger.Person, SyncStage.Stop);

        lost().ShouldBe(1);
        (ticket.State, ticket.IsNew, ticket.MustStart).ShouldBe((TicketState.Started, true, true));
        (await stage.Runs.CurrentAsync(stage.Client, SyncStage.Stop))!.RunId.ShouldBe(ticket.RunId!.Value);
        (await stage.Runs.EventsAsync(stage.Client, ticket.RunId.Value, SyncStage.Stop)).Count(line => line.Kind == "requested").ShouldBe(1);
    }

    // The first such request is carried out and not answered.
    private static Func<int> Lose(StorageProxy proxy, Func<StorageRequest, bool> which)
    {
        var lost = 0;
        proxy.Answered = request => Task.FromResult(!which(request) || Interlocked.CompareExchange(ref lost, 1, 0) != 0);
        return () => Volatile.Read(ref lost);
    }

    private static async Task<List<AuditAction>> ActionsAsync(World world, ClientId client) =>
        await world.First.Get<AuditTrail>().ReadAsync(world.Ann.Practice, client, Running.Cancellation).Select(entry => entry.Action).ToListAsync(Running.Cancellation);
}
