using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers.Xero.Mapping;

namespace DataHealth.Core.Providers.Xero;

/// <summary>What Xero's records mean in our ledger (table in <c>docs/ledger.md</c>): one line a dataset, each a pure function.</summary>
public sealed class XeroLedgerMapping : ILedgerMapping
{
    private delegate IReadOnlyList<LedgerRecord> Mapping(string id, ReadOnlySpan<byte> json);

    private static readonly Dictionary<string, Mapping> ByDataset = new(StringComparer.Ordinal)
    {
        ["organisation"] = One(LedgerJson.Default.XeroOrganisation, PartyMapping.Organisation),
        ["accounts"] = One(LedgerJson.Default.XeroAccount, ChartMapping.Account),
        ["tax-rates"] = One(LedgerJson.Default.XeroTaxRate, ChartMapping.TaxRate),
        ["tracking-categories"] = One(LedgerJson.Default.XeroTrackingCategory, ChartMapping.Tracking),
        ["currencies"] = One(LedgerJson.Default.XeroCurrency, ChartMapping.Currency),
        ["users"] = One(LedgerJson.Default.XeroUser, PartyMapping.User),
        ["items"] = One(LedgerJson.Default.XeroItem, ChartMapping.Item),
        ["contacts"] = One(LedgerJson.Default.XeroContact, PartyMapping.Contact),
        ["invoices"] = One(LedgerJson.Default.XeroDocument, DocumentMapping.Document),
        ["credit-notes"] = One(LedgerJson.Default.XeroDocument, DocumentMapping.Document),
        ["overpayments"] = One(LedgerJson.Default.XeroDocument, DocumentMapping.Document),
        ["prepayments"] = One(LedgerJson.Default.XeroDocument, DocumentMapping.Document),
        ["payments"] = One(LedgerJson.Default.XeroPayment, MoneyMapping.Payment),
        ["batch-payments"] = One(LedgerJson.Default.XeroBatchPayment, MoneyMapping.Batch),
        ["bank-transactions"] = One(LedgerJson.Default.XeroBankTransaction, MoneyMapping.BankEntry),
        ["bank-transfers"] = One(LedgerJson.Default.XeroBankTransfer, MoneyMapping.Transfer),
        ["manual-journals"] = One(LedgerJson.Default.XeroManualJournal, DocumentMapping.Journal),
        ["repeating-invoices"] = One(LedgerJson.Default.XeroRepeating, DocumentMapping.Schedule),
        ["assets"] = One(LedgerJson.Default.XeroAsset, AssetMapping.Asset),
        ["asset-types"] = One(LedgerJson.Default.XeroAssetType, AssetMapping.Type),
        ["asset-settings"] = One(LedgerJson.Default.XeroAssetSettings, AssetMapping.Settings),
        ["balance-sheet"] = Report(BalanceReport.BalanceSheet),
        ["balance-sheet-history"] = Report(BalanceReport.BalanceSheet),
        ["profit-and-loss"] = Report(BalanceReport.ProfitAndLoss),
        ["profit-and-loss-history"] = Report(BalanceReport.ProfitAndLoss),
        ["trial-balance"] = Report(BalanceReport.TrialBalance),
        ["bank-summary"] = Report(BalanceReport.BankSummary),
    };

    /// <inheritdoc />
    public IReadOnlyList<LedgerRecord> Map(Dataset dataset, string id, ReadOnlySpan<byte> json) =>
        ByDataset.TryGetValue(dataset.Name, out var mapping) ? mapping(id, json) : throw new ArgumentException($"'{dataset.Name}' is not a dataset of Xero.", nameof(dataset));

    private static Mapping One<T>(JsonTypeInfo<T> contract, Func<string, T, LedgerRecord> map) =>
        (id, json) => [map(id, JsonSerializer.Deserialize(json, contract) ?? throw new JsonException("A record is null."))];

    private static Mapping Report(BalanceReport kind) =>
        (id, json) => ReportMapping.Balances(kind, id, JsonSerializer.Deserialize(json, LedgerJson.Default.XeroReport) ?? throw new JsonException("A report is null."));
}
