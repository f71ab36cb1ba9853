using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>What was open of one document on a day.</summary>
/// <param name="Id">The document's id; of a line posted to a control account by hand, the record's.</param>
/// <param name="Kind">What it is; <see cref="DocumentKind.Unknown"/> for a journal or bank entry posted to a control account.</param>
/// <param name="IsReceivable">Owed by a customer, or owed back to one; else by or to a supplier.</param>
public sealed record OpenItem(string Id, DocumentKind Kind, bool IsReceivable)
{
    /// <summary>The record itself.</summary>
    public RecordRef Record { get; init; }

    /// <summary>The customer or supplier.</summary>
    public string? ContactId { get; init; }

    /// <summary>Their name, as the document has it.</summary>
    public string? ContactName { get; init; }

    /// <summary>Its number.</summary>
    public string? Number { get; init; }

    /// <summary>Its date.</summary>
    public DateOnly Date { get; init; }

    /// <summary>When it was due; null for credits.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>ISO code of <see cref="Open"/>.</summary>
    public string? Currency { get; init; }

    /// <summary>Open in the document's currency: positive what is owed on an invoice or bill, negative a credit that is not used up, or money that came before its document.</summary>
    public decimal Open { get; init; }

    /// <summary>The same in base currency, at the document's own rate. A document paid in parts may leave cents here when nothing is open: each posting is rounded by itself.</summary>
    public decimal OpenInBase { get; init; }

    /// <summary>It is part of the control account. A prepayment coded to an account of its own is not, until it is used.</summary>
    public bool IsInControl { get; init; } = true;

    /// <summary>How people know it.</summary>
    internal string Text => $"{(Number is { Length: > 0 } number ? number : Id)} {ContactName}".Trim();

    /// <summary>Of what the document posts; 0 for a journal or bank entry.</summary>
    internal ulong Print { get; init; }

    /// <summary>What is left of it as evidence: base currency, positive.</summary>
    internal Evidence AsEvidence() => new(Record, Text, Date, Math.Abs(OpenInBase)) { Print = Print };
}

/// <summary>Receivables and payables on one day.</summary>
/// <param name="Date">The day.</param>
/// <param name="Items">Every document with something open, by id.</param>
public sealed record OpenItemsAt(DateOnly Date, IReadOnlyList<OpenItem> Items)
{
    /// <summary>Owed by customers less what is owed back to them; base currency.</summary>
    public decimal Receivable => Sum(isReceivable: true);

    /// <summary>Owed to suppliers less what they owe back; base currency.</summary>
    public decimal Payable => Sum(isReceivable: false);

    /// <summary>Beside what the provider's balance sheet says of the control accounts on that day, if it is a month's end that one covers.</summary>
    public ControlCheck Check(MonthEndBalances reported) =>
        new(Date, Receivable, reported.Balance(AccountPart.Receivable, Date), Payable, -reported.Balance(AccountPart.Payable, Date));

    /// <summary>The same without what those kinds of record posted to the control accounts by hand.</summary>
    internal OpenItemsAt Without(params RecordKind[] kinds) => this with { Items = [.. Items.Where(item => !kinds.Contains(item.Record.Kind))] };

    private decimal Sum(bool isReceivable) => Items.Where(item => item.IsReceivable == isReceivable && item.IsInControl).Sum(item => item.OpenInBase);
}

/// <summary>What was rebuilt from documents beside the control accounts. Base currency; what is owed is positive on both sides.</summary>
/// <param name="Date">The day.</param>
/// <param name="Receivable">Rebuilt.</param>
/// <param name="ReportedReceivable">By the provider; null where no report covers the day.</param>
/// <param name="Payable">Rebuilt.</param>
/// <param name="ReportedPayable">By the provider; null where no report covers the day.</param>
public sealed record ControlCheck(DateOnly Date, decimal Receivable, decimal? ReportedReceivable, decimal Payable, decimal? ReportedPayable)
{
    /// <summary>Reported less rebuilt: what no document of a customer explains. Null where nothing is reported.</summary>
    public decimal? ReceivableDifference => ReportedReceivable - Receivable;

    /// <summary>Reported less rebuilt: what no document of a supplier explains. Null where nothing is reported.</summary>
    public decimal? PayableDifference => ReportedPayable - Payable;
}
