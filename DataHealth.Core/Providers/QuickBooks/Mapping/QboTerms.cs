using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>QuickBooks' words in ours. A word that we do not know becomes Unknown, never a guess.</summary>
internal static class QboTerms
{
    // Entities, links between them, files and reports each spell the kinds in their own way.
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Invoice"] = "invoice",
        ["SalesReceipt"] = "salesreceipt",
        ["CreditMemo"] = "creditmemo",
        ["RefundReceipt"] = "refundreceipt",
        ["Refund"] = "refundreceipt",
        ["Payment"] = "payment",
        ["Bill"] = "bill",
        ["VendorCredit"] = "vendorcredit",
        ["BillPayment"] = "billpayment",
        ["BillPaymentCheck"] = "billpayment",
        ["BillPaymentCreditCard"] = "billpayment",
        ["Purchase"] = "purchase",
        ["Expense"] = "purchase",
        ["Check"] = "purchase",
        ["CashPurchase"] = "purchase",
        ["CashExpense"] = "purchase",
        ["CreditCardCharge"] = "purchase",
        ["CreditCardExpense"] = "purchase",
        ["CreditCardCredit"] = "purchase",
        ["Deposit"] = "deposit",
        ["Transfer"] = "transfer",
        ["JournalEntry"] = "journalentry",
        ["Journal"] = "journalentry",
        ["Customer"] = "customer",
        ["Vendor"] = "vendor",
        ["Employee"] = "employee",
        ["Account"] = "account",
        ["Item"] = "item",
    };

    /// <summary>How the ledger names a record of a kind; of a kind that we do not know, its own word.</summary>
    public static string? Id(string? kind, string? id)
    {
        if (kind is not { Length: > 0 } || id is not { Length: > 0 })
            return null;
        var word = string.Concat(kind.Where(char.IsAsciiLetter));
        return $"{Kinds.GetValueOrDefault(word, word.ToLowerInvariant())}-{id}";
    }

    /// <summary>A transaction that was voided keeps its record: its amounts are nought and its note begins with the word. No field says so.</summary>
    public static LedgerStatus Status(QboTransaction qbo, decimal total, decimal? balance = null)
    {
        if (total == 0m && qbo.PrivateNote?.StartsWith("Voided", StringComparison.Ordinal) == true)
            return LedgerStatus.Voided;
        return qbo.Status switch
        {
            "Voided" => LedgerStatus.Voided,
            "Deleted" => LedgerStatus.Deleted,
            "Draft" => LedgerStatus.Draft,
            "Pending" => LedgerStatus.Submitted,
            _ => balance == 0m && total != 0m ? LedgerStatus.Paid : LedgerStatus.Posted,
        };
    }

    public static LedgerActivity Activity(bool? active) => active == false ? LedgerActivity.Archived : LedgerActivity.Active;

    public static TaxTreatment Treatment(string? qbo) => qbo switch
    {
        "TaxExcluded" => TaxTreatment.Exclusive,
        "TaxInclusive" => TaxTreatment.Inclusive,
        "NotApplicable" => TaxTreatment.NoTax,
        _ => TaxTreatment.Unknown,
    };

    /// <summary>QuickBooks gives units of the home currency for one of the document's; the ledger's rate is the other way round.</summary>
    public static decimal Rate(decimal? exchangeRate) => exchangeRate is { } rate && rate != 0m && rate != 1m ? 1m / rate : 1m;

    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>The lines that post something. Amounts leave tax out, whatever the treatment; tax is told line by line only where the line gives both amounts.</summary>
    public static IReadOnlyList<LedgerLine> Lines(QboTransaction qbo) => Lines(qbo, qbo.Line ?? []);

    /// <summary>Those of a part of the lines. A bundle's lines are within it; what it prints itself only adds them up.</summary>
    public static IReadOnlyList<LedgerLine> Lines(QboTransaction qbo, IEnumerable<QboLine> lines) =>
    [
        .. lines.SelectMany(line => line.GroupLineDetail?.Line ?? [line]).Where(line => line.Detail is not null).Select(line =>
        {
            var detail = line.Detail!;
            var amount = (line.Amount ?? 0m) * (line.DetailType == "DiscountLineDetail" ? -1 : 1);
            return new LedgerLine
            {
                Id = line.Id,
                Description = line.Description,
                Quantity = detail.Qty,
                UnitAmount = detail.UnitPrice,
                Net = amount,
                Tax = detail.TaxAmount ?? detail.TaxInclusiveAmt - amount,
                TaxType = detail.TaxCodeRef?.Value,
                AccountId = (detail.ItemAccountRef ?? detail.AccountRef ?? detail.DiscountAccountRef)?.Value,
                ItemId = detail.ItemRef?.Value,
                DiscountRate = detail.DiscountPercent,
                Tracking = Tracking(detail.ClassRef ?? qbo.ClassRef, detail.DepartmentRef ?? qbo.DepartmentRef),
            };
        }),
    ];

    /// <summary>Tax by rate, as reckoned for the whole transaction.</summary>
    public static IReadOnlyList<LedgerTaxPart> TaxParts(QboTransaction qbo) =>
    [
        .. (qbo.TxnTaxDetail?.TaxLine ?? []).Where(line => line.TaxLineDetail is not null)
            .Select(line => new LedgerTaxPart(Id("TaxRate", line.TaxLineDetail!.TaxRateRef?.Value), line.TaxLineDetail.NetAmountTaxable ?? 0m, line.Amount ?? 0m)),
    ];

    public static IReadOnlyList<TrackingValue> Tracking(QboRef? @class, QboRef? department) =>
    [
        .. new (string Category, QboRef? Value)[] { ("Class", @class), ("Department", department) }
            .Where(one => one.Value?.Value is { Length: > 0 }).Select(one => new TrackingValue(one.Category, one.Category, one.Value!.Value, one.Value.Name)),
    ];
}
