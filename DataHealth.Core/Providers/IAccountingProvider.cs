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

    /// <summary>How many calls it takes from us at a time for one organisation.</summary>
    int MaxConcurrentCalls { get; }

    /// <summary>OAuth and the list of organisations.</summary>
    IProviderAuthorization Authorization { get; }

    /// <summary>Reading books.</summary>
    IBooksReader Books { get; }

    /// <summary>What its records mean in our ledger.</summary>
    Ledger.ILedgerMapping Ledger { get; }
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
