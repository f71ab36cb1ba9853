namespace DataHealth.Core.Ledger;

/// <summary>Where a document, payment, entry or journal is in its life.</summary>
public enum LedgerStatus
{
    /// <summary>The provider gave a status that we do not know; it does not count as posted.</summary>
    Unknown,

    /// <summary>Being written; not in the accounts.</summary>
    Draft,

    /// <summary>Waiting for approval; not in the accounts.</summary>
    Submitted,

    /// <summary>In the accounts, and something may still be due.</summary>
    Posted,

    /// <summary>In the accounts and settled in full.</summary>
    Paid,

    /// <summary>Was in the accounts and has been taken out; kept by the provider for the trail.</summary>
    Voided,

    /// <summary>Deleted.</summary>
    Deleted,

    /// <summary>A journal that was put away: no longer in the accounts.</summary>
    Archived,
}

/// <summary>What we ask of a status.</summary>
public static class LedgerStatusRules
{
    /// <summary>True when the record has effect in the accounts.</summary>
    public static bool IsInTheAccounts(this LedgerStatus status) => status is LedgerStatus.Posted or LedgerStatus.Paid;
}

/// <summary>How a document's line amounts stand to tax.</summary>
public enum TaxTreatment
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>The provider's line amounts leave tax out.</summary>
    Exclusive,

    /// <summary>The provider's line amounts hold the tax. Ours are still net: <see cref="LedgerLine.Net"/>.</summary>
    Inclusive,

    /// <summary>No tax applies.</summary>
    NoTax,
}

/// <summary>Which way money goes, seen from the business.</summary>
public enum MoneyDirection
{
    /// <summary>Towards the business.</summary>
    In,

    /// <summary>Away from it.</summary>
    Out,
}

/// <summary>Whether a record is in use.</summary>
public enum LedgerActivity
{
    /// <summary>The provider gave a status that we do not know.</summary>
    Unknown,

    /// <summary>In use.</summary>
    Active,

    /// <summary>Put away, kept.</summary>
    Archived,

    /// <summary>Deleted.</summary>
    Deleted,

    /// <summary>Not yet in use (a tax rate that is still to be approved).</summary>
    Pending,
}

/// <summary>A tracking dimension's value on a line.</summary>
/// <param name="CategoryId">The category.</param>
/// <param name="Category">Its name.</param>
/// <param name="OptionId">The value; null where the provider gives only its name.</param>
/// <param name="Option">Its name.</param>
public sealed record TrackingValue(string? CategoryId, string? Category, string? OptionId, string? Option);
