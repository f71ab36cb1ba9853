namespace DataHealth.Local.Sandbox.Books;

internal enum DocumentKind
{
    Invoice,
    CreditNote,
    Overpayment,
    Prepayment,
    BankTransaction,
}

internal sealed record Line(
    Guid Id, string Description, decimal Quantity, decimal UnitAmount, decimal LineAmount, LedgerAccount Account, TaxRate Tax, decimal TaxAmount,
    string? Item, Bag? Tracking, decimal? Discount);

internal sealed record PaymentPart(Guid Id, DateOnly Date, decimal Amount, decimal Rate, int Bank, Guid? Batch, bool Reconciled);

/// <summary>An amount of one credit used for one invoice, seen from either side: the other side's id and number.</summary>
internal sealed record Allocation(Guid Id, DocumentKind Source, Guid OtherId, string OtherNumber, DateOnly Date, decimal Amount, decimal CreditTotal);

/// <summary>Everything with lines: invoices and bills, credit notes, over- and prepayments, bank transactions.</summary>
internal sealed partial record Document : BookRecord
{
    public required DocumentKind Kind { get; init; }

    public required string Type { get; init; }

    public required string State { get; init; }

    public required Guid ContactId { get; init; }

    public required string ContactName { get; init; }

    public required int Contact { get; init; }

    public required DateOnly Date { get; init; }

    public required string LineAmountTypes { get; init; }

    public required string Currency { get; init; }

    public required IReadOnlyList<Line> Lines { get; init; }

    public decimal Rate { get; init; } = 1m;

    public string Number { get; init; } = "";

    public string Reference { get; init; } = "";

    public DateOnly? DueDate { get; init; }

    public DateOnly? FullyPaidOn { get; init; }

    public IReadOnlyList<PaymentPart> Payments { get; init; } = [];

    public IReadOnlyList<Allocation> Allocations { get; init; } = [];

    public bool HasAttachments { get; init; }

    public bool SentToContact { get; init; }

    public bool IsReconciled { get; init; }

    public LedgerAccount? Bank { get; init; }

    /// <summary>The over- or prepayment that a bank transaction brought.</summary>
    public Guid? Brought { get; init; }

    /// <summary>At QuickBooks: whom it was for, or its class, was left empty.</summary>
    public bool NoPayee { get; init; }

    public bool NoClass { get; init; }

    public override string Status => State;

    public decimal TotalTax { get; private init; }

    public decimal SubTotal { get; private init; }

    public decimal Total => SubTotal + TotalTax;

    public bool IsDead => State is "VOIDED" or "DELETED";

    public decimal AmountPaid { get; private init; }

    public decimal AmountCredited { get; private init; }

    public decimal AmountDue => IsDead ? 0m : Total - AmountPaid - AmountCredited;

    /// <summary>Money comes in (or is owed to the company).</summary>
    public bool IsSale => Kind switch
    {
        DocumentKind.Invoice => Type == "ACCREC",
        DocumentKind.CreditNote => Type == "ACCRECCREDIT",
        _ => Type.StartsWith("RECEIVE", StringComparison.Ordinal),
    };

    /// <summary>The same document with every sum that follows from its lines, payments and allocations.</summary>
    public Document Summed()
    {
        decimal net = 0, tax = 0, paid = 0, credited = 0;
        foreach (var line in Lines)
        {
            net += line.LineAmount;
            tax += line.TaxAmount;
        }

        foreach (var part in Payments)
            paid += part.Amount;
        foreach (var part in Allocations)
            credited += part.Amount;
        return this with
        {
            TotalTax = tax,
            SubTotal = LineAmountTypes == "Inclusive" ? net - tax : net,
            AmountPaid = paid,
            AmountCredited = credited,
        };
    }

    /// <summary>Status and the day of the last payment, as they follow from what is still due.</summary>
    public Document Settled()
    {
        var summed = Summed();
        if (summed.IsDead || State is "DRAFT" or "SUBMITTED")
            return summed;
        var done = summed.AmountDue == 0;
        DateOnly? last = null;
        foreach (var day in Payments.Select(p => p.Date).Concat(Allocations.Select(a => a.Date)))
            last = last is null || day > last ? day : last;
        return summed with { State = done ? "PAID" : "AUTHORISED", FullyPaidOn = done ? last ?? Date : null };
    }
}
