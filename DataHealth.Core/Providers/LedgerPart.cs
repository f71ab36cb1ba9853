namespace DataHealth.Core.Providers;

/// <summary>A part of the books, whatever datasets a provider gives it in. What reads the ledger asks for parts; a provider's datasets say which parts they make (<see cref="Dataset.Parts"/>).</summary>
public enum LedgerPart
{
    /// <summary>What tells something of other records only (files, statement matches, items, terms): read first, never asked for by name.</summary>
    Links,

    /// <summary>The organisation with its locks.</summary>
    Organisation,

    /// <summary>The chart of accounts.</summary>
    Accounts,

    /// <summary>Tax rates.</summary>
    TaxRates,

    /// <summary>The fixed-asset register, its types and settings.</summary>
    Assets,

    /// <summary>Customers and suppliers.</summary>
    Contacts,

    /// <summary>Invoices, bills, credit notes, over- and prepayments.</summary>
    Documents,

    /// <summary>Payments of documents.</summary>
    Payments,

    /// <summary>Money spent and received without a document.</summary>
    BankEntries,

    /// <summary>Transfers between own accounts.</summary>
    Transfers,

    /// <summary>Journals written by hand.</summary>
    Journals,

    /// <summary>Account balances and movements by month, from the provider's reports.</summary>
    Balances,

    /// <summary>The same for the year before.</summary>
    BalanceHistory,

    /// <summary>Which records match the bank's statement, where the provider lists it apart.</summary>
    Reconciliation,

    /// <summary>Which records have files, where the provider lists it apart.</summary>
    Attachments,

    /// <summary>The people with access to the books.</summary>
    Users,

    /// <summary>The currencies in use.</summary>
    Currencies,
}
