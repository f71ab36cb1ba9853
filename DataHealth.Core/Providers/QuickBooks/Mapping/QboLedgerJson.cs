using System.Text.Json.Serialization;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>The provider's records as far as we map them: names in the case of Intuit's schema, unknown fields ignored, amounts exact.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(QboTransaction))]
[JsonSerializable(typeof(QboAccount))]
[JsonSerializable(typeof(QboName))]
[JsonSerializable(typeof(QboItem))]
[JsonSerializable(typeof(QboTaxCode))]
[JsonSerializable(typeof(QboTaxRate))]
[JsonSerializable(typeof(QboTaxAgency))]
[JsonSerializable(typeof(QboDimension))]
[JsonSerializable(typeof(QboTerm))]
[JsonSerializable(typeof(QboCurrency))]
[JsonSerializable(typeof(QboCompany))]
[JsonSerializable(typeof(QboPreferences))]
[JsonSerializable(typeof(QboAttachable))]
[JsonSerializable(typeof(QboReport))]
internal sealed partial class QboLedgerJson : JsonSerializerContext;
