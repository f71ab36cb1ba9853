using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers.QuickBooks.Mapping;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>What QuickBooks' records mean in our ledger (table in <c>docs/ledger.md</c>): one line a dataset, each a pure function.</summary>
public sealed class QuickBooksLedgerMapping : ILedgerMapping
{
    private delegate IReadOnlyList<LedgerRecord> Mapping(string id, ReadOnlySpan<byte> json);

    private static readonly Dictionary<string, Mapping> ByDataset = new(StringComparer.Ordinal)
    {
        ["company"] = One(QboLedgerJson.Default.QboCompany, QboListMapping.Company),
        ["preferences"] = One(QboLedgerJson.Default.QboPreferences, QboListMapping.Preferences),
        ["tax-codes"] = One(QboLedgerJson.Default.QboTaxCode, QboListMapping.TaxCode),
        ["tax-rates"] = One(QboLedgerJson.Default.QboTaxRate, QboListMapping.TaxRate),
        ["tax-agencies"] = One(QboLedgerJson.Default.QboTaxAgency, QboListMapping.TaxAgency),
        ["accounts"] = One(QboLedgerJson.Default.QboAccount, QboListMapping.Account),
        ["currencies"] = One(QboLedgerJson.Default.QboCurrency, QboListMapping.Currency),
        ["classes"] = One(QboLedgerJson.Default.QboDimension, QboListMapping.Class),
        ["departments"] = One(QboLedgerJson.Default.QboDimension, QboListMapping.Department),
        ["terms"] = One(QboLedgerJson.Default.QboTerm, QboListMapping.Term),
        ["items"] = One(QboLedgerJson.Default.QboItem, QboListMapping.Item),
        ["customers"] = One(QboLedgerJson.Default.QboName, QboListMapping.Customer),
        ["vendors"] = One(QboLedgerJson.Default.QboName, QboListMapping.Vendor),
        ["employees"] = One(QboLedgerJson.Default.QboName, QboListMapping.Employee),
        ["invoices"] = One(QboLedgerJson.Default.QboTransaction, QboDocumentMapping.Invoice),
        ["sales-receipts"] = One(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.SalesReceipt),
        ["credit-memos"] = One(QboLedgerJson.Default.QboTransaction, QboDocumentMapping.CreditMemo),
        ["refund-receipts"] = One(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.RefundReceipt),
        ["bills"] = One(QboLedgerJson.Default.QboTransaction, QboDocumentMapping.Bill),
        ["vendor-credits"] = One(QboLedgerJson.Default.QboTransaction, QboDocumentMapping.VendorCredit),
        ["payments"] = Many(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.Payment),
        ["bill-payments"] = Many(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.BillPayment),
        ["purchases"] = One(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.Purchase),
        ["deposits"] = Many(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.Deposit),
        ["transfers"] = One(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.Transfer),
        ["journal-entries"] = One(QboLedgerJson.Default.QboTransaction, QboMoneyMapping.Journal),
        ["attachments"] = One(QboLedgerJson.Default.QboAttachable, QboListMapping.Attachment),
        ["balance-sheet"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.BalanceSheet),
        ["profit-and-loss"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.ProfitAndLoss),
        ["balance-sheet-history"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.BalanceSheet),
        ["profit-and-loss-history"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.ProfitAndLoss),
        ["trial-balance"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.TrialBalance),
        ["reconciled"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.Reconciled),
        ["reconciled-history"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.Reconciled),
        ["cleared"] = Many(QboLedgerJson.Default.QboReport, QboReportMapping.Cleared),
    };

    /// <inheritdoc />
    public IReadOnlyList<LedgerRecord> Map(Dataset dataset, string id, ReadOnlySpan<byte> json) =>
        ByDataset.TryGetValue(dataset.Name, out var mapping) ? mapping(id, json) : throw new ArgumentException($"'{dataset.Name}' is not a dataset of QuickBooks.", nameof(dataset));

    private static Mapping One<T>(JsonTypeInfo<T> contract, Func<string, T, LedgerRecord> map) =>
        (id, json) => [map(id, JsonSerializer.Deserialize(json, contract) ?? throw new JsonException("A record is null."))];

    private static Mapping Many<T>(JsonTypeInfo<T> contract, Func<string, T, IReadOnlyList<LedgerRecord>> map) =>
        (id, json) => map(id, JsonSerializer.Deserialize(json, contract) ?? throw new JsonException("A record is null."));
}
