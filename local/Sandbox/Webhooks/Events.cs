using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.Webhooks;

/// <summary>One event, numbered from 1 for each app.</summary>
internal sealed record HookEvent(long Sequence, string Collection, Guid ResourceId, Guid TenantId, string Category, string Type, DateTime AtUtc, JsonObject? Data)
{
    public JsonObject ToJson(Uri api)
    {
        var json = new JsonObject
        {
            ["resourceUrl"] = new Uri(api, $"/api.xro/2.0/{Collection}/{ResourceId}").AbsoluteUri,
            ["resourceId"] = ResourceId.ToString(),
            ["tenantId"] = TenantId.ToString(),
            ["tenantType"] = "ORGANISATION",
            ["eventCategory"] = Category,
            ["eventType"] = Type,
            ["eventDateUtc"] = AtUtc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture),
        };
        if (Data is not null)
            json["data"] = Data.DeepClone();
        return json;
    }
}

/// <summary>Which edits Xero tells of (facts 4): five categories, created and updated. What moves no UpdatedDateUTC, and what vanishes, is not told.</summary>
internal static class Events
{
    private static readonly Dictionary<string, string> ByCollection = new(StringComparer.Ordinal)
    {
        [BookCollections.Contacts] = "CONTACT",
        [BookCollections.Invoices] = "INVOICE",
        [BookCollections.CreditNotes] = "CREDITNOTE",
        [BookCollections.Prepayments] = "PREPAYMENT",
        [BookCollections.Overpayments] = "OVERPAYMENT",
    };

    public static IReadOnlyList<string> Categories { get; } = [.. ByCollection.Values];

    /// <summary>The events of one edit, not numbered yet.</summary>
    public static IEnumerable<HookEvent> Of(Guid tenantId, IBooks books, EditDone done)
    {
        if (done.Edit.Kind is EditKind.Silent or EditKind.Vanish)
            yield break;
        foreach (var touched in done.Touched)
        {
            if (!ByCollection.TryGetValue(touched.Collection, out var category) || books.Find(touched.Collection, touched.Id) is not { } record)
                continue;
            var type = done.Edit.Kind == EditKind.Create && touched.Id == done.Id ? "CREATE" : "UPDATE";
            var data = category == "CREDITNOTE" ? new JsonObject { ["Type"] = record.Field("Type") as string, ["Status"] = record.Status } : null;
            yield return new HookEvent(0, touched.Collection, touched.Id, tenantId, category, type, done.Edit.AtUtc, data);
        }
    }
}
