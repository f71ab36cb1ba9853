using DataHealth.Core.Ledger;
using DataHealth.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Xero. The reader is made on first use, because it needs access tokens, whose upkeep needs the provider's authorization.</summary>
public sealed class XeroProvider(IOptions<XeroOptions> options, XeroAuthorization authorization, Func<XeroBooksReader> books) : IAccountingProvider
{
    /// <summary>The provider's key.</summary>
    public const string ProviderKey = "xero";

    private readonly Lazy<XeroBooksReader> _books = new(books);

    /// <inheritdoc />
    public string Key => ProviderKey;

    /// <inheritdoc />
    public string Name => "Xero";

    /// <inheritdoc />
    public bool IsConfigured => options.Value is { ClientId.Length: > 0 } app && (app.UsePkce || app.ClientSecret.Length > 0);

    /// <inheritdoc />
    public IReadOnlyList<Dataset> Datasets => XeroDatasets.All;

    /// <inheritdoc />
    public Dataset? OrganisationDataset { get; } = XeroDatasets.All.Single(dataset => dataset.Name == "organisation");

    /// <inheritdoc />
    public IReadOnlySet<Capability> Capabilities { get; } = new HashSet<Capability>
    {
        Capability.Reconciliation, Capability.LineTax, Capability.Drafts, Capability.Prepayments, Capability.FixedAssets, Capability.RepeatingDocuments, Capability.Users,
        Capability.LockDates, Capability.Attachments, Capability.MonthlyBalances, Capability.ContactDefaults, Capability.SharedContacts, Capability.PlainTaxNumbers, Capability.BankDetails,
        Capability.PayrollControls, Capability.YearEndLock,
    };

    /// <inheritdoc />
    public int MaxConcurrentCalls => options.Value.Concurrent;

    /// <inheritdoc />
    public IProviderAuthorization Authorization => authorization;

    /// <inheritdoc />
    public IBooksReader Books => _books.Value;

    /// <inheritdoc />
    public ILedgerMapping Ledger { get; } = new XeroLedgerMapping();

    /// <inheritdoc />
    public Uri? PageOf(RecordRef record, string? shortCode) => XeroAddresses.Of(record, shortCode);

    /// <inheritdoc />
    public IWebhookReader? Webhooks { get; } = new XeroWebhookReader(options);
}
