using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>The books of one organisation: what its lists, records and reports hold, what changes them, and the truth about them.</summary>
/// <remarks>Safe for concurrent use. Records that it hands out are snapshots: an edit never changes one that was read before it.</remarks>
public interface IBooks
{
    BooksSpec Spec { get; }

    Guid OrganisationId { get; }

    /// <summary>Grows by one with every edit.</summary>
    long Version { get; }

    /// <summary>One page (or all) of a list.</summary>
    BooksPage Query(string collection, BooksQuery query);

    /// <summary>One record by its id, archived and tombstones included; null where there is none.</summary>
    BookRecord? Find(string collection, Guid id);

    /// <summary>One report as Xero's tree (the object inside <c>Reports[0]</c>); null for a name that this organisation does not have.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or cannot be read; the message is fit for the answer.</exception>
    JsonObject? Report(string name, IReadOnlyDictionary<string, string> parameters);

    /// <summary>Carries out one edit at the given moment and says what it touched.</summary>
    /// <exception cref="InvalidOperationException">The record does not exist or its state does not allow the edit; the message says which.</exception>
    EditDone Apply(BooksEdit edit);

    /// <summary>Chooses and carries out <paramref name="count"/> edits from a seed; the same books and arguments give the same edits.</summary>
    IReadOnlyList<EditDone> ApplyRandom(ulong seed, int count, EditMix mix, DateTime atUtc);

    /// <summary>Every edit so far, in order: replayed on fresh books of the same spec it gives the same books.</summary>
    IReadOnlyList<BooksEdit> Journal { get; }

    /// <summary>Ground truth of one collection.</summary>
    CollectionTruth Truth(string collection, TruthOptions options);

    /// <summary>The canonical records of one collection, one JSON text each, in the order of their ids.</summary>
    IEnumerable<CanonicalRecord> CanonicalRecords(string collection, TruthOptions options);

    /// <summary>Ground truth of the general ledger over the latest months, the current one included.</summary>
    /// <exception cref="ArgumentException">Not from 1 to 36 months.</exception>
    LedgerTruth LedgerTruth(int months);

    /// <summary>The faults that the generator planted on purpose.</summary>
    IReadOnlyList<PlantedFault> Planted { get; }

    /// <summary>What looks like a fault and is none.</summary>
    IReadOnlyList<PlantedFault> NearMisses { get; }
}

/// <summary>Names of the collections, as the provider's paths spell them.</summary>
public static class BookCollections
{
    public const string Organisation = "Organisation";
    public const string OrganisationActions = "Organisation/Actions";
    public const string Users = "Users";
    public const string Accounts = "Accounts";
    public const string TaxRates = "TaxRates";
    public const string TrackingCategories = "TrackingCategories";
    public const string Currencies = "Currencies";
    public const string Items = "Items";
    public const string Contacts = "Contacts";
    public const string Invoices = "Invoices";
    public const string CreditNotes = "CreditNotes";
    public const string Overpayments = "Overpayments";
    public const string Prepayments = "Prepayments";
    public const string Payments = "Payments";
    public const string BatchPayments = "BatchPayments";
    public const string BankTransactions = "BankTransactions";
    public const string BankTransfers = "BankTransfers";
    public const string ManualJournals = "ManualJournals";
    public const string RepeatingInvoices = "RepeatingInvoices";
    public const string Assets = "Assets";
    public const string AssetTypes = "AssetTypes";
    public const string AssetSettings = "AssetSettings";

    /// <summary>All of them, in the order in which the truth lists them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Organisation, OrganisationActions, Users, Accounts, TaxRates, TrackingCategories, Currencies, Items, Contacts, Invoices, CreditNotes,
        Overpayments, Prepayments, Payments, BatchPayments, BankTransactions, BankTransfers, ManualJournals, RepeatingInvoices, Assets,
        AssetTypes, AssetSettings,
    ];
}
