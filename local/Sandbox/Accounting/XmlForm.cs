using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.Accounting;

/// <summary>The same answer as XML: what Xero gives to whoever does not ask for JSON.</summary>
internal static class XmlForm
{
    public static bool WantsJson(string? accept) => accept is not null
        && (accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) || accept.Contains("text/json", StringComparison.OrdinalIgnoreCase));

    public static Reply Of(Reply json)
    {
        using var document = JsonDocument.Parse(json.Body);
        var response = new XElement("Response");
        Fill(response, document.RootElement);
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
            response.Save(writer);
        return json with { ContentType = "text/xml; charset=utf-8", Body = stream.ToArray() };
    }

    private static void Fill(XElement element, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    var child = new XElement(XName.Get(XmlConvert.EncodeLocalName(property.Name)));
                    Fill(child, property.Value);
                    element.Add(child);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    var child = new XElement(Singular(element.Name.LocalName));
                    Fill(child, item);
                    element.Add(child);
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                element.Value = json.ValueKind == JsonValueKind.String ? Text(json.GetString()!) : json.GetRawText();
                break;
        }
    }

    /// <summary>Dates are ISO in the XML form.</summary>
    private static string Text(string text) =>
        text.StartsWith("/Date(", StringComparison.Ordinal) && long.TryParse(text.AsSpan(6, text.IndexOfAny(['+', ')'], 6) - 6), out var milliseconds)
            ? DateTime.UnixEpoch.AddMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", System.Globalization.CultureInfo.InvariantCulture)
            : text;

    private static string Singular(string plural) => plural switch
    {
        "Currencies" => "Currency",
        "TrackingCategories" => "TrackingCategory",
        "Addresses" => "Address",
        _ when plural.EndsWith('s') => plural[..^1],
        _ => plural + "Item",
    };
}
