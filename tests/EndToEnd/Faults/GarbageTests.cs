using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>The provider answers with garbage (issue 3, must show 10).</summary>
[TakesLong]
public sealed class GarbageTests(GarbageTests.QuickToFail fixture, ITestOutputHelper output) : IClassFixture<GarbageTests.QuickToFail>
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>All kinds over the first provider, one over each other; the long runs have the rest.</summary>
    public static IReadOnlyList<TheoryDataRow<string, string>> Garbage =>
    [
        .. from provider in ProviderUnderTest.Keys
           from kind in (string[])["html", "halfJson", "wrongTypes", "truncate", "huge"]
           select Row(provider, kind, isDaily: provider == ProviderUnderTest.Xero.Key || kind == "halfJson"),
    ];

    private static TheoryDataRow<string, string> Row(string provider, string kind, bool isDaily)
    {
        var row = new TheoryDataRow<string, string>(provider, kind);
        if (!isDaily)
            row.Traits.Add("Run", ["Long"]);
        return row;
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task A_garbage_page_fails_its_slice_in_clear_words_loses_nothing_and_is_mended_by_the_next_sync(string provider, string kind)
    {
        var product = await fixture.ProductAsync(ProviderUnderTest.Of(provider));
        var organisation = await product.NewOrganisationAsync("400", 441, Cancelled);
        var client = await product.ConnectedClientAsync(organisation, Cancelled);
        (await product.EndAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        var held = await product.Practice.HeldAsync(client, Cancelled);
        product.EditAtRandom(organisation, 9, 200);
        var memory = product.Functions[0].ResidentBytes;
        await product.Control.SendAsync(HttpMethod.Post, "faults", new { kind, endpoint = product.Provider.ReadInFull.Collection, tenantId = organisation.TenantId }, Cancelled);

        var failed = await product.SyncAsync(client, Within, Cancelled);

        failed.Outcome.ShouldBe("failed", failed.Body.GetRawText());
        var error = failed.Body.GetProperty("error");
        output.WriteLine($"{kind}: {error.GetProperty("code")}: {error.GetProperty("title")} {error.GetProperty("detail")} "
            + $"{(product.Functions[0].ResidentBytes - memory) >> 20} MB more memory");
        error.GetProperty("dataset").GetString().ShouldBe(product.Provider.ReadInFull.Dataset);
        error.GetProperty("reconnectMends").GetBoolean().ShouldBeFalse();
        error.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        // An answer that broke off may have broken before its headers.
        if (kind != "truncate")
            error.GetProperty("correlationId").GetString().ShouldNotBeNullOrWhiteSpace();
        (await product.Practice.HeldAsync(client, Cancelled))[product.Provider.ReadInFull.Dataset].ShouldBe(held[product.Provider.ReadInFull.Dataset], "garbage is not emptiness");
        // Four attempts at 300 MB, each given up at the largest answer that we take (64 MB).
        if (kind == "huge")
            (product.Functions[0].ResidentBytes - memory).ShouldBeLessThan(1000L << 20);

        await product.Control.SendAsync(HttpMethod.Delete, "faults", null, Cancelled);
        (await product.SyncAsync(client, Within, Cancelled)).ShouldHaveSucceeded();
        var compared = await new BooksComparison(product).CompareAsync(client, organisation, afterFullPass: true, Cancelled);
        compared.ShouldBeEqual();
    }

    /// <summary>One product of each provider for all kinds of garbage, which neither rests long before it tries again nor leaves out what is read once a week.</summary>
    public sealed class QuickToFail(AzuriteFixture azurite) : IAsyncDisposable
    {
        private readonly Dictionary<ProviderUnderTest, RunningProduct> _products = [];

        /// <summary>The product of that provider. The tests of a class run one after the other.</summary>
        public async Task<RunningProduct> ProductAsync(ProviderUnderTest provider)
        {
            if (!_products.TryGetValue(provider, out var product))
            {
                _products[provider] = product = await RunningProduct.StartAsync(
                    new ProductOptions
                    {
                        Provider = provider,
                        Azurite = azurite,
                        Settings = new Dictionary<string, string> { ["Sync__SliceRetryDelay"] = "00:00:00.1", ["Provider__RetryDelay"] = "00:00:00.05", ["Sync__SlowPassInterval"] = "00:00:00.001" },
                    },
                    Cancelled);
            }
            return product;
        }

        /// <inheritdoc />
        public async ValueTask DisposeAsync()
        {
            foreach (var product in _products.Values)
                await product.DisposeAsync();
        }
    }
}
