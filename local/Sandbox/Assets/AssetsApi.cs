using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Accounting;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.Assets;

/// <summary>GET under /assets.xro/1.0: camelCase, its own paging and its own errors.</summary>
internal static class AssetsApi
{
    private static readonly string[] Statuses = ["DRAFT", "REGISTERED", "DISPOSED"];
    private static readonly string[] SearchedFields = ["assetName", "assetNumber"];

    private static readonly HashSet<string> Orders = new(StringComparer.OrdinalIgnoreCase)
    {
        "AssetType", "AssetName", "AssetNumber", "PurchaseDate", "PurchasePrice", "DisposalDate", "DisposalPrice",
    };

    public static Reply Get(DataCaller caller, IReadOnlyList<string> segments, IReadOnlyDictionary<string, string> query) =>
        (segments[0].ToUpperInvariant(), segments.Count) switch
        {
            ("ASSETS", 1) => List(caller, query),
            ("ASSETS", 2) when Guid.TryParse(segments[1], out var id) && caller.Books.Find(BookCollections.Assets, id) is { } asset => Json(writer => Write(writer, asset, caller)),
            ("ASSETTYPES", 1) => Json(writer => WriteAll(writer, caller.Books.Query(BookCollections.AssetTypes, new BooksQuery()).Records, caller)),
            ("SETTINGS", 1) => Settings(caller),
            _ => ErrorReplies.NotFound(),
        };

    public static Reply Error(int status, string title, string detail, string? field = null, string? message = null) => Reply.Json(status, new JsonObject
    {
        ["title"] = title,
        ["detail"] = detail,
        ["resourceValidationErrors"] = new JsonArray(),
        ["fieldValidationErrors"] = field is null ? new JsonArray() : new JsonArray(new JsonObject { ["propertyName"] = field, ["message"] = message, ["type"] = "invalid" }),
    });

    private static Reply List(DataCaller caller, IReadOnlyDictionary<string, string> query)
    {
        var status = query.GetValueOrDefault("status")?.ToUpperInvariant();
        if (status is null || !Statuses.Contains(status))
            return Error(400, "Validation Error", "The request is not valid.", "status", "status is required and must be one of DRAFT, REGISTERED, DISPOSED");
        var order = query.GetValueOrDefault("orderBy");
        if (order is not null && !Orders.Contains(order))
            return Error(400, "Validation Error", "The request is not valid.", "orderBy", $"'{order}' is not a valid order");
        var size = ListRequest.PageSize(query.GetValueOrDefault("pageSize"), 10, 100);
        var page = int.TryParse(query.GetValueOrDefault("page"), out var asked) ? Math.Max(1, asked) : 1;
        var filter = query.GetValueOrDefault("filterBy");
        var found = caller.Books.Query(BookCollections.Assets, new BooksQuery
        {
            Filter = record => record.Status.Equals(status, StringComparison.OrdinalIgnoreCase) && (string.IsNullOrEmpty(filter) || Mentions(record, filter)),
            OrderBy = order is null ? null : char.ToLowerInvariant(order[0]) + order[1..],
            Descending = "DESC".Equals(query.GetValueOrDefault("sortDirection"), StringComparison.OrdinalIgnoreCase),
            Page = page,
            PageSize = size,
        });
        return Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("pagination");
            writer.WriteNumber("page", page);
            writer.WriteNumber("pageSize", size);
            writer.WriteNumber("pageCount", (found.ItemCount + size - 1) / size);
            writer.WriteNumber("itemCount", found.ItemCount);
            writer.WriteEndObject();
            writer.WritePropertyName("items");
            WriteAll(writer, found.Records, caller);
            writer.WriteEndObject();
        });
    }

    private static Reply Settings(DataCaller caller) =>
        caller.Books.Query(BookCollections.AssetSettings, new BooksQuery()).Records is [var settings, ..] ? Json(writer => Write(writer, settings, caller)) : ErrorReplies.NotFound();

    private static bool Mentions(BookRecord record, string text) =>
        SearchedFields.Any(field => record.Field(field) is string value && value.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static void WriteAll(Utf8JsonWriter writer, IEnumerable<BookRecord> records, DataCaller caller)
    {
        writer.WriteStartArray();
        foreach (var record in records)
            Write(writer, record, caller);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, BookRecord record, DataCaller caller) =>
        record.WriteJson(writer, Envelope.Spelling(caller.Switches, record.Id, JsonSpelling.Default));

    private static Reply Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
            write(writer);
        return new Reply(200, Reply.JsonType, buffer.WrittenMemory);
    }
}
