using DataHealth.Core.Health;
using DataHealth.Core.Tests.Sync;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Health.Records;

/// <summary>Whose books a copy holds: what checks remember hangs on it.</summary>
public sealed class WhoseBooksTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task What_a_provider_that_was_left_has_left_behind_does_not_name_its_organisation()
    {
        var stage = SyncStage.WithInvoices(azurite, 3);
        stage.Provider.With("only-there");
        await stage.SyncAsync();
        (await OfAsync()).ShouldBe("scripted:org");

        // The other provider knows invoices alone.
        stage.Provider.All.RemoveAll(dataset => dataset.Name == "only-there");
        stage.Organisation = new("scripted", "other");
        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.SyncAsync();
        (await OfAsync()).ShouldBe("scripted:other");

        Task<string?> OfAsync() => new LedgerStoreReader(stage.Ledger, stage.Provider, stage.Client).OrganisationAsync(TestContext.Current.CancellationToken);
    }
}
