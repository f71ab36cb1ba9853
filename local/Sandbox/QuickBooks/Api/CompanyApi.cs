using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.Query;
using DataHealth.Local.Sandbox.QuickBooks.Reports;
using DataHealth.Local.Sandbox.QuickBooks.Wire;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.QuickBooks.Api;

/// <summary>What lies under /v3/company/{realmId}, once a call was let in.</summary>
internal static class CompanyApi
{
    public static Reply Answer(RealmCall call, RealmBooks books, QuickBooksSwitches switches, DateTime now)
    {
        var time = PacificTime.Millisecond(now);
        try
        {
            switch (call.Segments[3].ToLowerInvariant(), call.Method.ToUpperInvariant(), call.Segments.Count)
            {
                case ("query", "GET", 4):
                    return Json("QueryResponse", QueryApi.Run(books, call.Query.GetValueOrDefault("query") ?? "", switches), time);
                case ("query", "POST", 4):
                    return Json("QueryResponse", QueryApi.Run(books, call.Body.Length > 0 ? call.Body : call.Query.GetValueOrDefault("query") ?? "", switches), time);
                case ("cdc", "GET", 4):
                    return Json("CDCResponse", ChangesApi.Run(books, call.Query, switches, now), time);
                case ("batch", "POST", 4):
                    return Json("BatchItemResponse", BatchApi.Run(books, call.Body, switches), time);
                case ("companyinfo", "GET", 5):
                    return Json(EntityNames.CompanyInfo, books.Find(EntityNames.CompanyInfo, "1")!, time);
                case ("preferences", "GET", 4):
                    return Json(EntityNames.Preferences, books.Find(EntityNames.Preferences, "1")!, time);
                case ("reports", "GET", 5):
                    return FaultReplies.Json(200, ReportsApi.Run(books, call.Segments[4], call.Query, switches, now));
                case (var name, "GET", 5) when EntityNames.All.FirstOrDefault(entity => entity.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } entity:
                    return books.Find(entity, call.Segments[4]) is { } found
                        ? Json(entity, found, time)
                        : FaultReplies.NotFound($"Something you're trying to use has been made inactive or was deleted. Check the fields with accounts, customers, items, vendors or employees. ({entity} {call.Segments[4]})", now);
                default:
                    return FaultReplies.Unsupported($"{call.Method} {call.Segments[3]}", now);
            }
        }
        catch (QueryException exception)
        {
            return FaultReplies.Query(exception.Code, exception.Title, exception.Message, now);
        }
    }

    private static Reply Json(string name, JsonNode content, string time) => FaultReplies.Json(200, new JsonObject { [name] = content, ["time"] = time });
}
