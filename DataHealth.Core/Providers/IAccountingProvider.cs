namespace DataHealth.Core.Providers;

/// <summary>One bookkeeping provider: everything that the rest of the product may know of it. A provider is a folder plus data; nothing else asks which one it is.</summary>
public interface IAccountingProvider
{
    /// <summary>The stable key in URLs, tables and settings: <c>xero</c>.</summary>
    string Key { get; }

    /// <summary>The name that a person reads: <c>Xero</c>.</summary>
    string Name { get; }

    /// <summary>True when the app's id and secret for this provider are configured.</summary>
    bool IsConfigured { get; }

    /// <summary>Every dataset that we copy from it, in the order in which they are planned.</summary>
    IReadOnlyList<Dataset> Datasets { get; }

    /// <summary>The dataset that holds the organisation itself, for its names and tax number; null where one would have to copy more to learn them.</summary>
    Dataset? OrganisationDataset => null;

    /// <summary>What its books tell, of what not every provider's do: the checks read it, so that what cannot be known is never taken for something that is missing.</summary>
    IReadOnlySet<Capability> Capabilities { get; }

    /// <summary>How many calls it takes from us at a time for one organisation.</summary>
    int MaxConcurrentCalls { get; }

    /// <summary>OAuth and the list of organisations.</summary>
    IProviderAuthorization Authorization { get; }

    /// <summary>Reading books.</summary>
    IBooksReader Books { get; }

    /// <summary>What its records mean in our ledger.</summary>
    Ledger.ILedgerMapping Ledger { get; }

    /// <summary>Where a person sees a record at the provider; null where there is no page for it.</summary>
    /// <param name="record">Which record.</param>
    /// <param name="shortCode">The organisation's short code (<see cref="Ledger.Organisation.ShortCode"/>).</param>
    Uri? PageOf(Ledger.RecordRef record, string? shortCode) => null;

    /// <summary>Its webhooks; null for a provider that has none.</summary>
    Webhooks.IWebhookReader? Webhooks => null;
}

/// <summary>Something that some providers' books tell and others' do not.</summary>
public enum Capability
{
    /// <summary>Whether bank entries and payments are matched to the bank's statement.</summary>
    Reconciliation,

    /// <summary>Tax line by line; else for the whole document only.</summary>
    LineTax,

    /// <summary>Drafts and documents that wait for approval.</summary>
    Drafts,

    /// <summary>Overpayments and prepayments as documents of their own.</summary>
    Prepayments,

    /// <summary>A register of fixed assets.</summary>
    FixedAssets,

    /// <summary>The schedules of repeating documents.</summary>
    RepeatingDocuments,

    /// <summary>The people with access to the books.</summary>
    Users,

    /// <summary>A date up to which the books are closed.</summary>
    LockDates,

    /// <summary>Which records have files attached.</summary>
    Attachments,

    /// <summary>The account's balances by month, from the general ledger.</summary>
    MonthlyBalances,

    /// <summary>Deletions that are reported, so that they show in the next sync.</summary>
    ReportedDeletions,

    /// <summary>The account that a contact is coded to by default.</summary>
    ContactDefaults,

    /// <summary>One contact may be a customer and a supplier; else a business that is both is two contacts, and must be.</summary>
    SharedContacts,

    /// <summary>Tax numbers of contacts as they are; else with most of their letters hidden, which proves nothing.</summary>
    PlainTaxNumbers,

    /// <summary>The bank details of contacts, where the connecting user may see them.</summary>
    BankDetails,

    /// <summary>What payroll posts to its control accounts.</summary>
    PayrollControls,

    /// <summary>Accounts below other accounts.</summary>
    SubAccounts,

    /// <summary>A lock of the financial year apart from the lock of the month.</summary>
    YearEndLock,
}

/// <summary>The configured providers by key.</summary>
public sealed class ProviderCatalog(IEnumerable<IAccountingProvider> providers)
{
    private readonly Dictionary<string, IAccountingProvider> _providers = providers.ToDictionary(provider => provider.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<IAccountingProvider> All => _providers.Values;

    /// <summary>The provider of that key, or null.</summary>
    public IAccountingProvider? Find(string key) => _providers.GetValueOrDefault(key);

    /// <summary>The provider of that key.</summary>
    /// <exception cref="InvalidOperationException">No such provider: stored data names one that this build lacks.</exception>
    public IAccountingProvider Get(string key) => Find(key) ?? throw new InvalidOperationException($"No provider '{key}' in this build.");
}
