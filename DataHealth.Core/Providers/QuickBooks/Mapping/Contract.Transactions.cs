using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>A reference to another record.</summary>
internal sealed class QboRef
{
    [JsonPropertyName("value")]
    public string? Value { get; set; }

    [JsonPropertyName("name")]
    public string? Name { get; set; }

    /// <summary>Only on references that may name several kinds: Vendor, Customer, Employee.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; set; }
}

/// <summary>When a record was made and last changed.</summary>
internal sealed class QboMetaData
{
    public DateTimeOffset? CreateTime { get; set; }

    public DateTimeOffset? LastUpdatedTime { get; set; }
}

/// <summary>Another transaction that this one settles, or is settled by.</summary>
internal sealed class QboLinkedTxn
{
    public string? TxnId { get; set; }

    public string? TxnType { get; set; }
}

/// <summary>Tax of a whole transaction.</summary>
internal sealed class QboTxnTaxDetail
{
    public decimal? TotalTax { get; set; }

    public List<QboTaxLine>? TaxLine { get; set; }
}

/// <summary>Tax of one rate.</summary>
internal sealed class QboTaxLine
{
    public decimal? Amount { get; set; }

    public QboTaxLineDetail? TaxLineDetail { get; set; }
}

/// <summary>The rate, and what it is reckoned on.</summary>
internal sealed class QboTaxLineDetail
{
    public QboRef? TaxRateRef { get; set; }

    public decimal? NetAmountTaxable { get; set; }
}

/// <summary>The detail of a line, whichever of its kinds it is.</summary>
internal sealed class QboLineDetail
{
    public QboRef? ItemRef { get; set; }

    public QboRef? ItemAccountRef { get; set; }

    public QboRef? AccountRef { get; set; }

    public QboRef? DiscountAccountRef { get; set; }

    /// <summary>Who paid, on a deposit's line. A journal's line has it in another shape, of which nothing is read.</summary>
    public QboRef? Entity { get; set; }

    public QboRef? ClassRef { get; set; }

    public QboRef? DepartmentRef { get; set; }

    public QboRef? TaxCodeRef { get; set; }

    public decimal? Qty { get; set; }

    public decimal? UnitPrice { get; set; }

    public decimal? TaxInclusiveAmt { get; set; }

    public decimal? TaxAmount { get; set; }

    public decimal? DiscountPercent { get; set; }

    public string? PostingType { get; set; }
}

/// <summary>A bundle of items sold as one: its own lines.</summary>
internal sealed class QboGroupDetail
{
    public List<QboLine>? Line { get; set; }
}

/// <summary>A line.</summary>
internal sealed class QboLine
{
    public string? Id { get; set; }

    public string? Description { get; set; }

    public decimal? Amount { get; set; }

    public string? DetailType { get; set; }

    public QboLineDetail? SalesItemLineDetail { get; set; }

    public QboLineDetail? AccountBasedExpenseLineDetail { get; set; }

    public QboLineDetail? ItemBasedExpenseLineDetail { get; set; }

    public QboLineDetail? DepositLineDetail { get; set; }

    public QboLineDetail? JournalEntryLineDetail { get; set; }

    public QboLineDetail? DiscountLineDetail { get; set; }

    public QboGroupDetail? GroupLineDetail { get; set; }

    public List<QboLinkedTxn>? LinkedTxn { get; set; }

    /// <summary>The detail that its kind says; null for subtotals, descriptions and tax lines.</summary>
    [JsonIgnore]
    public QboLineDetail? Detail => DetailType switch
    {
        "SalesItemLineDetail" => SalesItemLineDetail,
        "AccountBasedExpenseLineDetail" => AccountBasedExpenseLineDetail,
        "ItemBasedExpenseLineDetail" => ItemBasedExpenseLineDetail,
        "DepositLineDetail" => DepositLineDetail,
        "JournalEntryLineDetail" => JournalEntryLineDetail,
        "DiscountLineDetail" => DiscountLineDetail,
        _ => null,
    };
}

/// <summary>How a bill payment was paid.</summary>
internal sealed class QboPaidFrom
{
    public QboRef? BankAccountRef { get; set; }

    [JsonPropertyName("CCAccountRef")]
    public QboRef? CardAccountRef { get; set; }
}

/// <summary>Every kind of transaction: what they share, and what each has of its own.</summary>
internal sealed class QboTransaction
{
    public string? DocNumber { get; set; }

    public DateOnly? TxnDate { get; set; }

    public DateOnly? DueDate { get; set; }

    public string? PrivateNote { get; set; }

    [JsonPropertyName("status")]
    public string? Status { get; set; }

    public QboRef? CurrencyRef { get; set; }

    public decimal? ExchangeRate { get; set; }

    public QboRef? CustomerRef { get; set; }

    public QboRef? VendorRef { get; set; }

    public QboRef? EntityRef { get; set; }

    public QboRef? AccountRef { get; set; }

    public QboRef? DepositToAccountRef { get; set; }

    public QboRef? FromAccountRef { get; set; }

    public QboRef? ToAccountRef { get; set; }

    public QboRef? DepartmentRef { get; set; }

    public QboRef? ClassRef { get; set; }

    public string? GlobalTaxCalculation { get; set; }

    public QboTxnTaxDetail? TxnTaxDetail { get; set; }

    public decimal? TotalAmt { get; set; }

    public decimal? Amount { get; set; }

    public decimal? Balance { get; set; }

    public decimal? RemainingCredit { get; set; }

    public decimal? UnappliedAmt { get; set; }

    public string? EmailStatus { get; set; }

    public string? PaymentRefNum { get; set; }

    public string? PaymentType { get; set; }

    public bool? Credit { get; set; }

    public bool? Adjustment { get; set; }

    public QboPaidFrom? CheckPayment { get; set; }

    public QboPaidFrom? CreditCardPayment { get; set; }

    public List<QboLine>? Line { get; set; }

    public List<QboLinkedTxn>? LinkedTxn { get; set; }

    public QboMetaData? MetaData { get; set; }
}
