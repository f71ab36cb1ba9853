using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Providers.Suite;

/// <summary>The suite over QuickBooks' sandbox.</summary>
[TakesLong]
public sealed class QuickBooksSuite(AzuriteFixture azurite) : ProviderSuite(azurite)
{
    protected override async Task<ProviderUnderTest> StartAsync() => await QuickBooksUnderTest.StartAsync(new());
}

/// <summary>The suite over a QuickBooks that settles in the other way what no source settles: ids sorted as texts, each page's own count as the total, and a 403 for an access that was ended there.</summary>
[Trait("Run", "Long")]
public sealed class OtherQuickBooksSuite(AzuriteFixture azurite) : ProviderSuite(azurite)
{
    protected override async Task<ProviderUnderTest> StartAsync() =>
        await QuickBooksUnderTest.StartAsync(new() { IdsAsText = true, TotalCount = TotalCount.OfPage, DisconnectedStatus = 403, CdcCapPerEntity = true });
}

/// <summary>One small company at QuickBooks.</summary>
internal sealed class QuickBooksUnderTest : ProviderUnderTest
{
    private readonly QuickBooksServer _server;
    private readonly HttpClient _control;

    private QuickBooksUnderTest(QuickBooksServer server)
    {
        _server = server;
        _control = new HttpClient { BaseAddress = new Uri(server.BaseAddress, "sandbox/") };
        Realm = server.World.Company("9130357700000001");
    }

    public override string Key => "quickbooks";

    public RealmCompany Realm { get; private set; }

    public QuickBooksServer Server => _server;

    public override OrganisationId Company => new(Key, Realm.RealmId);

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["QuickBooks:ClientId"] = "sandbox-client",
        ["QuickBooks:ClientSecret"] = "sandbox-secret",
        ["QuickBooks:AuthorizeUri"] = _server.BaseAddress.AbsoluteUri,
        ["QuickBooks:TokenUri"] = _server.BaseAddress.AbsoluteUri,
        ["QuickBooks:RevokeUri"] = _server.BaseAddress.AbsoluteUri,
        ["QuickBooks:ApiUri"] = _server.BaseAddress.AbsoluteUri,
        ["QuickBooks:PageSize"] = "40",
        ["QuickBooks:MinuteLimit"] = "1000000",
        ["QuickBooks:SecondLimit"] = "100000",
        ["QuickBooks:RetryDelay"] = "00:00:00.001",
    };

    /// <param name="switches">What no source settles.</param>
    /// <param name="records">The size of a company of its own; null takes a small one that is there.</param>
    /// <param name="time">The sandbox's clock.</param>
    /// <param name="longestDocument">Lines of a bill far longer than the others.</param>
    /// <param name="multiCurrency">Whether the company has foreign currencies.</param>
    /// <param name="seed">What its books are generated from.</param>
    /// <param name="faults">Whether faults are planted in them.</param>
    public static async Task<QuickBooksUnderTest> StartAsync(
        QuickBooksSwitches switches, int? records = null, TimeProvider? time = null, int longestDocument = 0, bool multiCurrency = true, ulong seed = 3, PlantedKinds faults = PlantedKinds.All)
    {
        var server = await QuickBooksServer.StartAsync(new() { Limits = new() { Enforced = false }, Switches = switches, TimeProvider = time ?? TimeProvider.System }, TestContext.Current.CancellationToken);
        var company = new QuickBooksUnderTest(server);
        if (records is { } size)
        {
            await company.ControlAsync(HttpMethod.Post, "organisations", new { name = "Larch Ltd", size = $"{size}", seed, faults = $"{faults}", tenantId = "9130357799999999", longestDocument, multiCurrency });
            company.Realm = server.World.Company("9130357799999999");
        }

        return company;
    }

    public override void AddTo(IServiceCollection services, IConfiguration configuration) => services.AddQuickBooks(configuration);

    public override IAccountingProvider Create(IServiceProvider services) => ActivatorUtilities.CreateInstance<QuickBooksProvider>(services);

    public override async Task<CallbackQuery> AllowAsync(Uri authorizeUri, CancellationToken cancellationToken)
    {
        var answer = await ControlAsync(HttpMethod.Post, "authorize", new { authorizeUrl = authorizeUri.AbsoluteUri, person = "Ada Birch", organisations = new[] { Realm.RealmId } });
        var query = HttpUtility.ParseQueryString(new Uri(answer.GetProperty("location").GetString()!).Query);
        return new CallbackQuery(query["code"], query["state"], query["error"]) { Others = new Dictionary<string, string> { ["realmId"] = query["realmId"]! } };
    }

    public override async Task EndThereAsync(CancellationToken cancellationToken) => await ControlAsync(HttpMethod.Delete, $"organisations/{Realm.RealmId}/connections", null);

    public override void Edit(int seed, int count) => _server.Library.ApplyRandom(Realm, (ulong)seed, count, EditMix.Default, _server.Clock.UtcNowToMillisecond);

    /// <summary>The books as they are there.</summary>
    public RealmBooks Books => _server.Library.Open(Realm);

    /// <summary>What the general ledger there holds of the latest months.</summary>
    public LedgerTruth LedgerTruth(int months) => Books.LedgerTruth(months);

    public override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Truth()
    {
        var books = _server.Library.Open(Realm);
        return QuickBooksDatasets.All.Where(dataset => !dataset.IsReport).ToDictionary(
            dataset => dataset.Name,
            dataset => (IReadOnlyDictionary<string, string>)books.CanonicalRecords(dataset.Source, withoutSilent: true, defaultList: false).ToDictionary(record => record.Id, record => record.Json));
    }

    public override string Canonical(string dataset, ReadOnlyMemory<byte> json) =>
        CanonicalJson.Of(JsonElement.Parse(json.Span), RealmBooks.SilentFields(QuickBooksDatasets.All.Single(one => one.Name == dataset).Source));

    public async Task<JsonElement> ControlAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _control.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    public override async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _server.DisposeAsync();
    }
}
