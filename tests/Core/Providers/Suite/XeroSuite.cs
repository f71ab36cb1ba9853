using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Xero;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Providers.Suite;

/// <summary>The suite over Xero's sandbox.</summary>
[TakesLong]
public sealed class XeroSuite(AzuriteFixture azurite) : ProviderSuite(azurite)
{
    protected override async Task<ProviderUnderTest> StartAsync() => await XeroUnderTest.StartAsync();
}

/// <summary>One small organisation at Xero.</summary>
internal sealed class XeroUnderTest : ProviderUnderTest
{
    // Our dataset, the collection of the books, and the field that tells its records apart.
    private static readonly (string Dataset, string Collection, string Id)[] Lists =
    [
        ("accounts", "Accounts", "AccountID"), ("items", "Items", "ItemID"), ("contacts", "Contacts", "ContactID"), ("invoices", "Invoices", "InvoiceID"), ("credit-notes", "CreditNotes", "CreditNoteID"),
        ("overpayments", "Overpayments", "OverpaymentID"), ("prepayments", "Prepayments", "PrepaymentID"), ("payments", "Payments", "PaymentID"), ("batch-payments", "BatchPayments", "BatchPaymentID"),
        ("bank-transactions", "BankTransactions", "BankTransactionID"), ("bank-transfers", "BankTransfers", "BankTransferID"), ("manual-journals", "ManualJournals", "ManualJournalID"),
    ];

    private readonly SandboxServer _server;
    private readonly HttpClient _control;
    private Organisation _organisation;

    private XeroUnderTest(SandboxServer server)
    {
        _server = server;
        _control = new HttpClient { BaseAddress = new Uri(server.BaseAddress, "sandbox/") };
        _organisation = server.World.Read(state => state.Organisations.Values.First(one => one.Members.Contains(DefaultWorld.Cleo)));
    }

    public override string Key => "xero";

    public override OrganisationId Company => new(Key, $"{_organisation.TenantId}");

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Xero:ClientId"] = "sandbox-client",
        ["Xero:ClientSecret"] = "sandbox-secret",
        ["Xero:LoginUri"] = _server.BaseAddress.AbsoluteUri,
        ["Xero:IdentityUri"] = _server.BaseAddress.AbsoluteUri,
        ["Xero:ApiUri"] = _server.BaseAddress.AbsoluteUri,
        ["Xero:PageSize"] = "40",
        ["Xero:MinuteLimit"] = "100000",
        ["Xero:DayLimit"] = "100000",
        ["Xero:RetryDelay"] = "00:00:00.001",
    };

    /// <param name="records">The size of an organisation of its own, whose books end today; null takes a small one that is there.</param>
    /// <param name="seed">What they are generated from.</param>
    /// <param name="faults">Whether faults are planted in them.</param>
    public static async Task<XeroUnderTest> StartAsync(int? records = null, ulong seed = 3, PlantedKinds faults = PlantedKinds.All)
    {
        var xero = new XeroUnderTest(await SandboxServer.StartAsync(new SandboxOptions { Limits = new() { Minute = 100_000, Day = 100_000, AppMinute = 1_000_000 } }, TestContext.Current.CancellationToken));
        if (records is { } size)
        {
            var tenant = Guid.NewGuid();
            (await xero._control.PostAsJsonAsync("organisations", new { name = "Larch Ltd", size = $"{size}", seed, faults = $"{faults}", tenantId = tenant }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();
            xero._organisation = xero._server.World.Read(state => state.Organisations[tenant]);
        }

        return xero;
    }

    public override void AddTo(IServiceCollection services, IConfiguration configuration) => services.AddXero(configuration);

    public override IAccountingProvider Create(IServiceProvider services) => ActivatorUtilities.CreateInstance<XeroProvider>(services);

    public override async Task<CallbackQuery> AllowAsync(Uri authorizeUri, CancellationToken cancellationToken)
    {
        using var answer = await _control.PostAsJsonAsync("authorize", new { authorizeUrl = authorizeUri.AbsoluteUri, person = "Ada Birch", organisations = new[] { _organisation.TenantId } }, cancellationToken);
        var location = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("location").GetString()!;
        var query = HttpUtility.ParseQueryString(new Uri(location).Query);
        return new CallbackQuery(query["code"], query["state"], query["error"]);
    }

    public override async Task EndThereAsync(CancellationToken cancellationToken) =>
        (await _control.DeleteAsync($"organisations/{_organisation.TenantId}/connections", cancellationToken)).Dispose();

    public override void Edit(int seed, int count) => _server.Library.ApplyRandom(_organisation, (ulong)seed, count, EditMix.Default, _server.World.Clock.UtcNowToMillisecond);

    /// <summary>The books as they are there.</summary>
    public IBooks Books => _server.Library.Open(_organisation);

    /// <summary>What the general ledger there holds of the latest months.</summary>
    public LedgerTruth LedgerTruth(int months) => Books.LedgerTruth(months);

    public override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Truth()
    {
        var books = _server.Library.Open(_organisation);
        return Lists.ToDictionary(list => list.Dataset, list => (IReadOnlyDictionary<string, string>)books.CanonicalRecords(list.Collection, new TruthOptions { WithoutSilentFields = true })
            .ToDictionary(record => JsonElement.Parse(record.Json).GetProperty(list.Id).GetString()!, record => record.Json));
    }

    public override string Canonical(string dataset, ReadOnlyMemory<byte> json) =>
        CanonicalJson.Of(JsonElement.Parse(json.Span), CompanyBooks.SilentFields(Lists.Single(list => list.Dataset == dataset).Collection));

    public override async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _server.DisposeAsync();
    }
}
