using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Equality;

/// <summary>What the provider does not report is found by the next full pass (issue 3, must show 2 and 5).</summary>
public sealed class SilentChangeTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    // Deletions without a trace and changes that the provider does not report show in a full pass only.
    private static readonly EditMix WithSilentOnes = new() { Silent = 10, Vanish = 5 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ProviderUnderTest.FirstDaily), MemberType = typeof(ProviderUnderTest))]
    public async Task Promise_9_what_changes_silently_or_vanishes_is_right_after_the_next_full_pass(string provider)
    {
        // Slow passes and counts are due at every sync: what otherwise happens once a week.
        await using var product = await RunningProduct.StartAsync(
            new ProductOptions
            {
                Provider = ProviderUnderTest.Of(provider),
                Azurite = azurite,
                Settings = new Dictionary<string, string> { ["Sync__SlowPassInterval"] = "00:00:00.001", ["Sync__DriftCountInterval"] = "00:00:00.001" },
            },
            Cancelled);
        var organisation = await product.NewOrganisationAsync("2000", 104, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();

        var edits = product.EditAtRandom(organisation, 7, 300, WithSilentOnes);
        (await product.SyncAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        var compared = await new BooksComparison(product).CompareAsync(client, organisation, afterFullPass: true, Cancelled);

        edits.ShouldContain(EditKind.Silent);
        edits.ShouldContain(EditKind.Vanish);
        output.WriteLine($"2,000 records, {edits.Count} edits with silent and vanishing ones: {compared}");
        compared.ShouldBeEqual();
    }
}
