using DataHealth.Core.Ledger;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>QuickBooks Online. The reader is made on first use, because it needs access tokens, whose upkeep needs the provider's authorization.</summary>
public sealed class QuickBooksProvider(IOptions<QuickBooksOptions> options, QuickBooksAuthorization authorization, Func<QuickBooksBooksReader> books) : IAccountingProvider
{
    /// <summary>The provider's key.</summary>
    public const string ProviderKey = "quickbooks";

    private readonly Lazy<QuickBooksBooksReader> _books = new(books);

    /// <inheritdoc />
    public string Key => ProviderKey;

    /// <inheritdoc />
    public string Name => "QuickBooks Online";

    /// <inheritdoc />
    public bool IsConfigured => options.Value is { ClientId.Length: > 0, ClientSecret.Length: > 0 };

    /// <inheritdoc />
    public IReadOnlyList<Dataset> Datasets => QuickBooksDatasets.All;

    /// <inheritdoc />
    public Dataset? OrganisationDataset { get; } = QuickBooksDatasets.All.Single(dataset => dataset.Name == "company");

    /// <inheritdoc />
    public IReadOnlySet<Capability> Capabilities { get; } = new HashSet<Capability>
    {
        Capability.Reconciliation, Capability.LockDates, Capability.Attachments, Capability.MonthlyBalances, Capability.ReportedDeletions, Capability.SubAccounts,
    };

    /// <inheritdoc />
    public int MaxConcurrentCalls => options.Value.Concurrent;

    /// <inheritdoc />
    public IProviderAuthorization Authorization => authorization;

    /// <inheritdoc />
    public IBooksReader Books => _books.Value;

    /// <inheritdoc />
    public Uri? PageOf(RecordRef record, string? shortCode) => QuickBooksAddresses.Of(record);

    /// <inheritdoc />
    public DataHealth.Core.Webhooks.IWebhookReader Webhooks { get; } = new QuickBooksWebhookReader(options);

    /// <inheritdoc />
    public ILedgerMapping Ledger { get; } = new QuickBooksLedgerMapping();
}
