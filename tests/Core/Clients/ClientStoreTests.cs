using CsCheck;
using DataHealth.Core.Clients;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Clients;

public sealed class ClientStoreTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly World _world = new(azurite);

    private ClientStore Clients => _world.First.Clients;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Promise_7_Another_practices_client_does_not_exist()
    {
        var client = await _world.First.AddClientAsync(_world.Ann, "Ours");

        (await Clients.FindAsync(_world.Bob.Practice, client, Running.Cancellation)).ShouldBeNull();
        (await Clients.ChangeAsync(_world.Bob, client, Named("Theirs"), null, Running.Cancellation)).ShouldBeOfType<ChangeOutcome.Unknown>();
        (await Clients.FindAsync(client, Running.Cancellation))!.Practice.ShouldBe(_world.Ann.Practice);
    }

    [Fact]
    public async Task A_rename_of_what_someone_else_changed_is_refused_and_repeating_one_is_harmless()
    {
        var client = await _world.First.AddClientAsync(_world.Ann, "First");
        var seen = (await Clients.FindAsync(_world.Ann.Practice, client, Running.Cancellation))!;
        (await Clients.ChangeAsync(_world.Ann, client, Named("Second"), seen.Version, Running.Cancellation)).ShouldBeOfType<ChangeOutcome.Done>();

        (await Clients.ChangeAsync(_world.Ann, client, Named("Third"), seen.Version, Running.Cancellation)).ShouldBeOfType<ChangeOutcome.ChangedMeanwhile>().Current.Name.ShouldBe("Second");
        (await Clients.ChangeAsync(_world.Ann, client, Named("Second"), seen.Version, Running.Cancellation)).ShouldBeOfType<ChangeOutcome.Done>();
    }

    [Fact]
    public void Any_text_is_a_storable_name_or_refused_in_words() =>
        Gen.String.Null().Sample(text =>
        {
            var isName = ClientName.TryParse(text, out var name, out var problem);
            isName.ShouldBe(problem is null);
            if (isName)
            {
                name!.Value.Length.ShouldBeInRange(1, 200);
                name.Value.ShouldBe(name.Value.Trim());
                name.Value.Any(char.IsControl).ShouldBeFalse();
            }
        });

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("a\nb")]
    [InlineData("a\u0000b")]
    [InlineData("a\u202Eb")]
    public void What_is_no_name_is_refused(string text) => ClientName.TryParse(text, out _, out _).ShouldBeFalse();

    [Fact]
    public void Half_a_character_is_refused() => ClientName.TryParse("a\uD800b", out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("../x")]
    [InlineData("00000000000000000000000000000000/")]
    [InlineData("")]
    public async Task An_id_that_is_none_finds_nothing(string id) => (await Clients.FindAsync(new ClientId(id), Running.Cancellation)).ShouldBeNull();

    private static ClientChange Named(string text) => new() { Name = Name(text) };

    private static ClientName Name(string text) => ClientName.TryParse(text, out var name, out _) ? name : throw new ArgumentException(text);
}
