using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>Xero's words in ours. A word that we do not know becomes Unknown, never a guess.</summary>
internal static class Terms
{
    public static LedgerStatus Status(string? xero) => xero switch
    {
        "DRAFT" => LedgerStatus.Draft,
        "SUBMITTED" => LedgerStatus.Submitted,
        "AUTHORISED" or "POSTED" => LedgerStatus.Posted,
        "PAID" => LedgerStatus.Paid,
        "VOIDED" => LedgerStatus.Voided,
        "DELETED" => LedgerStatus.Deleted,
        "ARCHIVED" => LedgerStatus.Archived,
        _ => LedgerStatus.Unknown,
    };

    public static LedgerActivity Activity(string? xero) => xero switch
    {
        "ACTIVE" => LedgerActivity.Active,
        "ARCHIVED" => LedgerActivity.Archived,
        "DELETED" or "GDPRREQUEST" => LedgerActivity.Deleted,
        "PENDING" => LedgerActivity.Pending,
        _ => LedgerActivity.Unknown,
    };

    public static TaxTreatment Treatment(string? xero) => xero?.ToUpperInvariant() switch
    {
        "EXCLUSIVE" => TaxTreatment.Exclusive,
        "INCLUSIVE" => TaxTreatment.Inclusive,
        "NOTAX" => TaxTreatment.NoTax,
        _ => TaxTreatment.Unknown,
    };

    public static DocumentKind Document(string? xero) => xero switch
    {
        "ACCREC" => DocumentKind.SalesInvoice,
        "ACCPAY" => DocumentKind.Bill,
        "ACCRECCREDIT" => DocumentKind.SalesCreditNote,
        "ACCPAYCREDIT" => DocumentKind.SupplierCreditNote,
        "RECEIVE-OVERPAYMENT" or "AROVERPAYMENT" => DocumentKind.SalesOverpayment,
        "SPEND-OVERPAYMENT" or "APOVERPAYMENT" => DocumentKind.SupplierOverpayment,
        "RECEIVE-PREPAYMENT" or "ARPREPAYMENT" => DocumentKind.SalesPrepayment,
        "SPEND-PREPAYMENT" or "APPREPAYMENT" => DocumentKind.SupplierPrepayment,
        _ => DocumentKind.Unknown,
    };

    /// <summary>Lines with net and tax apart. An inclusive amount holds its tax.</summary>
    public static IReadOnlyList<LedgerLine> Lines(List<XeroLine>? lines, TaxTreatment treatment) =>
    [
        .. (lines ?? []).Select(line => new LedgerLine
        {
            Id = line.LineItemID,
            Description = line.Description,
            Quantity = line.Quantity,
            UnitAmount = line.UnitAmount,
            Net = (line.LineAmount ?? 0m) - (treatment == TaxTreatment.Inclusive ? line.TaxAmount ?? 0m : 0m),
            Tax = line.TaxAmount ?? 0m,
            TaxType = line.TaxType,
            AccountCode = line.AccountCode,
            AccountId = line.AccountID,
            ItemCode = line.ItemCode,
            DiscountRate = line.DiscountRate,
            Tracking = [.. (line.Tracking ?? []).Select(one => new TrackingValue(one.TrackingCategoryID, one.Name, one.TrackingOptionID, one.Option))],
        }),
    ];

    /// <summary>A rate that is absent or zero is the base currency's.</summary>
    public static decimal Rate(decimal? rate) => rate is { } given && given != 0m ? given : 1m;
}
