using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Audit;

public sealed class AuditTrailTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly World _world = new(azurite);

    private AuditTrail Trail => _world.First.Get<AuditTrail>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_trail_of_a_practice_and_of_a_client_read_newest_first_in_pages_and_miss_none()
    {
        var one = new ClientId(new string('1', 32));
        var other = new ClientId(new string('2', 32));
        for (var number = 0; number < 11; number++)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(number % 3));
            await Trail.RecordAsync(_world.Ann, AuditAction.ClientRenamed, number % 2 == 0 ? one : other, $"Name {number}", $"Name {number + 1}");
        }
        await Trail.RecordAsync(_world.Bob, AuditAction.ClientRenamed, one, "Theirs", "Still theirs");

        var all = await AllAsync(null);
        var ofOne = await AllAsync(one);

        all.Count.ShouldBe(11);
        all.Select(entry => entry.At).ShouldBeInOrder(SortDirection.Descending);
        all.Select(entry => entry.Id).Distinct().Count().ShouldBe(11);
        ofOne.Select(entry => entry.Id).ShouldBe(all.Where(entry => entry.Client == one).Select(entry => entry.Id));
        all[0].ShouldBe(new AuditEntry(all[0].Id, _world.Ann.Practice, _world.Clock.GetUtcNow(), _world.Ann.Member, "Ann", Role.PracticeAdmin, AuditAction.ClientRenamed, one, "Name 10", "Name 11", "test-of-ann"));
    }

    [Fact]
    public async Task What_a_person_changes_of_a_client_is_in_its_trail()
    {
        var client = await _world.First.AddClientAsync(_world.Ann, "Birch");
        ClientNameOf("Ash", out var name);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.First.Clients.ChangeAsync(_world.Ann, client, new ClientChange { Name = name }, null, Running.Cancellation);
        await _world.First.Clients.ChangeAsync(_world.Ann, client, new ClientChange { Name = name }, null, Running.Cancellation);

        (await AllAsync(client)).Select(entry => (entry.Action, entry.Before, entry.After)).ShouldBe(
            [(AuditAction.ClientRenamed, "Birch", "Ash"), (AuditAction.ClientAdded, null, "Birch")]);
    }

    private static void ClientNameOf(string text, out ClientName name) => ClientName.TryParse(text, out name!, out _).ShouldBeTrue();

    private async Task<List<AuditEntry>> AllAsync(ClientId? client)
    {
        List<AuditEntry> entries = [];
        string? continuation = null;
        do
        {
            var page = await Trail.PageAsync(_world.Ann.Practice, client, 3, continuation, Running.Cancellation);
            entries.AddRange(page.Entries);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return entries;
    }
}
