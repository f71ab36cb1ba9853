using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>Any nested record of which only ids are read.</summary>
internal sealed class XeroRef
{
    public string? AccountID { get; set; }

    public string? Code { get; set; }

    public string? Name { get; set; }

    public string? ContactID { get; set; }

    public string? InvoiceID { get; set; }

    public string? InvoiceNumber { get; set; }

    public string? CreditNoteID { get; set; }

    public string? CreditNoteNumber { get; set; }

    public string? OverpaymentID { get; set; }

    public string? PrepaymentID { get; set; }

    public string? PaymentID { get; set; }

    public string? BatchPaymentID { get; set; }

    public string? CurrencyCode { get; set; }

    public XeroRef? Contact { get; set; }
}

/// <summary>Tracking on a line.</summary>
internal sealed class XeroTracking
{
    public string? TrackingCategoryID { get; set; }

    public string? TrackingOptionID { get; set; }

    public string? Name { get; set; }

    public string? Option { get; set; }
}

/// <summary>A line of a document, bank transaction or journal.</summary>
internal sealed class XeroLine
{
    public string? LineItemID { get; set; }

    public string? Description { get; set; }

    public decimal? Quantity { get; set; }

    public decimal? UnitAmount { get; set; }

    public decimal? LineAmount { get; set; }

    public decimal? TaxAmount { get; set; }

    public string? TaxType { get; set; }

    public string? AccountCode { get; set; }

    public string? AccountID { get; set; }

    public string? ItemCode { get; set; }

    public decimal? DiscountRate { get; set; }

    public List<XeroTracking>? Tracking { get; set; }
}

/// <summary>Use of a credit.</summary>
internal sealed class XeroAllocation
{
    public string? AllocationID { get; set; }

    public decimal? Amount { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? Date { get; set; }

    public XeroRef? Invoice { get; set; }

    public bool? IsDeleted { get; set; }
}

/// <summary>Invoices, credit notes, over- and prepayments.</summary>
internal sealed class XeroDocument
{
    public string? Type { get; set; }

    public string? Status { get; set; }

    public string? InvoiceNumber { get; set; }

    public string? CreditNoteNumber { get; set; }

    public string? Reference { get; set; }

    public XeroRef? Contact { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? Date { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DateString { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DueDate { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DueDateString { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? FullyPaidOnDate { get; set; }

    public string? LineAmountTypes { get; set; }

    public decimal? SubTotal { get; set; }

    public decimal? TotalTax { get; set; }

    public decimal? Total { get; set; }

    public decimal? AmountDue { get; set; }

    public decimal? AmountPaid { get; set; }

    public decimal? AmountCredited { get; set; }

    public decimal? RemainingCredit { get; set; }

    public decimal? AppliedAmount { get; set; }

    public string? CurrencyCode { get; set; }

    public decimal? CurrencyRate { get; set; }

    public List<XeroLine>? LineItems { get; set; }

    public List<XeroAllocation>? Allocations { get; set; }

    public List<XeroRef>? Payments { get; set; }

    public bool? HasAttachments { get; set; }

    public bool? SentToContact { get; set; }

    public string? RepeatingInvoiceID { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}

/// <summary>A journal.</summary>
internal sealed class XeroManualJournal
{
    public string? Narration { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? Date { get; set; }

    public string? Status { get; set; }

    public string? LineAmountTypes { get; set; }

    public List<XeroLine>? JournalLines { get; set; }

    public bool? ShowOnCashBasisReports { get; set; }

    public bool? HasAttachments { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}

/// <summary>When a repeating invoice repeats.</summary>
internal sealed class XeroSchedule
{
    public int? Period { get; set; }

    public string? Unit { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? NextScheduledDate { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? NextScheduledDateString { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? EndDate { get; set; }
}

/// <summary>A repeating invoice.</summary>
internal sealed class XeroRepeating
{
    public string? Type { get; set; }

    public string? Status { get; set; }

    public XeroRef? Contact { get; set; }

    public XeroSchedule? Schedule { get; set; }

    public string? Reference { get; set; }

    public string? CurrencyCode { get; set; }

    public string? LineAmountTypes { get; set; }

    public decimal? Total { get; set; }

    public List<XeroLine>? LineItems { get; set; }
}
