namespace DataHealth.Core.Ledger;

/// <summary>That a record is matched to the bank's statement, where the provider tells it apart from the record itself. <see cref="LedgerLinks"/> puts the two together.</summary>
public sealed record LedgerClearance : LedgerRecord
{
    /// <summary>The record that it is about.</summary>
    public required string Of { get; init; }

    /// <summary>True: reconciled with a statement. False: ticked off as cleared, and not yet reconciled.</summary>
    public required bool IsReconciled { get; init; }

    /// <summary>The first and the last day that the list was read over: within them, what it does not name is neither.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last of these days.</summary>
    public required DateOnly To { get; init; }
}

/// <summary>The days over which a list of reconciled records was read, also where it names none.</summary>
public sealed record ClearanceWindow : LedgerRecord
{
    /// <summary>The first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly To { get; init; }
}

/// <summary>A file and the records that it is attached to, where the provider keeps files as records of their own.</summary>
public sealed record LedgerAttachment : LedgerRecord
{
    /// <summary>Its name.</summary>
    public string? FileName { get; init; }

    /// <summary>What it is attached to.</summary>
    public IReadOnlyList<string> AttachedTo { get; init; } = [];
}

/// <summary>Settings of the organisation, where the provider keeps them apart from it.</summary>
public sealed record OrganisationSettings : LedgerRecord
{
    /// <summary>ISO code of the base currency.</summary>
    public string? BaseCurrency { get; init; }

    /// <summary>It uses more than one currency.</summary>
    public bool? IsMultiCurrency { get; init; }

    /// <summary>Registered for sales tax.</summary>
    public bool? PaysTax { get; init; }

    /// <summary>The books are closed up to this day; null: no lock set.</summary>
    public DateOnly? PeriodLock { get; init; }

    /// <summary>Month in which the financial year ends.</summary>
    public int? YearEndMonth { get; init; }
}

/// <summary>Terms of payment, where the provider keeps them as records of their own.</summary>
public sealed record PaymentTerms : LedgerRecord
{
    /// <summary>Their name.</summary>
    public string? Name { get; init; }

    /// <summary>In use or put away.</summary>
    public required LedgerActivity Activity { get; init; }

    /// <summary>Days after the document's date, or day of the month.</summary>
    public int? Day { get; init; }

    /// <summary>The provider's kind of terms.</summary>
    public string? Type { get; init; }
}

/// <summary>An authority to which sales tax is paid.</summary>
public sealed record TaxAgency : LedgerRecord
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>The business's number there.</summary>
    public string? RegistrationNumber { get; init; }
}
