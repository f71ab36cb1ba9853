using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>The provider's records as far as we map them: names in the case of the documentation, unknown fields ignored, amounts exact.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(XeroDocument))]
[JsonSerializable(typeof(XeroPayment))]
[JsonSerializable(typeof(XeroBatchPayment))]
[JsonSerializable(typeof(XeroBankTransaction))]
[JsonSerializable(typeof(XeroBankTransfer))]
[JsonSerializable(typeof(XeroManualJournal))]
[JsonSerializable(typeof(XeroRepeating))]
[JsonSerializable(typeof(XeroAccount))]
[JsonSerializable(typeof(XeroContact))]
[JsonSerializable(typeof(XeroTaxRate))]
[JsonSerializable(typeof(XeroTrackingCategory))]
[JsonSerializable(typeof(XeroCurrency))]
[JsonSerializable(typeof(XeroItem))]
[JsonSerializable(typeof(XeroOrganisation))]
[JsonSerializable(typeof(XeroUser))]
[JsonSerializable(typeof(XeroReport))]
[JsonSerializable(typeof(XeroAsset))]
[JsonSerializable(typeof(XeroAssetType))]
[JsonSerializable(typeof(XeroAssetSettings))]
internal sealed partial class LedgerJson : JsonSerializerContext;
