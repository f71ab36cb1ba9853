using System.Text.Json;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>A record of one of the small kinds.</summary>
internal sealed record BagRecord(Bag Fields) : BookRecord
{
    private static readonly HashSet<string> LeftOutOfSummary =
        new(StringComparer.Ordinal) { "IsSupplier", "IsCustomer", "HasAttachments", "JournalLines" };

    private static readonly HashSet<string> LeftOutUnpaged = new(StringComparer.Ordinal)
    {
        "ContactNumber", "AccountNumber", "TaxNumber", "BankAccountDetails", "PaymentTerms", "MergedToContactID", "Balances", "SalesDefaultAccountCode",
        "PurchasesDefaultAccountCode", "CompanyNumber", "DefaultCurrency",
    };

    public override string Status => (Fields["Status"] ?? Fields["ContactStatus"] ?? Fields["OrganisationStatus"] ?? Fields["assetStatus"]) as string ?? "";

    public override object? Field(string path)
    {
        object? value = Fields;
        foreach (var name in path.Split('.'))
        {
            if (value is not Bag bag)
                return null;
            value = bag[name];
        }

        return value switch
        {
            Fixed number => number.Value,
            int number => (decimal)number,
            DateOnly day => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            DayText text => text.Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            IsoDay text => text.Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            Bag or object[] => null,
            _ => value,
        };
    }

    public override void WriteJson(Utf8JsonWriter writer, JsonSpelling spelling) => Write(writer, Fields, spelling, true);

    private static void Write(Utf8JsonWriter writer, Bag bag, JsonSpelling spelling, bool top)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in bag.Fields)
        {
            if (value is null)
                continue;
            if (top && ((spelling.Summary && LeftOutOfSummary.Contains(name)) || (!spelling.Full && LeftOutUnpaged.Contains(name))))
                continue;
            if (top && !spelling.LineItems && name == "JournalLines")
                continue;
            writer.WritePropertyName(name);
            Write(writer, value, spelling, name);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, object value, JsonSpelling spelling, string name)
    {
        switch (value)
        {
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case Guid id: writer.WriteStringValue(id); break;
            case Fixed number: writer.FixedValue(number.Value, name == "UnitPrice" ? spelling.UnitDecimals : number.Decimals); break;
            case DateOnly day: writer.DayValue(day, spelling); break;
            case DateTime instant: writer.InstantValue(instant, spelling); break;
            case DayText text: writer.DayTextValue(text.Day); break;
            case IsoDay text: writer.DayTextValue(text.Day); break;
            case Bag bag: Write(writer, bag, spelling, false); break;
            case object[] items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(writer, item, spelling, "");
                writer.WriteEndArray();
                break;
            default: throw new InvalidOperationException($"No spelling for {value.GetType()}.");
        }
    }
}
