using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>A payment.</summary>
internal sealed class XeroPayment
{
    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? Date { get; set; }

    public decimal? Amount { get; set; }

    public decimal? BankAmount { get; set; }

    public decimal? CurrencyRate { get; set; }

    public string? PaymentType { get; set; }

    public string? Status { get; set; }

    public bool? IsReconciled { get; set; }

    public XeroRef? Account { get; set; }

    public XeroRef? Invoice { get; set; }

    public XeroRef? CreditNote { get; set; }

    public XeroRef? Overpayment { get; set; }

    public XeroRef? Prepayment { get; set; }

    public string? BatchPaymentID { get; set; }

    public XeroRef? BatchPayment { get; set; }

    public string? Reference { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}

/// <summary>A batch.</summary>
internal sealed class XeroBatchPayment
{
    public string? Type { get; set; }

    public string? Status { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? Date { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DateString { get; set; }

    public decimal? TotalAmount { get; set; }

    public XeroRef? Account { get; set; }

    public string? Reference { get; set; }

    public string? Narrative { get; set; }

    public bool? IsReconciled { get; set; }

    public List<XeroRef>? Payments { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}

/// <summary>A bank transaction.</summary>
internal sealed class XeroBankTransaction
{
    public string? Type { get; set; }

    public string? Status { get; set; }

    public XeroRef? BankAccount { get; set; }

    public XeroRef? Contact { get; set; }

    public bool? IsReconciled { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? Date { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DateString { get; set; }

    public string? Reference { get; set; }

    public string? LineAmountTypes { get; set; }

    public List<XeroLine>? LineItems { get; set; }

    public decimal? SubTotal { get; set; }

    public decimal? TotalTax { get; set; }

    public decimal? Total { get; set; }

    public string? CurrencyCode { get; set; }

    public decimal? CurrencyRate { get; set; }

    public bool? HasAttachments { get; set; }

    public string? PrepaymentID { get; set; }

    public string? OverpaymentID { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? UpdatedDateUTC { get; set; }
}

/// <summary>A transfer.</summary>
internal sealed class XeroBankTransfer
{
    public string? Status { get; set; }

    public XeroRef? FromBankAccount { get; set; }

    public XeroRef? ToBankAccount { get; set; }

    public decimal? Amount { get; set; }

    public decimal? CurrencyRate { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? Date { get; set; }

    [JsonConverter(typeof(XeroCalendarDate))]
    public DateOnly? DateString { get; set; }

    public bool? FromIsReconciled { get; set; }

    public bool? ToIsReconciled { get; set; }

    public string? FromBankTransactionID { get; set; }

    public string? ToBankTransactionID { get; set; }

    public string? Reference { get; set; }

    public bool? HasAttachments { get; set; }

    [JsonConverter(typeof(XeroInstant))]
    public DateTimeOffset? CreatedDateUTC { get; set; }
}
