using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>Invoices, bills, credits, journals, schedules.</summary>
internal static class DocumentMapping
{
    public static LedgerRecord Document(string id, XeroDocument xero)
    {
        var treatment = Terms.Treatment(xero.LineAmountTypes);
        return new LedgerDocument
        {
            Id = id,
            UpdatedAt = xero.UpdatedDateUTC,
            Kind = Terms.Document(xero.Type),
            Status = Terms.Status(xero.Status),
            Number = xero.InvoiceNumber ?? xero.CreditNoteNumber,
            Reference = xero.Reference,
            ContactId = xero.Contact?.ContactID,
            ContactName = xero.Contact?.Name,
            Date = xero.Date ?? xero.DateString,
            DueDate = xero.DueDate ?? xero.DueDateString,
            PaidOn = xero.FullyPaidOnDate,
            Currency = xero.CurrencyCode,
            CurrencyRate = Terms.Rate(xero.CurrencyRate),
            TaxTreatment = treatment,
            Net = xero.SubTotal ?? 0m,
            Tax = xero.TotalTax ?? 0m,
            Gross = xero.Total ?? 0m,
            Outstanding = xero.AmountDue ?? xero.RemainingCredit ?? 0m,
            Paid = xero.AmountPaid ?? 0m,
            Credited = xero.AmountCredited ?? 0m,
            Lines = Terms.Lines(xero.LineItems, treatment),
            Allocations =
            [
                .. (xero.Allocations ?? []).Where(use => use.IsDeleted != true)
                    .Select(use => new LedgerAllocation(use.AllocationID, use.Invoice?.InvoiceID, use.Amount ?? 0m, use.Date)),
            ],
            PaymentIds = [.. (xero.Payments ?? []).Select(payment => payment.PaymentID).OfType<string>()],
            HasAttachments = xero.HasAttachments,
            SentToContact = xero.SentToContact,
            RepeatingId = xero.RepeatingInvoiceID,
        };
    }

    public static LedgerRecord Journal(string id, XeroManualJournal xero)
    {
        var treatment = Terms.Treatment(xero.LineAmountTypes);
        return new LedgerJournal
        {
            Id = id,
            UpdatedAt = xero.UpdatedDateUTC,
            Status = Terms.Status(xero.Status),
            Date = xero.Date,
            Narration = xero.Narration,
            TaxTreatment = treatment,
            Lines = Terms.Lines(xero.JournalLines, treatment),
            ShowOnCashBasisReports = xero.ShowOnCashBasisReports,
            HasAttachments = xero.HasAttachments,
        };
    }

    public static LedgerRecord Schedule(string id, XeroRepeating xero) => new LedgerSchedule
    {
        Id = id,
        Makes = Terms.Document(xero.Type),
        MadeAs = Terms.Status(xero.Status),
        ContactId = xero.Contact?.ContactID,
        Reference = xero.Reference,
        Currency = xero.CurrencyCode,
        Gross = xero.Total ?? 0m,
        Every = xero.Schedule?.Period,
        Unit = xero.Schedule?.Unit,
        NextOn = xero.Schedule?.NextScheduledDate ?? xero.Schedule?.NextScheduledDateString,
        EndsOn = xero.Schedule?.EndDate,
        Lines = Terms.Lines(xero.LineItems, Terms.Treatment(xero.LineAmountTypes)),
    };
}
