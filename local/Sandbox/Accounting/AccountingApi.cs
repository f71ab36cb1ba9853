using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Accounting;

/// <summary>What a data call may know of its caller.</summary>
internal sealed record DataCaller(XeroApp App, Person Person, Organisation Organisation, IBooks Books, Switches Switches, DateTime Now);

/// <summary>GET under /api.xro/2.0.</summary>
internal static class AccountingApi
{
    private static readonly HashSet<string> GuardedLists = new(StringComparer.Ordinal) { "Invoices", "Contacts", "CreditNotes", "ManualJournals", "PurchaseOrders" };

    private static readonly HashSet<string> CheapFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "InvoiceID", "ContactID", "CreditNoteID", "ManualJournalID", "UpdatedDateUTC", "Date", "DueDate", "Status", "ContactStatus", "Type", "InvoiceNumber", "CreditNoteNumber",
        "Reference", "Contact.ContactID", "Contact.Name", "Contact.ContactNumber", "AmountDue", "AmountPaid", "Total", "Name", "EmailAddress", "AccountNumber", "ID",
    };

    /// <summary>Segments are the path below the root: endpoint, then id or name, then sub-list.</summary>
    public static Reply Get(DataCaller caller, IReadOnlyList<string> segments, IReadOnlyDictionary<string, string> query, string? ifModifiedSince)
    {
        try
        {
            if (segments is [var reports, var report] && reports.Equals("Reports", StringComparison.OrdinalIgnoreCase))
                return Report(caller, report, query);
            if (segments is [var organisation, var actions] && organisation.Equals("Organisation", StringComparison.OrdinalIgnoreCase) && actions.Equals("Actions", StringComparison.OrdinalIgnoreCase))
                return List(caller, new Endpoint("Organisation/Actions", BookCollections.OrganisationActions, "Actions", "Name", [], false, false, new HashSet<string>()), query, null);
            if (Endpoints.Find(segments[0]) is not { } endpoint)
                return ErrorReplies.NotFound();
            return segments.Count switch
            {
                1 => List(caller, endpoint, query, ifModifiedSince),
                2 => Single(caller, endpoint, segments[1], query),
                3 => Beneath(caller, endpoint, segments[1], segments[2]),
                _ => ErrorReplies.NotFound(),
            };
        }
        catch (QueryParseException exception)
        {
            return ErrorReplies.QueryParse(exception.Message);
        }
        catch (ArgumentException exception)
        {
            return ErrorReplies.Validation(exception.Message);
        }
    }

    private static Reply List(DataCaller caller, Endpoint endpoint, IReadOnlyDictionary<string, string> query, string? ifModifiedSince)
    {
        var switches = caller.Switches;
        var request = ListRequest.Read(endpoint, query, ifModifiedSince, switches);
        if (TooMuch(caller, endpoint, request))
            return ErrorReplies.HighVolume();
        var page = caller.Books.Query(endpoint.Collection, request.Query);
        if (!request.Paged && GuardedLists.Contains(endpoint.Name) && page.ItemCount > switches.HighVolumeRecords)
            return ErrorReplies.HighVolume();
        var pagination = request.Paged ? new Envelope.Pagination(request.Query.Page ?? 1, request.Query.PageSize, page.ItemCount) : null;
        if (pagination is { Page: > 1 } && pagination.Page > pagination.PageCount && switches.PagePastEndStatus == 404)
            return ErrorReplies.NotFound();
        var full = !endpoint.Paged || request.Paged || request.Query.Ids is not null;
        return Render(caller, endpoint, page.Records, pagination, new JsonSpelling { UnitDecimals = request.UnitDecimals, LineItems = full, Full = full, Summary = request.Summary });
    }

    private static bool TooMuch(DataCaller caller, Endpoint endpoint, ListRequest request)
    {
        var order = request.Query.OrderBy;
        var suspicious = request.Where is { } where && (where.CallsMethods || !where.Fields.All(CheapFields.Contains))
            || order is not null && (!IsCheapOrder(endpoint, order) || caller.Switches.HighVolumeRefusesIdOrder && order.Equals(endpoint.IdField, StringComparison.OrdinalIgnoreCase));
        return suspicious && !request.Incremental && GuardedLists.Contains(endpoint.Name)
            && caller.Books.Query(endpoint.Collection, new BooksQuery { Page = 1, PageSize = 1 }).ItemCount > caller.Switches.HighVolumeRecords;
    }

    private static bool IsCheapOrder(Endpoint endpoint, string order) =>
        order is "Id" || order.Equals(endpoint.IdField, StringComparison.OrdinalIgnoreCase) || order.ToUpperInvariant() is "UPDATEDDATEUTC" or "DATE";

    private static Reply Single(DataCaller caller, Endpoint endpoint, string key, IReadOnlyDictionary<string, string> query) =>
        Find(caller, endpoint, key) is { } record
            ? Render(caller, endpoint, [record], null, new JsonSpelling { UnitDecimals = query.GetValueOrDefault("unitdp") == "4" ? 4 : 2 })
            : ErrorReplies.NotFound();

    private static BookRecord? Find(DataCaller caller, Endpoint endpoint, string key)
    {
        if (Guid.TryParse(key, out var id))
            return caller.Books.Find(endpoint.Collection, id);
        if (endpoint.Numbers.Count == 0)
            return null;
        bool HasNumber(BookRecord record) => endpoint.Numbers.Any(field => record.Field(field) is string number && number.Equals(key, StringComparison.OrdinalIgnoreCase));
        return caller.Books.Query(endpoint.Collection, new BooksQuery { Filter = HasNumber, IncludeArchived = true, IncludeDeleted = true }).Records is [var first, ..] ? first : null;
    }

    /// <summary>Attachments and history of one record: known paths that a routine sync never walks.</summary>
    private static Reply Beneath(DataCaller caller, Endpoint endpoint, string key, string list)
    {
        if (Find(caller, endpoint, key) is null)
            return ErrorReplies.NotFound();
        return list.ToUpperInvariant() switch
        {
            "ATTACHMENTS" => Envelope.Of(caller.Now, caller.App.Name, "Attachments", caller.Switches, null, _ => { }),
            "HISTORY" => Envelope.Of(caller.Now, caller.App.Name, "HistoryRecords", caller.Switches, null, _ => { }),
            _ => ErrorReplies.NotFound(),
        };
    }

    private static Reply Report(DataCaller caller, string name, IReadOnlyDictionary<string, string> query)
    {
        var report = caller.Books.Report(name, query);
        return report is null
            ? ErrorReplies.NotFound()
            : Envelope.Of(caller.Now, caller.App.Name, "Reports", caller.Switches, null, writer => report.WriteTo(writer));
    }

    private static Reply Render(DataCaller caller, Endpoint endpoint, IReadOnlyList<BookRecord> records, Envelope.Pagination? pagination, JsonSpelling shape)
    {
        var hidesBank = endpoint.Name == "Contacts" && !caller.Person.CanSeeBankDetails;
        return Envelope.Of(caller.Now, caller.App.Name, endpoint.Envelope, caller.Switches, pagination, writer =>
        {
            foreach (var record in records)
            {
                var spelling = Envelope.Spelling(caller.Switches, record.Id, shape);
                if (hidesBank)
                    WriteWithoutBank(writer, record, spelling);
                else
                    record.WriteJson(writer, spelling);
            }
        });
    }

    private static void WriteWithoutBank(System.Text.Json.Utf8JsonWriter writer, BookRecord record, JsonSpelling spelling)
    {
        using var stream = new MemoryStream();
        using (var inner = new System.Text.Json.Utf8JsonWriter(stream, new() { SkipValidation = true }))
            record.WriteJson(inner, spelling);
        var json = JsonNode.Parse(stream.ToArray())!.AsObject();
        json.Remove("BankAccountDetails");
        json.Remove("BatchPayments");
        json.WriteTo(writer);
    }
}
