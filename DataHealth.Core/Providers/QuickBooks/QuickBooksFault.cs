using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// What Intuit says in a fault: the codes count, texts are for the log. It comes in three forms: the gateway's JSON (<c>fault</c>, lower case), the service's JSON (<c>Fault</c>), and XML,
/// also where JSON was asked for.
/// </summary>
/// <param name="Codes">The errors' codes as numbers, leading zeros gone.</param>
/// <param name="Text">One short line for an engineer: no word longer than any that Intuit documents, so that no token gets into a record.</param>
internal sealed record QuickBooksFault(IReadOnlyList<int> Codes, string Text)
{
    private const int LongestWord = 60;
    private const int LongestText = 200;

    /// <summary>Nothing that can be read.</summary>
    public static QuickBooksFault None { get; } = new([], "");

    /// <summary>True when one of the errors has that code.</summary>
    public bool Has(params ReadOnlySpan<int> codes)
    {
        foreach (var code in codes)
        {
            if (Codes.Contains(code))
                return true;
        }

        return false;
    }

    /// <summary>Reads a body of any form; what is none of them gives no codes and its beginning as text.</summary>
    public static QuickBooksFault Read(byte[] body)
    {
        if (body.Length == 0)
            return None;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (Find(json.RootElement) is { } fault)
                return fault;
        }
        catch (JsonException)
        {
            if (FromXml(body) is { } fault)
                return fault;
        }

        return new([], Line(Encoding.UTF8.GetString(body)));
    }

    /// <summary>The fault among the properties of a JSON answer; null when there is none.</summary>
    public static QuickBooksFault? Find(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || Field(answer, "fault") is not { ValueKind: JsonValueKind.Object } fault)
            return null;
        var errors = Field(fault, "error") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object).ToList() : [];
        return Of(errors.Select(error => (Word(error, "code"), Word(error, "message"), Word(error, "detail"))), Word(fault, "type"));
    }

    private static QuickBooksFault? FromXml(byte[] body)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 64 * 1024 };
            using var reader = XmlReader.Create(new MemoryStream(body), settings);
            var root = XElement.Load(reader);
            var fault = root.DescendantsAndSelf().FirstOrDefault(element => element.Name.LocalName == "Fault");
            return fault is null ? null : Of(
                fault.Elements().Where(element => element.Name.LocalName == "Error").Select(error => (error.Attribute("code")?.Value, Inner(error, "Message"), Inner(error, "Detail"))),
                fault.Attribute("type")?.Value);
        }
        catch (XmlException)
        {
            return null;
        }

        static string? Inner(XElement error, string name) => error.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
    }

    private static QuickBooksFault Of(IEnumerable<(string? Code, string? Message, string? Detail)> errors, string? type)
    {
        var all = errors.Take(10).ToList();
        var codes = all.SelectMany(error => new[] { Number(error.Code), Within(error.Message) }).OfType<int>().Distinct().ToList();
        return new(codes, Line(string.Join(' ', all.SelectMany(error => new[] { error.Code, error.Message }).Prepend(type).Where(part => !string.IsNullOrEmpty(part)))));
    }

    // "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    private static int? Within(string? message)
    {
        const string Name = "errorCode=";
        var at = message?.IndexOf(Name, StringComparison.OrdinalIgnoreCase) ?? -1;
        return at < 0 ? null : Number(new string([.. message!.Skip(at + Name.Length).TakeWhile(char.IsAsciiDigit)]));
    }

    private static int? Number(string? text) => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private static JsonElement? Field(JsonElement parent, string name)
    {
        foreach (var field in parent.EnumerateObject())
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return field.Value;
        }

        return null;
    }

    private static string? Word(JsonElement parent, string name) => Field(parent, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static string Line(string text)
    {
        var plain = string.Concat(text.Take(4_000).Select(letter => char.IsControl(letter) ? ' ' : letter));
        var line = string.Join(' ', plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length <= LongestWord ? word : "…"));
        return line.Length <= LongestText ? line : line[..LongestText];
    }
}
